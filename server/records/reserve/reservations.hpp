#pragma once
#include "records/register/register.hpp"
#include "records/reserve/reserve.hpp"

namespace torg::records {

/// Reserving numbers and declaring them void, for registrars; seeing them, for those who work there. Called
/// on the executor only.
class Reservations {
 public:
  static constexpr int kMostAtOnce = 100;
  static constexpr int kPage = 50;

  Reservations(Runtime& runtime, db::Database& database, governance::Governance const& governance,
               Register& records, People people)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        register_(records),
        people_(std::move(people)) {}

  struct Wish {
    UserNid by;
    std::string key;
    AuthorityId authority;
    int count = 0;
    std::string record_type;  ///< chooses the series
    std::string reason;
  };
  /// The same key again gives the same numbers. `forbidden` for others than registrars, `invalid_param` for a
  /// count that isn't 1 to `kMostAtOnce`, `rule_refuses`.
  Task<Result<Reservation>> reserve(Wish wish);
  /// `missing_param` without a reason; else as `declare_void`.
  Task<Result<>> declare_void(UserNid by, AuthorityId authority, std::vector<std::string> numbers,
                              std::string reason);
  /// `not_found` for those who don't work there.
  [[nodiscard]] Task<Result<Reservation>> find(UserNid by, std::int64_t id);
  [[nodiscard]] Task<Result<std::vector<Reservation>>> list(UserNid by, AuthorityId authority,
                                                            std::optional<ReservedState> state,
                                                            std::int64_t before);

 private:
  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  Register& register_;
  People people_;
};

}  // namespace torg::records
