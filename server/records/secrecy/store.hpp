#pragma once
#include "db/database.hpp"
#include "records/register/views.hpp"

namespace torg::records {

/// What a marking of this slice stands on: a case, or one file of a record. A record's own is a field of it.
struct MarkedThing {
  enum class Kind : std::uint8_t { a_case, file };
  Kind kind = Kind::a_case;
  std::int64_t subject = 0;  ///< the case's id, or the record's
  std::int64_t n = 0;        ///< the file's place in its record; 0 for a case
};
[[nodiscard]] inline MarkedThing marked_case(CaseId id) { return {MarkedThing::Kind::a_case, id.value, 0}; }
[[nodiscard]] inline MarkedThing marked_file(RecordId record, int n) {
  return {MarkedThing::Kind::file, record.value, n};
}

/// A marking with its history; never changed, only ended.
struct Mark {
  Secrecy secrecy;
  Instant at{};
  UserNid by;
  std::optional<Instant> ended_at;
  UserNid ended_by;    ///< 0 while it holds
  std::string reason;  ///< why it ended
};

/// All SQL of markings; the table is made with the register's (its lists read it).
namespace secrecy_store {

[[nodiscard]] std::optional<Mark> open_mark(db::Reader& reader, MarkedThing thing);
/// All there were, the newest first.
[[nodiscard]] std::vector<Mark> marks(db::Reader& reader, MarkedThing thing);
void add(db::Transaction& transaction, MarkedThing thing, Mark const& mark);
/// @return whether there was one to end
[[nodiscard]] bool end(db::Transaction& transaction, MarkedThing thing, Instant at, UserNid by,
                       std::string_view reason);
/// With a disposal: what was noted about the files goes with them.
void forget_files(db::Transaction& transaction, RecordId record);

}  // namespace secrecy_store

}  // namespace torg::records
