#include "records/lift/lifts.hpp"

#include "base/log.hpp"
#include "governance/zone.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr std::size_t kMaxKey = 128;  // bytes
constexpr std::int64_t kNoticesAtOnce = 64;

bool may_pass(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::storage_full || code == ErrorCode::internal;
}

std::unexpected<Error> disposed_of() {
  return fail(
      ErrorCode::not_found,
      "The item has been disposed of; there is nothing left to lift. / Inlägget är gallrat, det finns inget "
      "kvar att lyfta.");
}

std::unexpected<Error> wrong_count() {
  return fail(ErrorCode::invalid_param,
              "Lift between 1 and 200 items at once. / Lyft mellan 1 och 200 inlägg åt gången.");
}

Result<> check_shape(LiftRequest const& request) {
  if (request.key.key.empty() || request.key.key.size() > kMaxKey) {
    return fail(ErrorCode::invalid_param, "A lift has a key of at most 128 characters.");
  }
  if (request.event_ids.empty() || request.event_ids.size() > kMostLifted) {
    return wrong_count();
  }
  auto ids = request.event_ids;
  std::ranges::sort(ids);
  if (std::ranges::adjacent_find(ids) != ids.end())
    return fail(ErrorCode::invalid_param, "An item is named twice.");
  return {};
}

}  // namespace

Lifts::Lifts(LiftServices services)
    : services_(std::move(services)), tasks_(services_.runtime), notices_(services_.runtime) {}

void Lifts::start(UserNid service_user) {
  service_user_ = service_user;
  std::vector<Intent> intents;
  services_.database.read_now([&](db::Reader& reader) { intents = lift_store::pending(reader); });
  for (auto& intent : intents) tasks_.spawn("pending lift", take_up(std::move(intent)));
  send_notices();
}

Task<> Lifts::stop() {
  stopping_ = true;
  for (auto& [key, waiting] : waiting_) services_.runtime.cancel(waiting.timer);
  co_await tasks_.join();
}

Task<> Lifts::take_up(Intent intent) {
  auto const object = parse_json_object(intent.draft);
  auto draft = object ? parse_draft(*object) : Result<Draft>(std::unexpected(object.error()));
  if (!draft) {
    log(LogLevel::error, "a pending lift can't be read", {{"detail", draft.error().detail}});
    co_return;
  }
  std::vector<EventNid> items;
  for (auto const& id : intent.event_ids) {
    auto const event = co_await services_.rooms.event(EventId(id));
    if (event) items.push_back(event->nid);
  }
  LiftRequest request{intent.key, intent.room, intent.authority, std::move(intent.event_ids),
                      std::move(*draft)};
  if (!intent.originals.empty()) {
    auto const kept = parse_json_object(intent.originals);
    auto handover = kept ? parse_handover(*kept) : Result<Handover>(std::unexpected(kept.error()));
    if (handover) request.handover = std::move(*handover);
  }
  wait_for(std::move(request), std::move(items), intent.due_at);
}

Task<Result<ItemAccess>> Lifts::may_lift(UserNid by, RoomNid room, AuthorityId authority) {
  if (!services_.governance.may(by, governance::Act::register_record, authority)) {
    co_return fail(ErrorCode::forbidden, "You have no role in this authority's register.");
  }
  co_return co_await ItemAccess::of({services_.rooms, services_.database, services_.governance}, room, by,
                                    authority);
}

Task<Result<LiftOutcome>> Lifts::lift(LiftRequest request, CommitWhen when, std::set<std::string> confirmed) {
  if (auto shape = check_shape(request); !shape) co_return fail(std::move(shape));
  auto const access = co_await may_lift(request.key.by, request.room, request.authority);
  if (!access) co_return std::unexpected(access.error());
  auto const today = governance::day_of(services_.runtime.now());
  NeedsConfirmation needs;
  for (auto& what : confirmations(request.draft, request.event_ids.size(), today)) {
    if (!confirmed.contains(what)) needs.what.push_back(std::move(what));
  }
  if (!needs.what.empty()) co_return LiftOutcome(std::move(needs));
  request.handover.at = services_.runtime.now();
  auto handover = co_await look_at_handover(request, *access);
  if (!handover) co_return fail(std::move(handover));
  if (*handover) co_return LiftOutcome(std::move(**handover));
  auto intent =
      when == CommitWhen::now ? co_await commit(std::move(request)) : co_await put_off(std::move(request));
  if (!intent) co_return fail(std::move(intent));
  co_return LiftOutcome(std::move(*intent));
}

Task<Result<Intent>> Lifts::commit(LiftRequest request) {
  auto const key = request.key;
  auto gathered = co_await gather(std::move(request));
  if (!gathered) co_return fail(std::move(gathered));
  auto const due_at = gathered->record.at;
  auto committed = co_await services_.database.write(
      [work = std::move(*gathered)](db::Transaction& transaction) -> Result<Committed> {
        if (lift_store::gone(transaction, work.record.items)) return disposed_of();
        return commit_lift(transaction, work);
      });
  if (!committed) co_return fail(std::move(committed));
  forget(key);
  if (committed->elsewhere) co_return co_await this->intent(key);
  send_notices();
  Intent intent;
  intent.key = key;
  intent.state = IntentState::committed;
  intent.due_at = due_at;
  intent.record = committed->record;
  intent.number = std::move(committed->number);
  co_return intent;
}

Task<Result<Intent>> Lifts::put_off(LiftRequest request) {
  // Gathering now finds what is wrong while the person still looks; it is done again at the commit.
  auto gathered = co_await gather(request);
  if (!gathered) co_return fail(std::move(gathered));
  auto const due_at = services_.runtime.now() + kUndo;
  auto stored = co_await services_.database.write(
      [request, due_at, items = gathered->record.items](db::Transaction& transaction) -> Result<Intent> {
        auto before = lift_store::intent(transaction, request.key);
        if (before) return std::move(*before);
        if (lift_store::gone(transaction, items)) return disposed_of();
        auto free = refuse_registered(transaction, request.room, request.authority, items);
        if (!free) return fail(std::move(free));
        lift_store::add_pending(transaction, request, due_at);
        return lift_store::intent(transaction, request.key).value();
      });
  if (!stored) co_return fail(std::move(stored));
  if (stored->state == IntentState::pending && !waiting_.contains(request.key)) {
    wait_for(std::move(request), std::move(gathered->record.items), stored->due_at);
  }
  co_return std::move(*stored);
}

void Lifts::wait_for(LiftRequest request, std::vector<EventNid> items, Instant due_at) {
  auto const key = request.key;
  waiting_.insert_or_assign(key, Waiting{std::move(request), std::move(items), due_at, {}});
  arm(key, std::max(due_at - services_.runtime.now(), std::chrono::milliseconds(0)));
}

void Lifts::arm(IntentKey const& key, std::chrono::milliseconds in) {
  auto const found = waiting_.find(key);
  if (found == waiting_.end() || stopping_) return;
  found->second.timer = services_.runtime.schedule(services_.runtime.steady_now() + in,
                                                   [this, key] { tasks_.spawn("due lift", run_due(key)); });
}

void Lifts::forget(IntentKey const& key) {
  auto const found = waiting_.find(key);
  if (found == waiting_.end()) return;
  services_.runtime.cancel(found->second.timer);
  waiting_.erase(found);
}

Task<> Lifts::run_due(IntentKey key) {
  auto const found = waiting_.find(key);
  if (found == waiting_.end()) co_return;  // committed or cancelled meanwhile
  auto done = co_await commit(found->second.request);
  if (done) co_return;
  if (may_pass(done.error().code)) {
    arm(key, kRetry);
    co_return;
  }
  auto const problem = done.error().message;
  auto cancelled =
      co_await services_.database.write([key, problem](db::Transaction& transaction) -> Result<bool> {
        return lift_store::cancel(transaction, key, problem);
      });
  if (!cancelled) {
    arm(key, kRetry);
    co_return;
  }
  forget(key);
}

Task<Result<Intent>> Lifts::intent(IntentKey key) {
  auto found =
      co_await services_.database.read([key](db::Reader& reader) { return lift_store::intent(reader, key); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "You have no lift with this key.");
  co_return std::move(**found);
}

Task<Result<Intent>> Lifts::commit_now(IntentKey key) {
  auto const found = waiting_.find(key);
  if (found != waiting_.end()) co_return co_await commit(found->second.request);
  auto done = co_await intent(key);
  if (done && done->state == IntentState::cancelled)
    co_return fail(ErrorCode::conflict, "The lift was cancelled.");
  co_return done;
}

Task<Result<Intent>> Lifts::cancel(IntentKey key) {
  auto done = co_await services_.database.write([key](db::Transaction& transaction) -> Result<Intent> {
    auto before = lift_store::intent(transaction, key);
    if (!before) return fail(ErrorCode::not_found, "You have no lift with this key.");
    if (before->state == IntentState::committed) {
      return fail(ErrorCode::conflict, "It is registered as " + before->number + ". Correct it instead.");
    }
    static_cast<void>(lift_store::cancel(transaction, key, ""));  // already cancelled: it stays so
    return lift_store::intent(transaction, key).value();
  });
  if (done) forget(key);
  co_return done;
}

Task<Result<LiftPreview>> Lifts::preview(UserNid by, RoomNid room, Selection selection, AuthorityId authority,
                                         Handover handover) {
  auto const* ids = std::get_if<std::vector<std::string>>(&selection);
  if (ids != nullptr && (ids->empty() || ids->size() > kMostLifted)) {
    co_return wrong_count();
  }
  auto const access = co_await may_lift(by, room, authority);
  if (!access) co_return std::unexpected(access.error());
  auto events = co_await select_items(services_.rooms, room, *access, std::move(selection));
  if (!events) co_return fail(std::move(events));
  std::vector<EventNid> nids;
  for (auto const& event : *events) nids.push_back(event.nid);
  auto const missing =
      co_await services_.database.read([nids](db::Reader& reader) { return lift_store::gone(reader, nids); });
  if (!missing) co_return std::unexpected(missing.error());
  if (*missing) co_return disposed_of();
  if (auto noted = co_await note_opened(by, authority, *events); !noted) co_return fail(std::move(noted));
  std::ranges::sort(*events, {}, &matrix::RoomEvent::position);
  co_return co_await preview_items(authority, room, std::move(*events), std::move(handover));
}

/// What its author took away opens with a note in the audit log (architecture, decision 15).
Task<Result<>> Lifts::note_opened(UserNid by, AuthorityId authority,
                                  std::vector<matrix::RoomEvent> const& events) {
  std::vector<EventNid> sealed;
  for (auto const& event : events) {
    if (event.redacted_by) sealed.push_back(event.nid);
  }
  if (sealed.empty()) co_return Result<>{};
  co_return co_await services_.database.write(
      [by, authority, sealed, at = services_.runtime.now()](db::Transaction& transaction) -> Result<> {
        for (auto const event : sealed) {
          governance::Governance::audit(transaction, at, by, "sealed.opened",
                                        {{"event", event.value}, {"authority", authority.value}});
        }
        return {};
      });
}

std::vector<PendingIntent> Lifts::pending(std::vector<EventNid> const& events) const {
  std::vector<PendingIntent> found;
  for (auto const& [key, waiting] : waiting_) {  // a handful: each waits ten seconds
    for (auto const item : waiting.items) {
      if (std::ranges::find(events, item) == events.end()) continue;
      found.push_back({item, waiting.request.authority, key.key, "pending", waiting.due_at});
    }
  }
  return found;
}

void Lifts::send_notices() {
  notices_due_ = true;
  if (sending_ || stopping_) return;
  sending_ = true;
  tasks_.spawn("record notices", notice_loop());
}

Task<> Lifts::notice_loop() {
  while (notices_due_ && !stopping_) {
    notices_due_ = false;  // set again by whoever commits while this reads
    auto waiting = co_await services_.database.read(
        [](db::Reader& r) { return lift_store::notices(r, kNoticesAtOnce); });
    if (!waiting) break;  // a failing database says so elsewhere; the next lift tries again
    if (waiting->empty()) continue;
    notices_due_ = true;
    // Together, so that they share a commit.
    for (auto const& notice : *waiting) notices_.spawn("record notice", send(notice));
    co_await notices_.join();
    auto const last = waiting->back().record;
    auto removed = co_await services_.database.write([last](db::Transaction& transaction) -> Result<> {
      lift_store::remove_notices(transaction, last);
      return {};
    });
    if (!removed) break;
  }
  sending_ = false;
}

Task<> Lifts::send(Notice notice) {
  auto const* authority = services_.governance.authority(notice.authority);
  if (authority == nullptr || notice.event_ids.empty()) co_return;
  json::array items;
  for (auto const& id : notice.event_ids) items.emplace_back(id);
  matrix::SendEvent event;
  event.room = notice.room;
  event.sender = service_user_;
  event.type = "org.torg.record";
  event.content = {
      {"record", json::object{{"number", notice.number}, {"authority", authority->code}}},
      {"items", std::move(items)},
      {"m.relates_to", json::object{{"rel_type", "m.reference"}, {"event_id", notice.event_ids.front()}}}};
  // A room that the service user is not in learns of the record when its clients ask; nothing is lost.
  auto const sent = co_await services_.rooms.send(std::move(event));
  if (!sent) log(LogLevel::info, "a room got no notice of a record", {{"why", sent.error().message}});
}

}  // namespace torg::records
