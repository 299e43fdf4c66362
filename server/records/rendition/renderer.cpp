#include "records/rendition/renderer.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "embedded/rendition.hpp"
#include "runtime/child_process.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace torg::records {
namespace {

std::string worker_script() {
  for (auto const& file : embedded::rendition())
    if (file.name == "worker/render.py") return std::string(file.bytes);
  throw std::logic_error("render.py is not embedded");
}

/// Programs, libraries and fonts to read, a folder in memory to write to, and nothing else: neither network
/// nor the server's data.
std::vector<std::string> bubblewrap(std::string const& python) {
  std::vector<std::string> out{"/usr/bin/bwrap",
                               "--unshare-all",
                               "--die-with-parent",
                               "--new-session",
                               "--cap-drop",
                               "ALL",
                               "--ro-bind",
                               "/usr",
                               "/usr",
                               "--symlink",
                               "usr/lib",
                               "/lib",
                               "--symlink",
                               "usr/lib64",
                               "/lib64",
                               "--symlink",
                               "usr/bin",
                               "/bin",
                               "--ro-bind-try",
                               "/etc/fonts",
                               "/etc/fonts",
                               "--ro-bind-try",
                               "/var/cache/fontconfig",
                               "/var/cache/fontconfig",
                               "--proc",
                               "/proc",
                               "--dev",
                               "/dev"};
  // Its virtual environment, and the installation that one points to.
  std::error_code none;
  for (auto const& program : {std::filesystem::path(python), std::filesystem::canonical(python, none)}) {
    auto const root = program.parent_path().parent_path().string();
    if (root.size() > 1 && !root.starts_with("/usr")) out.insert(out.end(), {"--ro-bind", root, root});
  }
  out.insert(out.end(), {"--tmpfs", "/run", "--chdir", "/run"});
  return out;
}

RenderedPdf rendered(ChildOutput output) {
  RenderedPdf pdf{.bytes = std::move(output.output), .tool = {}, .replaced = {}};
  auto const last = output.errors.rfind('{');
  auto const report =
      last == std::string::npos ? Result<json::object>{} : parse_json_object(output.errors.substr(last));
  if (!report) return pdf;
  pdf.tool = optional_string(*report, "tool").value_or("");
  if (auto const* list = optional_array(*report, "replaced"))
    for (auto const& one : *list)
      if (one.is_string()) pdf.replaced.emplace_back(one.get_string());
  return pdf;
}

}  // namespace

Task<bool> Renderer::bubblewrap_works() {
  if (!bubblewrap_) {
    ChildCommand probe{.arguments = bubblewrap(python_), .environment = {}, .input = {}};
    probe.arguments.emplace_back("/usr/bin/true");
    auto const result = co_await run_child(runtime_, std::move(probe));
    bubblewrap_ = result && result->exit_code == 0;
    if (!*bubblewrap_)
      log(LogLevel::warning, "bubblewrap does not work here: renditions run with resource limits only");
  }
  co_return *bubblewrap_;
}

Task<Result<RenderedPdf>> Renderer::render(std::string html, Instant record_time) {
  if (!available()) co_return fail(ErrorCode::unavailable, "No rendition worker is configured.");
  ChildCommand command{.arguments = {}, .environment = {}, .input = std::move(html)};
  if (co_await bubblewrap_works()) command.arguments = bubblewrap(python_);
  command.arguments.insert(command.arguments.end(), {python_, "-I", "-c", worker_script()});
  // The record's time instead of the clock's makes a second rendering the same, byte for byte.
  command.environment = {fmt::format("SOURCE_DATE_EPOCH={}", to_ms(record_time) / 1000), "LC_ALL=C.UTF-8",
                         "HOME=/run", "PATH=/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE=1"};
  command.deadline = kDeadline;
  auto output = co_await run_child(runtime_, std::move(command));
  if (!output) co_return fail(std::move(output));
  if (output->exit_code != 0 || !output->output.starts_with("%PDF-"))
    co_return fail(ErrorCode::internal, "The rendition could not be made.",
                   fmt::format("exit {}: {}", output->exit_code, output->errors));
  co_return rendered(std::move(*output));
}

}  // namespace torg::records
