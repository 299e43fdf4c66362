#pragma once
#include "db/database.hpp"
#include "records/log/log.hpp"
#include "records/register/number_pattern.hpp"
#include "records/rules/types.hpp"

#include <span>

// Numbers for days on which Torg does not answer: taken from the series in advance, printed, written on
// paper, entered later. Those that nobody used are declared void. So each number of a series has an answer,
// and the log has it too.
namespace torg::records {

/// The kinds of their entries in the log.
inline constexpr std::string_view kReservationEntry = "reservation", kVoidEntry = "void";

enum class ReservedState : std::uint8_t { open, used, voided };
/// `open`, `used`, `void`
[[nodiscard]] std::string_view to_text(ReservedState state);
[[nodiscard]] std::optional<ReservedState> parse_reserved_state(std::string_view text);

/// A number kept for a record in a case of its own.
struct ReservedNumber {
  std::string number, case_number;
  std::int64_t reservation = 0;
  AuthorityId authority;
  std::int64_t series = 0;
  std::string pattern;  ///< that the number was written by
  int year = 0;
  std::int64_t document = 0;  ///< 0 in a series that does not count documents
  ReservedState state = ReservedState::open;
  RecordId record;     ///< that used it; 0: none has
  std::string reason;  ///< why it is void
  Instant settled_at{};
  UserNid settled_by;
};

struct Reservation {
  std::int64_t id = 0;
  AuthorityId authority;
  Instant at{};
  UserNid by;
  std::string reason;
  std::int64_t log_index = 0;
  std::vector<ReservedNumber> numbers;
};

struct Reserve {
  AuthorityId authority;
  std::string code;
  std::int64_t series = 0;
  NumberPattern pattern = NumberPattern::standard();
  int count = 0;
  std::string reason;
  std::string key;  ///< the client's: the same one again is the same reservation
  UserNid by;
  std::string by_id;
  Instant at{};
  int year = 0;
  SaltSeed seed;
};
/// Takes the next numbers of the series, and says so in the log. In the lane. `rule_refuses` in a series
/// whose numbers hold the class, which nobody knows yet. @return its id
[[nodiscard]] Result<std::int64_t> reserve(db::Transaction& transaction, Reserve const& request);

struct VoidNumbers {
  AuthorityId authority;
  std::string code;
  std::vector<std::string> numbers;
  std::string reason;
  UserNid by;
  std::string by_id;
  Instant at{};
  SaltSeed seed;
};
/// Declares that nobody used them, and says so in the log; they are never given again. In the lane. All or
/// none: `not_found` for what isn't reserved here, `conflict` for what is used or void already.
[[nodiscard]] Result<> declare_void(db::Transaction& transaction, VoidNumbers const& request);

/// All SQL of reserved numbers.
namespace reserve_store {

[[nodiscard]] std::optional<ReservedNumber> find(db::Reader& reader, std::string_view number);
/// `not_found`, or `conflict` when it is not open.
[[nodiscard]] Result<ReservedNumber> open_number(db::Reader& reader, AuthorityId authority,
                                                 std::string_view number);
void set_used(db::Transaction& transaction, std::string_view number, RecordId record, Instant at, UserNid by);
[[nodiscard]] std::optional<std::int64_t> of_key(db::Reader& reader, UserNid by, std::string_view key);
/// With its numbers, in order.
[[nodiscard]] std::optional<Reservation> reservation(db::Reader& reader, std::int64_t id);
/// Newest first, those made before `before`, at most `limit`; with only the numbers in `state` when it is
/// given.
[[nodiscard]] std::vector<Reservation> list(db::Reader& reader, AuthorityId authority,
                                            std::optional<ReservedState> state, std::int64_t before,
                                            int limit);

/// For verification: which rows an entry of the log tells of, and which rows tell of an entry.
struct Told {
  std::string number;
  std::int64_t reserved_at = 0;           ///< place in the log
  std::optional<std::int64_t> voided_at;  ///< place in the log
  ReservedState state = ReservedState::open;
  std::optional<std::string> record_number;  ///< of the record that used it, when it is there
  bool registered = false;                   ///< some record bears this number
};
/// Whether the database knows of reserved numbers: one that an older version left does not, and is verified
/// as it is.
[[nodiscard]] bool is_known(db::Reader& reader);
/// At most `limit` after `after`, by number.
[[nodiscard]] std::vector<Told> told(db::Reader& reader, std::string_view after, std::int64_t limit);
[[nodiscard]] bool tells(db::Reader& reader, std::int64_t log_index);

}  // namespace reserve_store

/// Slice `reserve`.
[[nodiscard]] std::span<db::Migration const> reserve_migrations();

}  // namespace torg::records
