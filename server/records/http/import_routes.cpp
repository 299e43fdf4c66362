#include "records/http/import_routes.hpp"

namespace torg::records {
namespace {

using identity::Requester;

Result<ImportSheet> sheet_of(std::string_view text) {
  auto const table = read_csv(text);
  if (!table) return std::unexpected(table.error());
  return read_lines(*table);
}

/// The table as text, whether it came as CSV or as a workbook.
Task<Result<std::string>> text_of(Renderer& renderer, std::string body) {
  if (!is_workbook(body)) co_return body;
  co_return co_await renderer.table(std::move(body));
}

/// What a spreadsheet says, for pages that show a table before it is handed in.
Task<HttpAnswer> show_table(Renderer& renderer, net::Request request) {
  auto text = co_await text_of(renderer, std::move(request.body));
  if (!text) co_return std::unexpected(text.error());
  if (auto const read = read_csv(*text); !read) co_return std::unexpected(read.error());
  co_return identity::json_answer({{"csv", *text}});
}

Task<HttpAnswer> take(HttpServices services, Importer& importer, Renderer& renderer, Requester requester,
                      net::Request request) {
  auto const code = request.query("authority");
  if (!code) co_return fail(ErrorCode::missing_param, "Say which authority.");
  auto const authority = authority_by(services, *code);
  if (!authority) co_return std::unexpected(authority.error());
  auto text = co_await text_of(renderer, std::move(request.body));
  if (!text) co_return std::unexpected(text.error());
  // On the pool: a large file takes a while to read.
  auto sheet = co_await run_offloaded(
      services->runtime, [text = std::move(*text)]() -> Result<ImportSheet> { return sheet_of(text); });
  if (!sheet) co_return fail(std::move(sheet));
  auto const mode = request.query("dry_run") == "false" ? ImportMode::write : ImportMode::dry_run;
  ImportRequest wanted{requester.user, *authority, request.query("name").value_or("import.csv"),
                       std::move(*sheet), mode};
  auto const report = co_await importer.run(std::move(wanted));
  if (!report) co_return std::unexpected(report.error());
  co_return identity::json_answer(to_json(*report));
}

}  // namespace

std::vector<net::Route> import_routes(RegisterHttp given, Importer& importer, Renderer& renderer) {
  auto const services = std::make_shared<RegisterHttp const>(std::move(given));
  std::vector<net::Route> routes{
      identity::user_route(net::Method::post, "/_torg/v1/imports", services->identity,
                           [services, &importer, &renderer](Requester requester, net::Call& call) {
                             return take(services, importer, renderer, std::move(requester),
                                         std::move(call.request));
                           }),
      identity::user_route(
          net::Method::post, "/_torg/v1/tables", services->identity,
          [&renderer](Requester, net::Call& call) { return show_table(renderer, std::move(call.request)); })};
  for (auto& route : routes) {
    route.max_body = kMaxCsvBytes;
    route.admit = identity::only_signed_in(services->identity);
  }
  routes.back().limit = net::Limit::search;  // a process for each
  return routes;
}

}  // namespace torg::records
