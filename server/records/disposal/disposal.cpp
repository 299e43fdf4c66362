#include "records/disposal/disposal.hpp"

#include "governance/zone.hpp"
#include "records/assessment/item.hpp"

#include <algorithm>
#include <set>

namespace torg::records {

namespace {

constexpr std::size_t kSample = 20;

std::vector<std::pair<RoomNid, EventNid>> flatten(ItemsByRoom const& items) {
  std::vector<std::pair<RoomNid, EventNid>> all;
  for (auto const& [room, events] : items) {
    for (auto const event : events) all.emplace_back(room, event);
  }
  return all;
}

std::vector<EventNid> nids(std::vector<DoomedItem> const& items) {
  std::vector<EventNid> found;
  for (auto const& item : items) found.push_back(item.event);
  return found;
}

std::int64_t count_of(ItemsByRoom const& items) {
  std::int64_t count = 0;
  for (auto const& [room, events] : items) count += static_cast<std::int64_t>(events.size());
  return count;
}

}  // namespace

Result<> DisposalService::may(UserNid by, governance::Act act, AuthorityId authority) const {
  if (governance_.may(by, act, authority)) return {};
  if (act != governance::Act::order_disposal &&
      !governance_.may(by, governance::Act::see_disposals, authority))
    return fail(ErrorCode::not_found, "There is no such disposal.");
  return fail(ErrorCode::forbidden, "Only archivists of the authority dispose of its records.");
}

std::vector<governance::Plan> DisposalService::covered(DisposalTerms const& terms) const {
  std::vector<governance::Plan> plans;
  for (auto const* plan : governance_.plans_in_force()) {
    if (covers(*plan, terms)) plans.push_back(*plan);
  }
  return plans;
}

std::size_t DisposalService::random_below(std::size_t limit) {
  std::uint64_t number = 0;
  runtime_.fill_random({reinterpret_cast<unsigned char*>(&number), sizeof number});
  return static_cast<std::size_t>(number % limit);
}

Task<Result<DisposalService::Selection>> DisposalService::select(DisposalTerms terms) {
  auto found =
      co_await database_.read([plans = covered(terms), terms, now = runtime_.now()](db::Reader& reader) {
        Selection selection;
        for (auto const& plan : plans) {
          auto const events = disposal_store::items_with(reader, plan.room, terms.authority, terms.handling);
          for (auto const& [event, stop] : judge(reader, plan, terms, events, now, {})) {
            if (stop)
              ++selection.stopped[*stop];
            else
              selection.items[plan.room].push_back(event);
          }
        }
        return selection;
      });
  if (!found) co_return found;
  for (auto& [room, events] : found->items) {
    auto const lifted = being_lifted(destroyer_.links(), events);
    if (lifted.empty()) continue;
    found->stopped[Stop::being_lifted] += static_cast<std::int64_t>(lifted.size());
    std::erase_if(events, [&](EventNid event) { return lifted.contains(event); });
  }
  co_return found;
}

/// Twenty items at random, without repetition; what is gone meanwhile is left out.
Task<Result<std::vector<SampleItem>>> DisposalService::draw(ItemsByRoom items) {
  auto all = flatten(items);
  std::vector<SampleItem> sample;
  for (std::size_t drawn = 0; drawn < kSample && !all.empty(); ++drawn) {
    auto const index = random_below(all.size());
    auto const [room, nid] = all[index];
    all[index] = all.back();
    all.pop_back();
    auto const event = co_await rooms_.event(nid);
    if (!event && event.error().code != ErrorCode::not_found) co_return std::unexpected(event.error());
    if (!event) continue;
    auto const item = read_item(*event).value_or(Item{});
    sample.push_back({room, event->id, event->sender, instant_from_ms(event->origin_server_ts), item.text,
                      item.attachments.size()});
  }
  co_return sample;
}

Task<Result<DisposalPreview>> DisposalService::preview(UserNid by, DisposalTerms terms) {
  if (auto const allowed = may(by, governance::Act::order_disposal, terms.authority); !allowed)
    co_return std::unexpected(allowed.error());
  if (auto const good = check_terms(terms, governance_.today()); !good)
    co_return std::unexpected(good.error());
  auto const selection = co_await select(terms);
  if (!selection) co_return std::unexpected(selection.error());
  DisposalPreview preview;
  preview.count = count_of(selection->items);
  preview.stopped = selection->stopped;
  for (auto const& [room, events] : selection->items) {
    preview.rooms.emplace_back(room, static_cast<std::int64_t>(events.size()));
  }
  auto sample = co_await draw(selection->items);
  if (!sample) co_return std::unexpected(sample.error());
  preview.sample = std::move(*sample);
  co_return preview;
}

Task<Result<Disposal>> DisposalService::propose(UserNid by, DisposalTerms terms) {
  if (auto const allowed = may(by, governance::Act::order_disposal, terms.authority); !allowed)
    co_return std::unexpected(allowed.error());
  if (auto const good = check_terms(terms, governance_.today()); !good)
    co_return std::unexpected(good.error());
  auto const selection = co_await select(terms);
  if (!selection) co_return std::unexpected(selection.error());
  if (selection->items.empty()) co_return fail(ErrorCode::bad_state, "There is nothing to dispose of.");
  Disposal proposed;
  proposed.terms = terms;
  proposed.proposed_by = by;
  proposed.proposed_at = runtime_.now();
  proposed.items = count_of(selection->items);
  co_return co_await database_.write([proposed, items = selection->items](
                                         db::Transaction& transaction) -> Result<Disposal> {
    auto stored = proposed;
    stored.id = disposal_store::add_disposal(transaction, stored, items);
    governance::Governance::audit(transaction, stored.proposed_at, stored.proposed_by, "disposal.proposed",
                                  {{"disposal", stored.id.value},
                                   {"authority", stored.terms.authority.value},
                                   {"decision", stored.terms.decision},
                                   {"items", stored.items}});
    return stored;
  });
}

Task<Result<DisposalService::Listed>> DisposalService::list(UserNid by, net::Page page) {
  auto all =
      co_await database_.read([page](db::Reader& reader) { return disposal_store::disposals(reader, page); });
  if (!all) co_return std::unexpected(all.error());
  auto const more = all->size() == page.limit ? net::More::yes : net::More::no;
  std::erase_if(*all, [&](Disposal const& one) {
    return !may(by, governance::Act::see_disposals, one.terms.authority);
  });
  co_return Listed{std::move(*all), more};
}

Task<Result<Disposal>> DisposalService::find(UserNid by, DisposalId id) {
  return find_for(by, governance::Act::see_disposals, id);
}

Task<Result<Disposal>> DisposalService::find_for(UserNid by, governance::Act act, DisposalId id) {
  auto const found =
      co_await database_.read([id](db::Reader& reader) { return disposal_store::find_disposal(reader, id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such disposal.");
  if (auto const allowed = may(by, act, (*found)->terms.authority); !allowed)
    co_return std::unexpected(allowed.error());
  co_return **found;
}

Task<Result<std::vector<SampleItem>>> DisposalService::sample(UserNid by, DisposalId id) {
  auto const disposal = co_await find_for(by, governance::Act::approve_disposal, id);
  if (!disposal) co_return std::unexpected(disposal.error());
  if (disposal->state == DisposalState::done)
    co_return fail(ErrorCode::conflict, "It is disposed of already.");
  auto const items =
      co_await database_.read([id](db::Reader& reader) { return disposal_store::items_of(reader, id); });
  if (!items) co_return std::unexpected(items.error());
  auto drawn = co_await draw(*items);
  if (!drawn) co_return drawn;
  auto const noted =
      co_await database_.write([id, by, at = runtime_.now()](db::Transaction& transaction) -> Result<> {
        disposal_store::note_sample(transaction, id, by, at);
        return {};
      });
  if (!noted) co_return std::unexpected(noted.error());
  co_return drawn;
}

Certificate DisposalService::describe(Disposal const& disposal,
                                      std::vector<governance::Plan> const& plans) const {
  Certificate certificate;
  certificate.terms = disposal.terms;
  if (auto const* authority = governance_.authority(disposal.terms.authority)) {
    certificate.authority_code = authority->code;
  }
  std::set<std::string> classifications;
  for (auto const& plan : plans) {
    if (!plan.classification.empty()) classifications.insert(plan.classification);
  }
  certificate.classifications.assign(classifications.begin(), classifications.end());
  certificate.executor = identity_.user_id(disposal.proposed_by);
  certificate.supervisor = identity_.user_id(disposal.approved_by);
  certificate.at = disposal.approved_at;
  return certificate;
}

Task<Result<Disposal>> DisposalService::approve(UserNid by, DisposalId id) {
  auto disposal = co_await find_for(by, governance::Act::approve_disposal, id);
  if (!disposal) co_return disposal;
  if (disposal->state == DisposalState::done)
    co_return fail(ErrorCode::conflict, "It is disposed of already.");
  if (disposal->proposed_by == by) {
    co_return fail(ErrorCode::needs_second_person, "Someone else must approve.");
  }
  struct Known {
    ItemsByRoom items;
    bool sampled = false;
  };
  auto const known = co_await database_.read([id, by](db::Reader& reader) {
    return Known{disposal_store::items_of(reader, id), disposal_store::has_sampled(reader, id, by)};
  });
  if (!known) co_return std::unexpected(known.error());
  if (!known->sampled) {
    co_return fail(ErrorCode::needs_second_person, "Draw a sample of your own before you approve.");
  }
  auto const doomed = co_await destroyer_.gather(known->items);
  if (!doomed) co_return std::unexpected(doomed.error());
  disposal->approved_by = by;
  disposal->approved_at = runtime_.now();
  auto const plans = covered(disposal->terms);
  auto const outcome = co_await database_.write(
      [disposal = *disposal, certificate = describe(*disposal, plans), plans, doomed = *doomed,
       lifted = being_lifted(destroyer_.links(), nids(*doomed)), server = destroyer_.server_name(),
       seed = draw_salt_seed(runtime_)](db::Transaction& transaction) {
        return destroy(transaction, disposal, certificate, plans, doomed, lifted, server, seed);
      });
  if (!outcome) co_return std::unexpected(outcome.error());
  destroyer_.forget(outcome->destroyed);
  if (auto const swept = co_await destroyer_.sweep(); !swept) co_return std::unexpected(swept.error());
  co_return outcome->disposal;
}

Result<DisposalService::Outcome> DisposalService::destroy(
    db::Transaction& transaction, Disposal disposal, Certificate certificate,
    std::vector<governance::Plan> const& plans, std::vector<DoomedItem> const& doomed,
    BeingLifted const& lifted, std::string_view server_name, SaltSeed const& seed) {
  // All is asked again here: a hold or a request that came after the proposal beats it.
  std::set<EventNid> free;
  for (auto const& plan : plans) {
    std::vector<EventNid> events;
    for (auto const& item : doomed) {
      if (item.room == plan.room) events.push_back(item.event);
    }
    for (auto const& [event, stop] :
         judge(transaction, plan, disposal.terms, events, disposal.approved_at, lifted)) {
      if (!stop) free.insert(event);
    }
  }
  Outcome outcome{std::move(disposal), {}};
  for (auto const& item : doomed) {
    if (!free.contains(item.event)) continue;
    outcome.destroyed.push_back(item);
    auto const row = assessment::row_of(transaction, item.room, item.event, outcome.disposal.terms.authority);
    auto const day = governance::day_of(row->since);
    certificate.first_day = std::min(certificate.first_day.value_or(day), day);
    certificate.last_day = std::max(certificate.last_day.value_or(day), day);
  }
  if (outcome.destroyed.empty()) {
    return fail(ErrorCode::held, "Everything in this disposal is held, requested or assessed anew.");
  }
  auto& done = outcome.disposal;
  int const year = int(std::chrono::year_month_day{governance::day_of(done.approved_at)}.year());
  certificate.number = certificate_number(certificate.authority_code, year,
                                          disposal_store::count_done(transaction, done.terms.authority) + 1);
  certificate.count = done.items = static_cast<std::int64_t>(outcome.destroyed.size());
  certificate.destroyed = Destroyer::destroy(transaction, outcome.destroyed, server_name, done.approved_at);
  certificate.batch_root = batch_root(outcome.destroyed);
  done.removed = certificate.destroyed.removed;
  done.skeletons = certificate.destroyed.skeletons;
  done.number = certificate.number;
  done.certificate = json::serialize(to_json(certificate));
  done.log_index = LogAppender::append(transaction, to_entry(certificate, seed)).index;
  done.state = DisposalState::done;
  if (!disposal_store::finish_disposal(transaction, done)) {
    return fail(ErrorCode::conflict, "It is disposed of already.");
  }
  governance::Governance::audit(
      transaction, done.approved_at, done.approved_by, "disposal.approved",
      {{"disposal", done.id.value}, {"number", done.number}, {"items", done.items}});
  return outcome;
}

}  // namespace torg::records
