// Renditions that are missing, and asking for them again.
#include "records/http/common.hpp"
#include "records/register/store.hpp"

#include <algorithm>
#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

constexpr std::int64_t kPage = 100;

struct Found {
  std::vector<UnrenderedRecord> records;
  std::vector<register_store::NameRow> names;
};

json::object line_of(HttpServices const& services, AuthorityId authority, Found const& found,
                     UnrenderedRecord const& record) {
  auto const name = std::ranges::find(found.names, record.id, &register_store::NameRow::id);
  auto const* owner = services->governance.authority(authority);
  return {{"record_id", record.id.value},
          {"number", name == found.names.end() ? std::string() : name->number},
          {"title", name == found.names.end() ? std::string() : name->title},
          {"authority", owner == nullptr ? std::string() : owner->code},
          {"rendition", to_text(record.state)},
          {"rendition_report", rendition_json(services, record.state, record.report)}};
}

Result<RecordId> before_of(std::optional<std::string> const& text) {
  if (!text) return RecordId(INT64_MAX);
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), id);
  if (error != std::errc{} || end != text->data() + text->size())
    return fail(ErrorCode::invalid_param, "before is the id of a record.");
  return RecordId(id);
}

Task<Result<Found>> unrendered(HttpServices services, AuthorityId authority, RecordId before) {
  co_return co_await services->database.read([authority, before](db::Reader& reader) {
    Found found{rendition_jobs::unrendered(reader, authority, before, kPage), {}};
    std::vector<RecordId> ids;
    for (auto const& record : found.records) ids.push_back(record.id);
    found.names = register_store::names(reader, ids);
    return found;
  });
}

Task<HttpAnswer> missing(HttpServices services, Requester requester, std::optional<std::string> code,
                         std::optional<std::string> from) {
  auto authority = authority_or_own(services, requester.user, std::move(code));
  if (!authority) co_return fail(std::move(authority));
  if (!services->records.may_read(requester.user, *authority))
    co_return fail(ErrorCode::forbidden, "You have no role in this authority's register.");
  auto before = before_of(from);
  if (!before) co_return fail(std::move(before));
  auto found = co_await unrendered(services, *authority, *before);
  if (!found) co_return fail(std::move(found));
  json::array lines;
  for (auto const& record : found->records) lines.push_back(line_of(services, *authority, *found, record));
  bool const more = lines.size() == static_cast<std::size_t>(kPage);
  auto const next = more ? json::value(found->records.back().id.value) : json::value(nullptr);
  co_return json_answer({{"lines", std::move(lines)}, {"next_before", next}});
}

Task<HttpAnswer> again(HttpServices services, Requester requester, std::string id) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto record = co_await readable_record(services, requester.user, RecordId(*nid));
  if (!record) co_return fail(std::move(record));
  if (!services->governance.may(requester.user, governance::Act::work_at_desk, record->authority))
    co_return fail(ErrorCode::forbidden, "Only a registrar asks for a readable copy again.");
  if (record->rendition == RenditionState::none)
    co_return fail(ErrorCode::conflict, "The record was made elsewhere and gets no copy here.");
  if (record->disposed) co_return fail(ErrorCode::conflict, "The record has been disposed of.");
  auto asked = co_await services->database.write(
      [of = record->id, now = services->runtime.now()](db::Transaction& transaction) -> Result<> {
        register_store::set_rendition(transaction, of, RenditionState::waiting);
        rendition_jobs::add(transaction, of, now);
        return {};
      });
  if (!asked) co_return fail(std::move(asked));
  auto waiting = co_await services->records.record(record->id);
  if (!waiting) co_return fail(std::move(waiting));
  auto shown = co_await record_json(services, std::move(*waiting));
  if (!shown) co_return fail(std::move(shown));
  co_return json_answer(*shown);
}

}  // namespace

std::vector<net::Route> rendition_routes(RegisterHttp given) {
  auto const services = std::make_shared<RegisterHttp const>(std::move(given));
  auto const& identity = services->identity;
  return {identity::user_route(Method::get, "/_torg/v1/renditions", identity,
                               [services](Requester requester, net::Call& call) {
                                 return missing(services, std::move(requester),
                                                call.request.query("authority"),
                                                call.request.query("before"));
                               }),
          identity::user_route(Method::post, "/_torg/v1/records/{id}/rendition", identity,
                               [services](Requester requester, net::Call& call) {
                                 return again(services, std::move(requester), call.path.at(0));
                               })};
}

}  // namespace torg::records
