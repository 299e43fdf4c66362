#include "records/disposal/http.hpp"

#include "governance/zone.hpp"
#include "identity/http.hpp"
#include "records/assessment/json.hpp"

#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using identity::user_route;
using net::Method;
using Answer = Result<net::Response>;

Result<DisposalTerms> read_terms(DisposalHttp const& services, std::string const& text) {
  auto const body = parse_json_object(text);
  if (!body) return std::unexpected(body.error());
  auto const code = required_string(*body, "authority");
  if (!code) return std::unexpected(code.error());
  auto const* authority = services.governance.authority_by_code(*code);
  if (authority == nullptr) return fail(ErrorCode::not_found, "There is no authority '" + *code + "' here.");
  auto const day = governance::parse_day(optional_string(*body, "before_day").value_or(""));
  if (!day) return fail(ErrorCode::invalid_param, "The field 'before_day' must be a day, as 2026-11-24.");
  auto const handling = parse_handling(optional_string(*body, "handling").value_or(""));
  if (!handling)
    return fail(ErrorCode::invalid_param, "The field 'handling' must be kept_ordered or trivial.");
  return DisposalTerms{authority->id, std::string(optional_string(*body, "decision").value_or("")), *day,
                       *handling};
}

Result<DisposalId> read_id(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(ErrorCode::not_found, "There is no such disposal.");
  }
  return DisposalId(number);
}

json::value user_or_null(DisposalHttp const& services, UserNid user) {
  return user ? json::value(std::string_view(services.identity.user_id(user))) : json::value(nullptr);
}

json::value time_or_null(Instant at) {
  return at == Instant{} ? json::value(nullptr) : json::value(to_ms(at));
}

json::value certificate_json(Disposal const& disposal) {
  auto certificate = parse_json_object(disposal.certificate);
  if (!certificate) return nullptr;
  (*certificate)["log_index"] = disposal.log_index;
  return std::move(*certificate);
}

json::object disposal_json(DisposalHttp const& services, Disposal const& disposal) {
  bool const done = disposal.state == DisposalState::done;
  return {{"id", disposal.id.value},
          {"state", done ? "done" : "waiting_for_approval"},
          {"authority", code_of(services.governance, disposal.terms.authority)},
          {"decision", disposal.terms.decision},
          {"before_day", governance::to_text(disposal.terms.before_day)},
          {"handling", to_text(disposal.terms.handling)},
          {"count", disposal.items},
          {"proposed_by", user_or_null(services, disposal.proposed_by)},
          {"proposed_at", to_ms(disposal.proposed_at)},
          {"approved_by", user_or_null(services, disposal.approved_by)},
          {"approved_at", time_or_null(disposal.approved_at)},
          {"certificate", certificate_json(disposal)}};
}

Task<json::array> sample_json(DisposalHttp services, std::vector<SampleItem> sample) {
  json::array list;
  for (auto const& item : sample) {
    auto line = co_await room_json(services.rooms, item.room);
    line["event_id"] = item.event_id.value;
    line["sender"] = name_of(services.identity, item.sender);
    line["at"] = to_ms(item.at);
    line["text"] = item.text;
    line["attachments"] = item.attachments;
    list.push_back(std::move(line));
  }
  co_return list;
}

json::array stopped_json(StopCounts const& stopped) {
  json::array list;
  for (auto const& [stop, count] : stopped) {
    list.push_back(json::object{{"why", to_json(to_words(stop))}, {"count", count}});
  }
  return list;
}

Task<Answer> preview(DisposalHttp services, Requester requester, std::string text) {
  auto const terms = read_terms(services, text);
  if (!terms) co_return std::unexpected(terms.error());
  auto const found = co_await services.disposals.preview(requester.user, *terms);
  if (!found) co_return std::unexpected(found.error());
  json::array rooms;
  for (auto const& [room, count] : found->rooms) {
    auto line = co_await room_json(services.rooms, room);
    line["room"] = line["room_name"];
    line["count"] = count;
    rooms.push_back(std::move(line));
  }
  auto sample = co_await sample_json(services, found->sample);
  co_return json_answer({{"count", found->count},
                         {"rooms", std::move(rooms)},
                         {"stopped", stopped_json(found->stopped)},
                         {"sample", std::move(sample)}});
}

Task<Answer> propose(DisposalHttp services, Requester requester, std::string text) {
  auto const terms = read_terms(services, text);
  if (!terms) co_return std::unexpected(terms.error());
  auto const done = co_await services.disposals.propose(requester.user, *terms);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(disposal_json(services, *done));
}

Task<Answer> list(DisposalHttp services, Requester requester, Result<net::Page> page) {
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await services.disposals.list(requester.user, *page);
  if (!found) co_return std::unexpected(found.error());
  json::array lines;
  for (auto const& disposal : found->disposals) lines.push_back(disposal_json(services, disposal));
  json::object out{{"disposals", std::move(lines)}};
  net::add_next(out, *page, found->more);
  co_return json_answer(out);
}

Task<Answer> show(DisposalHttp services, Requester requester, std::string id_text) {
  auto const id = read_id(id_text);
  if (!id) co_return std::unexpected(id.error());
  auto const found = co_await services.disposals.find(requester.user, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(disposal_json(services, *found));
}

Task<Answer> sample(DisposalHttp services, Requester requester, std::string id_text) {
  auto const id = read_id(id_text);
  if (!id) co_return std::unexpected(id.error());
  auto const drawn = co_await services.disposals.sample(requester.user, *id);
  if (!drawn) co_return std::unexpected(drawn.error());
  auto list = co_await sample_json(services, *drawn);
  co_return json_answer({{"sample", std::move(list)}});
}

Task<Answer> approve(DisposalHttp services, Requester requester, std::string id_text) {
  auto const id = read_id(id_text);
  if (!id) co_return std::unexpected(id.error());
  auto const done = co_await services.disposals.approve(requester.user, *id);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(disposal_json(services, *done));
}

}  // namespace

Task<json::object> room_json(matrix::Rooms& rooms, RoomNid room) {
  json::object line{{"room_id", ""}, {"room_name", ""}};
  if (auto const id = co_await rooms.room_id(room)) line["room_id"] = id->value;
  auto const state = co_await rooms.state(room, "m.room.name", "");
  if (!state || !*state) co_return line;
  if (auto const content = parse_json_object(**state)) {
    line["room_name"] = optional_string(*content, "name").value_or("");
  }
  co_return line;
}

std::vector<net::Route> disposal_routes(DisposalHttp services) {
  auto const& identity = services.identity;
  std::vector<net::Route> table = weeding_routes(services);
  for (auto& route : hold_routes(services)) table.push_back(std::move(route));
  table.push_back(user_route(Method::post, "/_torg/v1/disposals/preview", identity,
                             [services](Requester requester, net::Call& call) {
                               return preview(services, std::move(requester), call.request.body);
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/disposals", identity,
                             [services](Requester requester, net::Call& call) {
                               return propose(services, std::move(requester), call.request.body);
                             }));
  table.push_back(user_route(
      Method::get, "/_torg/v1/disposals", identity, [services](Requester requester, net::Call& call) {
        return list(services, std::move(requester), net::parse_page(call.request, net::Page::kMost));
      }));
  table.push_back(user_route(Method::get, "/_torg/v1/disposals/{id}", identity,
                             [services](Requester requester, net::Call& call) {
                               return show(services, std::move(requester), call.path.at(0));
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/disposals/{id}/sample", identity,
                             [services](Requester requester, net::Call& call) {
                               return sample(services, std::move(requester), call.path.at(0));
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/disposals/{id}/approve", identity,
                             [services](Requester requester, net::Call& call) {
                               return approve(services, std::move(requester), call.path.at(0));
                             }));
  return table;
}

}  // namespace torg::records
