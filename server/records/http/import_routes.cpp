#include "records/http/import_routes.hpp"

namespace torg::records {
namespace {

using identity::Requester;

Result<ImportSheet> sheet_of(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04"))  // a ZIP archive, as every XLSX file is
    return fail(ErrorCode::invalid_param, "Save the workbook as CSV UTF-8 and import that.");
  auto const table = read_csv(bytes);
  if (!table) return std::unexpected(table.error());
  return read_lines(*table);
}

Task<HttpAnswer> take(HttpServices services, Importer& importer, Requester requester, net::Request request) {
  auto const code = request.query("authority");
  if (!code) co_return fail(ErrorCode::missing_param, "Say which authority.");
  auto const authority = authority_by(services, *code);
  if (!authority) co_return std::unexpected(authority.error());
  // On the pool: a large file takes a while to read.
  auto sheet = co_await run_offloaded(
      services->runtime,
      [body = std::move(request.body)]() -> Result<ImportSheet> { return sheet_of(body); });
  if (!sheet) co_return fail(std::move(sheet));
  auto const mode = request.query("dry_run") == "false" ? ImportMode::write : ImportMode::dry_run;
  ImportRequest wanted{requester.user, *authority, request.query("name").value_or("import.csv"),
                       std::move(*sheet), mode};
  auto const report = co_await importer.run(std::move(wanted));
  if (!report) co_return std::unexpected(report.error());
  co_return identity::json_answer(to_json(*report));
}

}  // namespace

std::vector<net::Route> import_routes(RegisterHttp given, Importer& importer) {
  auto const services = std::make_shared<RegisterHttp const>(std::move(given));
  auto route =
      identity::user_route(net::Method::post, "/_torg/v1/imports", services->identity,
                           [services, &importer](Requester requester, net::Call& call) {
                             return take(services, importer, std::move(requester), std::move(call.request));
                           });
  route.max_body = kMaxCsvBytes;
  route.admit = identity::only_signed_in(services->identity);
  return {std::move(route)};
}

}  // namespace torg::records
