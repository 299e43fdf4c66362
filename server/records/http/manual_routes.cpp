#include "records/assessment/json.hpp"
#include "records/http/common.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

std::string text_of(json::object const& body, std::string_view key) {
  return std::string(optional_string(body, key).value_or(""));
}

Task<HttpAnswer> preview(HttpServices services, Requester requester, net::Request request) {
  auto authority = authority_or_own(services, requester.user, request.query("authority"));
  if (!authority) co_return fail(std::move(authority));
  auto type = std::string(request.header("content-type").value_or("application/octet-stream"));
  type = type.substr(0, type.find(';'));
  auto shown = co_await services->manual.preview(requester.user, *authority, std::move(request.body),
                                                 request.query("name").value_or(""), std::move(type));
  if (!shown) co_return fail(std::move(shown));
  co_return json_answer(to_json(*shown));
}

/// Key and authority, which both acts have.
struct Common {
  IntentKey key;
  AuthorityId authority;
};

Result<Common> common_of(HttpServices const& services, Requester const& requester, json::object const& body) {
  auto key = required_string(body, "key");
  if (!key) return fail(std::move(key));
  if (key->empty() || key->size() > 128)
    return fail(ErrorCode::invalid_param, "A key has 1 to 128 characters.");
  auto code = required_string(body, "authority");
  if (!code) return fail(std::move(code));
  auto authority = authority_by(services, *code);
  if (!authority) return fail(std::move(authority));
  return Common{{requester.user, std::move(*key)}, *authority};
}

Result<ManualEntry> read_entry(HttpServices const& services, Requester const& requester,
                               json::object const& body) {
  auto common = common_of(services, requester, body);
  if (!common) return fail(std::move(common));
  // What an application service enters came through it.
  auto const said = optional_string(body, "kind").value_or(requester.service != nullptr ? "e-service" : "");
  auto const kind = parse_manual_kind(said);
  if (!kind) return fail(ErrorCode::invalid_param, "kind is paper, counter, phone, mail, file or e-service.");
  auto const* draft = optional_object(body, "draft");
  if (draft == nullptr) return fail(ErrorCode::missing_param, "The draft is missing.");
  auto parsed = parse_draft(*draft);
  if (!parsed) return fail(std::move(parsed));
  ManualEntry entry;
  entry.key = std::move(common->key);
  entry.kind = *kind;
  entry.authority = common->authority;
  entry.draft = std::move(*parsed);
  entry.upload = text_of(body, "upload");
  entry.note = text_of(body, "note");
  entry.original_place = text_of(body, "original_place");
  entry.reserved = text_of(body, "reserved");
  entry.caller_known = optional_bool(body, "caller_known").value_or(true);
  if (auto const* parts = optional_array(body, "parts")) {
    entry.parts.emplace();
    for (auto const& part : *parts) {
      if (!part.is_int64()) return fail(ErrorCode::invalid_param, "parts are numbers.");
      entry.parts->push_back(static_cast<int>(part.get_int64()));
    }
  }
  return entry;
}

Task<HttpAnswer> enter(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto entry = read_entry(services, requester, *body);
  if (!entry) co_return fail(std::move(entry));
  if (auto refused = plan_refusal(services, entry->authority, entry->draft)) co_return std::move(*refused);
  auto done = co_await services->manual.enter(std::move(*entry));
  if (!done) co_return fail(std::move(done));
  auto const outside = done->handover.has_value();
  auto const* number = outside && done->number.empty() ? nullptr : &done->number;
  json::object answer{{"number", number ? json::value(*number) : json::value(nullptr)},
                      {"say", json::object{{"sv", done->say.sv}, {"en", done->say.en}}},
                      {"register", to_text(outside ? RegisterKept::external : RegisterKept::here)},
                      {"external", outside ? json::value(to_json(*done->handover)) : json::value(nullptr)},
                      {"record", nullptr}};
  if (outside) co_return json_answer(std::move(answer));
  auto record = co_await services->records.record(done->record);
  if (!record) co_return fail(std::move(record));
  auto shown = co_await record_json(services, std::move(*record));
  if (!shown) co_return fail(std::move(shown));
  answer["record"] = std::move(*shown);
  co_return json_answer(std::move(answer));
}

Task<HttpAnswer> assess(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto common = common_of(services, requester, *body);
  if (!common) co_return fail(std::move(common));
  auto done = co_await services->manual.assess({std::move(common->key), common->authority,
                                                text_of(*body, "upload"), text_of(*body, "handling"),
                                                text_of(*body, "reason"), text_of(*body, "record")});
  if (!done) co_return fail(std::move(done));
  co_return json_answer({{"handling", text_of(*body, "handling")}});
}

}  // namespace

std::vector<net::Route> manual_routes(RegisterHttp given) {
  auto const services = std::make_shared<RegisterHttp const>(std::move(given));
  auto const& identity = services->identity;
  auto upload = identity::user_route(
      Method::post, "/_torg/v1/manual/preview", identity, [services](Requester requester, net::Call& call) {
        return preview(services, std::move(requester), std::move(call.request));
      });
  upload.max_body = Manual::kMaxUpload;
  return {std::move(upload),
          identity::user_route(Method::post, "/_torg/v1/manual", identity,
                               [services](Requester requester, net::Call& call) {
                                 return enter(services, std::move(requester), std::move(call.request.body));
                               }),
          identity::user_route(Method::post, "/_torg/v1/manual/assess", identity,
                               [services](Requester requester, net::Call& call) {
                                 return assess(services, std::move(requester), std::move(call.request.body));
                               })};
}

}  // namespace torg::records
