#include "records/settings/http.hpp"

#include "identity/http.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using identity::Requester;
using Answer = Result<net::Response>;

json::object words(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

json::object to_json(Setting const& setting, Settings const& settings,
                     std::vector<SettingChange> const& changes, identity::Identity const& identity) {
  json::array readings;
  for (auto const& one : setting.readings)
    readings.push_back(json::object{{"value", one.name}, {"words", words(one.words)}});
  json::object shown{{"key", setting.key},
                     {"rule", setting.rule},
                     {"what", words(setting.what)},
                     {"value", value_of(setting, settings)},
                     {"default", value_of(setting, Settings{})},
                     {"readings", std::move(readings)},
                     {"range", nullptr},
                     {"changed", nullptr}};
  if (setting.kind == Setting::Kind::working_days || setting.kind == Setting::Kind::hours)
    shown["range"] = json::object{{"least", setting.least}, {"most", setting.most}};
  auto const last = std::ranges::find(changes, setting.key, &SettingChange::key);  // newest first
  if (last != changes.end()) {
    shown["changed"] = json::object{
        {"at", to_ms(last->at)}, {"by", identity.user_id(last->by)}, {"decision", last->decision}};
  }
  return shown;
}

/// The authority, for those who work there.
Result<AuthorityId> own_authority(SettingsHttp const& services, UserNid user, std::string_view code) {
  auto const* authority = services.governance.authority_by_code(code);
  if (authority == nullptr)
    return fail(ErrorCode::not_found, "There is no authority '" + std::string(code) + "' here.");
  auto const held = services.governance.assignments(user);
  bool const works_there = std::ranges::any_of(
      held, [&](auto const& assignment) { return assignment.authority == authority->id; });
  if (!works_there)
    return fail(ErrorCode::forbidden, "Only those who work there see an authority's settings.");
  return authority->id;
}

Task<Answer> list(SettingsHttp services, Requester requester, std::string code) {
  auto const authority = own_authority(services, requester.user, code);
  if (!authority) co_return std::unexpected(authority.error());
  auto const changes = co_await services.settings.changes(*authority);
  if (!changes) co_return std::unexpected(changes.error());
  json::array shown, history;
  for (auto const& setting : all_settings()) {
    shown.push_back(to_json(setting, services.settings.values().of(*authority), *changes, services.identity));
  }
  for (auto const& change : *changes) {
    history.push_back(json::object{{"key", change.key},
                                   {"value", change.value},
                                   {"at", to_ms(change.at)},
                                   {"by", services.identity.user_id(change.by)},
                                   {"decision", change.decision}});
  }
  co_return identity::json_answer({{"authority", code},
                                   {"settings", std::move(shown)},
                                   {"history", std::move(history)},
                                   {"may_change", services.settings.may_change(requester.user, *authority)}});
}

Task<Answer> change(SettingsHttp services, Requester requester, std::string key, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const code = required_string(*body, "authority");
  if (!code) co_return std::unexpected(code.error());
  auto const value = required_string(*body, "value");
  if (!value) co_return std::unexpected(value.error());
  auto const authority = own_authority(services, requester.user, *code);
  if (!authority) co_return std::unexpected(authority.error());
  SettingChange wanted{*authority,     std::move(key),
                       *value,         {},
                       requester.user, std::string(optional_string(*body, "decision").value_or(""))};
  auto const done = co_await services.settings.change(std::move(wanted));
  if (!done) co_return std::unexpected(done.error());
  co_return co_await list(services, requester, *code);
}

}  // namespace

std::vector<net::Route> settings_routes(SettingsHttp services) {
  using identity::user_route;
  return {user_route(net::Method::get, "/_torg/v1/settings", services.identity,
                     [services](Requester requester, net::Call& call) {
                       return list(services, requester, call.request.query("authority").value_or(""));
                     }),
          user_route(net::Method::put, "/_torg/v1/settings/{key}", services.identity,
                     [services](Requester requester, net::Call& call) {
                       return change(services, requester, call.path.at(0), call.request.body);
                     })};
}

}  // namespace torg::records
