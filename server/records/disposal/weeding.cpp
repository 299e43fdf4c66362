#include "records/disposal/weeding.hpp"

#include "base/log.hpp"
#include "governance/zone.hpp"
#include "records/assessment/item.hpp"

#include <algorithm>

namespace torg::records {
namespace {

/// When the night's run starts, local time.
constexpr std::chrono::hours kNight{2};
constexpr std::size_t kPage = 200;

}  // namespace

Instant Weeding::next_night() const {
  auto const now = runtime_.now();
  auto const today = governance_.today();
  auto const tonight = governance::start_of(today) + kNight;
  return now < tonight ? tonight : governance::start_of(today + std::chrono::days{1}) + kNight;
}

void Weeding::schedule() {
  auto const wait = next_night() - runtime_.now();
  timer_ = runtime_.schedule(runtime_.steady_now() + wait, [this] { tasks_.spawn("weeding", nightly()); });
}

void Weeding::start() {
  auto sweep = [](Destroyer& destroyer) -> Task<> {
    if (auto const swept = co_await destroyer.sweep(); !swept) {
      log(LogLevel::error, "what a disposal left could not be removed", {{"detail", swept.error().detail}});
    }
  };
  tasks_.spawn("sweep after disposal", sweep(destroyer_));
  schedule();
}

Task<> Weeding::stop() {
  runtime_.cancel(timer_);
  co_await tasks_.join();
}

Task<> Weeding::nightly() {
  auto const ran = co_await run({}, std::nullopt);
  if (!ran && ran.error().code != ErrorCode::bad_state) {
    log(LogLevel::error, "weeding failed; it is tried again tomorrow night",
        {{"detail", ran.error().detail}});
  }
  schedule();
}

Task<Result<Weeding::Status>> Weeding::status() {
  static constexpr std::int64_t kRuns = 100;
  co_return co_await database_.read([next = next_night()](db::Reader& reader) {
    return Status{disposal_store::weeding_paused(reader), next, disposal_store::weeding_runs(reader, kRuns)};
  });
}

Task<Result<>> Weeding::pause(UserNid by, bool paused) {
  co_return co_await database_.write(
      [by, paused, at = runtime_.now()](db::Transaction& transaction) -> Result<> {
        disposal_store::pause_weeding(transaction, paused);
        governance::Governance::audit(transaction, at, by, paused ? "weeding.paused" : "weeding.resumed", {});
        return {};
      });
}

std::vector<governance::Plan> Weeding::rules() const {
  std::vector<governance::Plan> found;
  for (auto const* plan : governance_.plans_in_force()) {
    if (is_weeded(*plan, governance_.taking_part(plan->room).outsiders)) found.push_back(*plan);
  }
  return found;
}

Task<Result<std::vector<WeedingRun>>> Weeding::run(UserNid by, std::optional<RoomNid> room) {
  if (running_) co_return fail(ErrorCode::conflict, "Weeding is under way already.");
  auto plans = rules();
  if (room) std::erase_if(plans, [&](auto const& plan) { return plan.room != *room; });
  if (room && plans.empty()) co_return fail(ErrorCode::not_found, "This room has no rule for weeding.");
  auto const paused =
      co_await database_.read([](db::Reader& reader) { return disposal_store::weeding_paused(reader); });
  if (!paused) co_return std::unexpected(paused.error());
  if (*paused) co_return fail(ErrorCode::bad_state, "Weeding is paused.");
  running_ = true;
  auto runs = co_await weed_rooms(by, std::move(plans));
  running_ = false;
  co_return runs;
}

Task<Result<std::vector<WeedingRun>>> Weeding::weed_rooms(UserNid by, std::vector<governance::Plan> plans) {
  std::vector<WeedingRun> runs;
  for (auto const& plan : plans) {
    auto run = co_await weed_room(by, plan);
    if (!run) co_return std::unexpected(run.error());
    if (run->items > 0) runs.push_back(*run);
  }
  if (auto const swept = co_await destroyer_.sweep(); !swept) co_return std::unexpected(swept.error());
  co_return runs;
}

/// Items old enough, in order; the first that is too young ends the room.
Task<Result<Weeding::Page>> Weeding::next_page(governance::Plan const& plan, Position after) {
  auto const after_days = std::chrono::days{plan.weed_after_days};
  auto const room = plan.room;
  auto const events = co_await rooms_.timeline(room, after, database_.last_position(), kPage);
  if (!events) co_return std::unexpected(events.error());
  Page page{{}, after, events->size() == kPage};
  auto const today = governance_.today();
  for (auto const& event : *events) {
    auto const age = today - governance::day_of(instant_from_ms(event.origin_server_ts));
    if (age < after_days) {
      page.more = false;
      break;
    }
    page.last = event.position;
    // Edits and reactions go with what they are about; a skeleton has gone already.
    bool const stands_alone = !event.content.empty() && read_item(event) && !belongs_to_another(event);
    if (stands_alone) page.candidates.push_back({event.nid, age});
  }
  co_return page;
}

Task<Result<matrix::Destroyed>> Weeding::weed_page(governance::Plan plan, Page page, WeedingRun& run,
                                                   bool& all_settled) {
  std::vector<EventNid> nids;
  for (auto const& aged : page.candidates) nids.push_back(aged.event);
  auto const lifted = being_lifted(destroyer_.links(), nids);
  auto const at = runtime_.now();
  auto const judged =
      co_await database_.read([plan, lifted, at, candidates = page.candidates](db::Reader& reader) {
        return judge_weeding(reader, plan, candidates, at, lifted);
      });
  if (!judged) co_return std::unexpected(judged.error());
  auto const doomed = co_await destroyer_.gather({{plan.room, judged->weed}});
  if (!doomed) co_return std::unexpected(doomed.error());
  all_settled = all_settled && judged->kept_for_now.empty();
  auto const start = all_settled ? std::optional(page.last) : std::nullopt;
  struct Done {
    matrix::Destroyed destroyed;
    std::vector<DoomedItem> items;
  };
  auto const done =
      co_await database_.write([plan, page, lifted, at, start, doomed = *doomed,
                                server = destroyer_.server_name()](db::Transaction& t) -> Result<Done> {
        // A hold, a request or a lift may have come since: what is still free now goes, and nothing else.
        auto const now = judge_weeding(t, plan, page.candidates, at, lifted);
        Done result;
        for (auto const& item : doomed) {
          if (std::ranges::find(now.weed, item.event) != now.weed.end()) result.items.push_back(item);
        }
        if (!result.items.empty()) result.destroyed = Destroyer::destroy(t, result.items, server, at);
        if (start) disposal_store::set_weeding_start(t, plan.room, *start);
        return result;
      });
  if (!done) co_return std::unexpected(done.error());
  run.items += static_cast<std::int64_t>(done->items.size());
  run.removed += done->destroyed.removed;
  run.skeletons += done->destroyed.skeletons;
  if (!done->items.empty()) destroyer_.forget(done->items);
  co_return done->destroyed;
}

Task<Result<WeedingRun>> Weeding::weed_room(UserNid by, governance::Plan plan) {
  auto const start = co_await database_.read(
      [room = plan.room](db::Reader& reader) { return disposal_store::weeding_start(reader, room); });
  if (!start) co_return std::unexpected(start.error());
  WeedingRun run{runtime_.now(), by, plan.room, 0, 0, 0};
  bool all_settled = true;
  Page page{{}, *start, true};
  while (page.more) {
    auto next = co_await next_page(plan, page.last);
    if (!next) co_return std::unexpected(next.error());
    page = std::move(*next);
    if (page.candidates.empty()) continue;
    auto const weeded = co_await weed_page(plan, page, run, all_settled);
    if (!weeded) co_return std::unexpected(weeded.error());
  }
  if (run.items == 0) co_return run;
  auto const noted = co_await database_.write([run](db::Transaction& transaction) -> Result<> {
    disposal_store::add_weeding_run(transaction, run);
    governance::Governance::audit(transaction, run.at, run.by, "weeding.ran",
                                  {{"room", run.room.value},
                                   {"items", run.items},
                                   {"removed", run.removed},
                                   {"skeletons", run.skeletons}});
    return {};
  });
  if (!noted) co_return std::unexpected(noted.error());
  co_return run;
}

}  // namespace torg::records
