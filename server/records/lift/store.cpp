#include "records/external/handover.hpp"
#include "records/lift/intents.hpp"
#include "records/register/contains.hpp"

#include <stdexcept>

namespace torg::records {

std::string_view to_text(IntentState state) {
  switch (state) {
    case IntentState::pending:
      return "pending";
    case IntentState::committed:
      return "committed";
    case IntentState::cancelled:
      return "cancelled";
  }
  return "";
}

namespace lift_store {
namespace {

#define TORG_INTENT                                                                                         \
  "SELECT i.by_user, i.client_key, i.state, i.due_at, i.record, r.number, i.problem, i.room, i.authority, " \
  "i.event_ids, i.draft, i.handover FROM lift_intent i LEFT JOIN register_record r ON r.id = i.record "     \
  "WHERE "
constexpr db::Statement kIntent{TORG_INTENT "i.by_user = $1 AND i.client_key = $2"};
constexpr db::Statement kPending{TORG_INTENT "i.state = 0 ORDER BY i.due_at, i.by_user, i.client_key"};
constexpr db::Statement kAdd{
    "INSERT INTO lift_intent (by_user, client_key, state, due_at, authority, room, event_ids, draft, record, "
    "handover, problem) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')"};
// `state = 0` decides between a timer, an Enter and a cancel that come at the same time: one of them finds
// the row.
constexpr db::Statement kCommit{
    "UPDATE lift_intent SET state = 1, record = $1, draft = '', handover = '' WHERE by_user = $2 AND "
    "client_key = $3 AND "
    "state = 0"};
constexpr db::Statement kCancel{
    "UPDATE lift_intent SET state = 2, problem = $1, draft = '', handover = '' WHERE by_user = $2 AND "
    "client_key = $3 AND "
    "state = 0"};
// Disposal takes the content; of the header a skeleton can stay (docs/adr/0003).
constexpr db::Statement kHasContent{"SELECT COUNT(*) FROM event_content WHERE nid = $1"};
constexpr db::Statement kSameFile{
    "SELECT DISTINCT r.id, r.number, r.title FROM register_file f JOIN register_record r ON r.id = f.record "
    "WHERE f.blob = $1 AND r.authority = $2 AND r.disposed = 0 ORDER BY r.id DESC LIMIT 5"};
constexpr db::Statement kAddHandover{
    "INSERT INTO lift_handover (record, by_user, device, at, files) VALUES ($1, $2, $3, $4, $5)"};
constexpr db::Statement kHandover{"SELECT by_user, device, at, files FROM lift_handover WHERE record = $1"};
constexpr db::Statement kAddNotice{
    "INSERT INTO lift_notice (record, room, authority, number, event_ids) VALUES ($1, $2, $3, $4, $5)"};
constexpr db::Statement kNotices{
    "SELECT record, room, authority, number, event_ids FROM lift_notice ORDER BY record LIMIT $1"};
constexpr db::Statement kRemoveNotices{"DELETE FROM lift_notice WHERE record <= $1"};

std::string ids_text(std::vector<std::string> const& ids) {
  json::array array;
  for (auto const& id : ids) array.emplace_back(id);
  return json::serialize(array);
}

std::vector<std::string> parse_ids(std::string_view text) {
  auto const value = parse_json(text);
  if (!value || !value->is_array()) throw std::runtime_error("the items of an intent are broken");
  std::vector<std::string> ids;
  for (auto const& id : value->get_array()) ids.emplace_back(id.as_string());
  return ids;
}

Intent to_intent(db::Row const& row) {
  Intent intent;
  intent.key = {row.number<UserNid>(0), row.string(1)};
  intent.state = static_cast<IntentState>(row.integer(2));
  intent.due_at = instant_from_ms(row.integer(3));
  intent.record = row.number<RecordId>(4);
  intent.number = row.string(5);
  intent.problem = row.string(6);
  intent.room = row.number<RoomNid>(7);
  intent.authority = row.number<AuthorityId>(8);
  intent.event_ids = parse_ids(row.text(9));
  intent.draft = row.string(10);
  intent.originals = row.string(11);
  return intent;
}

void add(db::Transaction& transaction, LiftRequest const& request, IntentState state, Instant due_at,
         std::string_view draft, std::string_view handover, std::optional<RecordId> record) {
  transaction.execute(
      kAdd, {request.key.by, request.key.key, static_cast<int>(state), to_ms(due_at), request.authority,
             request.room, ids_text(request.event_ids), draft, record, handover});
}

}  // namespace

std::optional<Intent> intent(db::Reader& reader, IntentKey const& key) {
  auto found = reader.query_one(kIntent, {key.by, key.key}, to_intent);
  if (!found || found->record || found->state != IntentState::committed) return found;
  found->handover = handover_store::of_intent(reader, key);
  if (found->handover) found->number = found->handover->number;
  return found;
}

void add_pending(db::Transaction& transaction, LiftRequest const& request, Instant due_at) {
  add(transaction, request, IntentState::pending, due_at, json::serialize(to_json(request.draft)),
      request.handover.originals.empty() ? "" : json::serialize(to_json(request.handover)), std::nullopt);
}

void add_committed(db::Transaction& transaction, LiftRequest const& request, Instant at,
                   std::optional<RecordId> record) {
  add(transaction, request, IntentState::committed, at, "", "", record);
}

bool commit_pending(db::Transaction& transaction, IntentKey const& key, std::optional<RecordId> record) {
  return transaction.execute(kCommit, {record, key.by, key.key}) == 1;
}

bool cancel(db::Transaction& transaction, IntentKey const& key, std::string_view problem) {
  return transaction.execute(kCancel, {problem, key.by, key.key}) == 1;
}

std::vector<Intent> pending(db::Reader& reader) {
  std::vector<Intent> found;
  reader.query(kPending, {}, [&](db::Row const& row) { found.push_back(to_intent(row)); });
  return found;
}

EventNid gone(db::Reader& reader, std::span<EventNid const> events) {
  for (auto const event : events) {  // by its key; a lift has few
    auto const count =
        reader.query_one(kHasContent, {event}, [](db::Row const& row) { return row.integer(0); });
    if (count.value_or(0) == 0) return event;
  }
  return {};
}

std::vector<RecordCandidate> with_same_files(db::Reader& reader, AuthorityId authority,
                                             std::vector<DraftItem> const& items) {
  std::vector<RecordCandidate> found;
  for (auto const& item : items) {
    for (auto const& file : item.attachments) {  // by the index of blobs; a lift has few files
      if (file.blob.empty()) continue;
      reader.query(kSameFile, {file.blob, authority}, [&](db::Row const& row) {
        if (!contains(found, row.string(1), &RecordCandidate::number))
          found.push_back({row.string(1), row.string(2), {}});
      });
    }
  }
  return found;
}

void add_handover(db::Transaction& transaction, RecordId record, HandoverRow const& row) {
  transaction.execute(kAddHandover, {record, row.by, row.device, to_ms(row.at), row.files});
}

std::optional<HandoverRow> handover(db::Reader& reader, RecordId record) {
  return reader.query_one(kHandover, {record}, [](db::Row const& row) {
    return HandoverRow{row.number<UserNid>(0), row.string(1), instant_from_ms(row.integer(2)),
                       row.integer(3)};
  });
}

void add_notice(db::Transaction& transaction, Notice const& notice) {
  transaction.execute(
      kAddNotice, {notice.record, notice.room, notice.authority, notice.number, ids_text(notice.event_ids)});
}

std::vector<Notice> notices(db::Reader& reader, std::int64_t limit) {
  std::vector<Notice> found;
  reader.query(kNotices, {limit}, [&](db::Row const& row) {
    found.push_back({row.number<RecordId>(0), row.number<RoomNid>(1), row.number<AuthorityId>(2),
                     row.string(3), parse_ids(row.text(4))});
  });
  return found;
}

void remove_notices(db::Transaction& transaction, RecordId up_to) {
  transaction.execute(kRemoveNotices, {up_to});
}

}  // namespace lift_store
}  // namespace torg::records
