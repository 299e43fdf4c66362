// `torg import`: an older system's list taken into the register, with no server running.
#include "app/commands.hpp"
#include "app/opened.hpp"
#include "base/file.hpp"

#include <fmt/format.h>

namespace torg::app {
namespace {

void print(records::ImportReport const& report) {
  for (auto const& line : report.lines) {
    fmt::print("{}  {}  {}", line.line, records::to_text(line.state), line.number);
    for (auto const& one : line.problems) fmt::print("  {}", one.en);
    fmt::print("\n");
  }
  for (auto const& heading : report.ignored) fmt::print("The column \"{}\" is not used.\n", heading);
  fmt::print("{} new, {} there already, {} refused. {}\n", report.fresh, report.there, report.refused,
             report.written ? "Written." : "Nothing was written.");
}

Task<Result<>> import_into(Application& application, ImportFile wanted, records::ImportSheet sheet,
                           records::ImportReport& report) {
  auto const* authority = application.governance().authority_by_code(wanted.authority);
  if (authority == nullptr)
    co_return fail(ErrorCode::not_found, "There is no such authority: make it with `torg authority add`.");
  records::ImportRequest request{{},
                                 authority->id,
                                 wanted.file,
                                 std::move(sheet),
                                 wanted.dry_run ? records::ImportMode::dry_run : records::ImportMode::write};
  auto done = co_await application.importer().run(std::move(request));
  if (!done) co_return std::unexpected(done.error());
  report = std::move(*done);
  co_return Result<>{};
}

}  // namespace

int import_records(std::filesystem::path const& data, Config const& config, ImportFile const& wanted) {
  auto const text = read_file(wanted.file, records::kMaxCsvBytes);
  if (!text) return complain(text.error());
  auto const table = records::read_csv(*text);
  if (!table) return complain(table.error());
  auto lines = records::read_lines(*table);
  if (!lines) return complain(lines.error());
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  records::ImportReport report;
  auto const done =
      run_until_done(*opened->runtime, import_into(*opened->application, wanted, std::move(*lines), report));
  close(*opened);
  if (!done) return complain(done.error());
  print(report);
  return report.refused == 0 ? 0 : 1;
}

}  // namespace torg::app
