// Workbooks as tables: a spreadsheet's file is read where a page is made, in a process that has nothing to
// lose.
#include "base/json.hpp"
#include "base/log.hpp"
#include "records/rendition/renderer.hpp"

namespace torg::records {
namespace {

constexpr std::chrono::seconds kPatience{90};
constexpr std::size_t kMostTable = std::size_t{20} << 20;  ///< bytes of CSV, as a table may have

Error refused(ChildOutput const& output) {
  if (output.errors.contains(R"({"problem": "much"})"))
    return Error{ErrorCode::too_large, "A workbook has 50,000 rows and 100 columns at most. Split it.", {}};
  return Error{ErrorCode::invalid_param,
               "The file can't be read as a workbook. Save it anew, or as CSV UTF-8.", output.errors};
}

}  // namespace

bool is_workbook(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

Task<Result<std::string>> Renderer::table(std::string workbook) {
  if (!available())
    co_return fail(ErrorCode::unavailable, "Workbooks can't be read on this server. Save it as CSV UTF-8.");
  auto command = co_await sandboxed({worker_script("worker/workbook.py")});
  command.input = std::move(workbook);
  command.deadline = kPatience;
  command.output_limit = kMostTable;
  auto output = co_await run_child(runtime_, std::move(command));
  if (!output) co_return std::unexpected(output.error());
  if (output->exit_code != 0) co_return std::unexpected(refused(*output));
  co_return std::move(output->output);
}

}  // namespace torg::records
