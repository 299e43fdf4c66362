#include "records/secrecy/http.hpp"

#include "identity/http.hpp"
#include "records/http/common.hpp"
#include "records/register/entry_json.hpp"
#include "records/secrecy/provisions.hpp"

#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;
using Answer = Result<net::Response>;
using Services = std::shared_ptr<SecrecyHttp const>;

constexpr std::size_t kFewest = 20, kMost = 100;

json::object words(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

json::object to_json(Provision const& provision) {
  return {{"id", provision.id},
          {"cite", provision.cite},
          {"subject", words(provision.subject)},
          {"description", words(provision.description)},
          {"protects", provision.protects},
          {"presumption", provision.presumption},
          {"strength", provision.strength},
          {"max_years", provision.max_years ? json::value(*provision.max_years) : json::value(nullptr)}};
}

json::object to_json(Mark const& mark, People const& people) {
  auto shown = shown_secrecy(mark.secrecy);
  shown["at"] = to_ms(mark.at);
  shown["by"] = people.user_id(mark.by);
  shown["ended_at"] = mark.ended_at ? json::value(to_ms(*mark.ended_at)) : json::value(nullptr);
  shown["ended_by"] =
      mark.ended_at ? json::value(json::string_view(people.user_id(mark.ended_by))) : json::value(nullptr);
  shown["reason"] = mark.reason;
  return shown;
}

Task<Answer> search(std::string query, std::string limit) {
  std::size_t wanted = kFewest;
  if (!limit.empty()) {
    auto const [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), wanted);
    if (error != std::errc{} || end != limit.data() + limit.size() || wanted == 0)
      co_return fail(ErrorCode::invalid_param, "The limit must be a number from 1.");
  }
  json::array found;
  for (auto const* provision : search_provisions(query, std::min(wanted, kMost)))
    found.push_back(to_json(*provision));
  co_return json_answer({{"provisions", std::move(found)}});
}

/// What a path names: a case, or a file of a record.
struct Target {
  std::int64_t id = 0;
  int n = 0;  ///< 0: a case
};

Result<Target> target_of(net::PathParameters const& path) {
  auto const id = id_of(path.at(0));
  if (!id) return std::unexpected(id.error());
  if (path.size() < 2) return Target{*id, 0};
  auto const n = id_of(path.at(1));
  if (!n) return std::unexpected(n.error());
  return Target{*id, static_cast<int>(*n)};
}

Task<Answer> history(Services services, Requester requester, net::PathParameters path) {
  auto const target = target_of(path);
  if (!target) co_return std::unexpected(target.error());
  auto const found = co_await services->marks.of_case(requester.user, CaseId(target->id));
  if (!found) co_return std::unexpected(found.error());
  json::array shown;
  for (auto const& mark : *found) shown.push_back(to_json(mark, services->people));
  bool const holds = !found->empty() && !found->front().ended_at;
  json::value const now = holds ? json::value(shown.front()) : json::value(nullptr);
  co_return json_answer({{"secrecy", now}, {"history", std::move(shown)}});
}

Task<Answer> mark(Services services, Requester requester, net::PathParameters path, std::string text) {
  auto const target = target_of(path);
  if (!target) co_return std::unexpected(target.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto secrecy = secrecy_from(*body);
  if (!secrecy) co_return std::unexpected(secrecy.error());
  auto const titles = optional_string(*body, "titles").value_or("check");
  if (titles != "check" && titles != "keep")
    co_return fail(ErrorCode::invalid_param, "The field 'titles' is check or keep.");
  auto const done = target->n == 0 ? co_await services->marks.mark_case(
                                         requester.user, CaseId(target->id), std::move(*secrecy),
                                         titles == "keep" ? ShownTitles::keep : ShownTitles::check_again)
                                   : co_await services->marks.mark_file(requester.user, RecordId(target->id),
                                                                        target->n, std::move(*secrecy));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(*done, services->people));
}

Task<Answer> end(Services services, Requester requester, net::PathParameters path, std::string text) {
  auto const target = target_of(path);
  if (!target) co_return std::unexpected(target.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto reason = std::string(optional_string(*body, "reason").value_or(""));
  auto const done =
      target->n == 0
          ? co_await services->marks.end_case(requester.user, CaseId(target->id), reason)
          : co_await services->marks.end_file(requester.user, RecordId(target->id), target->n, reason);
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

json::object from(Secrecy const& secrecy, std::string_view where) {
  auto shown = shown_secrecy(secrecy);
  shown["from"] = where;
  return shown;
}

}  // namespace

json::object shown_secrecy(Secrecy const& secrecy) {
  auto shown = records::to_json(secrecy);
  shown["listed"] = !secrecy.provision_id.empty();
  return shown;
}

json::array secrecy_of(RecordView const& record) {
  json::array shown;
  if (record.secrecy) shown.push_back(from(*record.secrecy, "record"));
  if (record.case_secrecy) shown.push_back(from(*record.case_secrecy, "case"));
  return shown;
}

json::array secrecy_of(RecordView const& record, FileView const& file) {
  json::array shown;
  if (file.secrecy) shown.push_back(from(*file.secrecy, "file"));
  for (auto& inherited : secrecy_of(record)) shown.push_back(std::move(inherited));
  return shown;
}

std::vector<net::Route> secrecy_routes(SecrecyHttp given) {
  auto const services = std::make_shared<SecrecyHttp const>(std::move(given));
  auto const& identity = services->identity;
  using identity::user_route;
  std::vector<net::Route> table;
  table.push_back(
      user_route(Method::get, "/_torg/v1/secrecy/provisions", identity, [](Requester, net::Call& call) {
        return search(call.request.query("query").value_or(""), call.request.query("limit").value_or(""));
      }));
  table.push_back(user_route(
      Method::get, "/_torg/v1/cases/{id}/secrecy", identity,
      [services](Requester r, net::Call& call) { return history(services, std::move(r), call.path); }));
  auto const marking = [&](Method method, std::string_view pattern, auto act) {
    table.push_back(user_route(method, pattern, identity, [services, act](Requester r, net::Call& call) {
      return act(services, std::move(r), call.path, std::move(call.request.body));
    }));
  };
  marking(Method::put, "/_torg/v1/cases/{id}/secrecy", mark);
  marking(Method::post, "/_torg/v1/cases/{id}/secrecy/end", end);
  marking(Method::put, "/_torg/v1/records/{id}/files/{n}/secrecy", mark);
  marking(Method::post, "/_torg/v1/records/{id}/files/{n}/secrecy/end", end);
  return table;
}

}  // namespace torg::records
