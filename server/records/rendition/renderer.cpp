#include "records/rendition/renderer.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "embedded/rendition.hpp"

#include <csignal>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::string_view kFolderBytes = "536870912";  ///< what a worker may write, in memory

/// The folder that a program's installation lies in, such as a virtual environment.
std::string root_of(std::filesystem::path const& program) {
  return program.parent_path().parent_path().string();
}

/// Programs, libraries and fonts to read, a folder in memory to write to, and nothing else: neither network
/// nor the server's data.
std::vector<std::string> bubblewrap(RenditionPrograms const& programs) {
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
                               "--proc",
                               "/proc",
                               "--dev",
                               "/dev"};
  for (auto const* folder : {"/etc/fonts", "/etc/libreoffice", "/var/cache/fontconfig"})
    out.insert(out.end(), {"--ro-bind-try", folder, folder});
  // Each where it is named, and the installation that a link there leads to.
  for (auto const& program : {programs.python, programs.office}) {
    std::error_code none;
    for (auto const& path : {std::filesystem::path(program), std::filesystem::canonical(program, none)}) {
      auto const root = root_of(path);
      if (root.size() > 1 && !root.starts_with("/usr")) out.insert(out.end(), {"--ro-bind-try", root, root});
    }
  }
  out.insert(out.end(), {"--size", std::string(kFolderBytes), "--tmpfs", "/run", "--chdir", "/run"});
  return out;
}

/// The line of JSON that a worker ends with.
json::object report_of(ChildOutput const& output) {
  auto const last = output.errors.rfind("\n{");
  auto const from = last != std::string::npos        ? last + 1
                    : output.errors.starts_with('{') ? 0
                                                     : std::string::npos;
  if (from == std::string::npos) return {};
  return parse_json_object(output.errors.substr(from)).value_or(json::object());
}

RenderedPdf rendered(ChildOutput output) {
  RenderedPdf pdf{.bytes = {}, .tool = {}, .replaced = {}};
  auto const report = report_of(output);
  pdf.bytes = std::move(output.output);
  pdf.tool = optional_string(report, "tool").value_or("");
  if (auto const* list = optional_array(report, "replaced"))
    for (auto const& one : *list)
      if (one.is_string()) pdf.replaced.emplace_back(one.get_string());
  return pdf;
}

ReadFile unread(RenditionProblem problem, json::object values = {}) {
  ReadFile file;
  file.why = RenditionWhy{problem, std::move(values)};
  return file;
}

/// The limits that the system itself keeps end the worker without a report.
ReadFile ended(ChildOutput const& output) {
  log(LogLevel::warning, "a file could not be read for a rendition",
      {{"exit", output.exit_code}, {"said", output.errors.substr(0, 2000)}});
  bool const by_time = output.exit_code == -SIGXCPU || output.exit_code == 128 + SIGXCPU ||
                       output.exit_code == -SIGKILL || output.exit_code == 128 + SIGKILL;
  return unread(by_time ? RenditionProblem::slow : RenditionProblem::broken);
}

ReadFile read_file(ChildOutput output, ClaimedKind const& claimed) {
  auto const report = report_of(output);
  if (output.exit_code != 0 || report.empty()) return ended(output);
  if (auto const problem = optional_string(report, "problem"))
    return unread(parse_problem(*problem).value_or(RenditionProblem::broken), report);
  ReadFile file;
  file.bytes = std::move(output.output);
  file.type = optional_string(report, "type").value_or("");
  file.tool = optional_string(report, "tool").value_or("");
  file.frames = static_cast<int>(optional_integer(report, "frames").value_or(1));
  if (auto const is = optional_string(report, "is"))
    file.why = RenditionWhy{RenditionProblem::lies, {{"says", claimed.type}, {"is", *is}}};
  return file;
}

}  // namespace

std::string worker_script(std::string_view name) {
  for (auto const& file : embedded::rendition())
    if (file.name == name) return std::string(file.bytes);
  throw std::logic_error(std::string(name) + " is not embedded");
}

Task<bool> Renderer::bubblewrap_works() {
  if (!bubblewrap_) {
    ChildCommand probe{.arguments = bubblewrap(programs_), .environment = {}, .input = {}};
    probe.arguments.emplace_back("/usr/bin/true");
    auto const result = co_await run_child(runtime_, std::move(probe));
    bubblewrap_ = result && result->exit_code == 0;
    if (!*bubblewrap_)
      log(LogLevel::warning,
          "bubblewrap does not work here: renditions run with resource limits only, and without office "
          "files");
  }
  co_return *bubblewrap_;
}

bool Renderer::office_is_there() const {
  std::error_code none;
  return !programs_.office.empty() && std::filesystem::exists(programs_.office, none);
}

Task<bool> Renderer::reads_office() {
  if (!available() || !office_is_there()) co_return false;
  co_return co_await bubblewrap_works();
}

Task<ChildCommand> Renderer::sandboxed(std::vector<std::string> arguments) {
  ChildCommand command{.arguments = {}, .environment = {}, .input = {}};
  if (co_await bubblewrap_works()) command.arguments = bubblewrap(programs_);
  command.arguments.insert(command.arguments.end(), {programs_.python, "-I", "-c"});
  for (auto& argument : arguments) command.arguments.push_back(std::move(argument));
  command.environment = {"LC_ALL=C.UTF-8", "HOME=/run", "TMPDIR=/run", "PATH=/usr/bin:/bin",
                         "PYTHONDONTWRITEBYTECODE=1"};
  co_return command;
}

Task<Result<RenderedPdf>> Renderer::render(std::string html, Instant record_time) {
  if (!available()) co_return fail(ErrorCode::unavailable, "No rendition worker is configured.");
  auto command = co_await sandboxed({worker_script("worker/render.py")});
  command.input = std::move(html);
  // The record's time instead of the clock's makes a second rendering the same, byte for byte.
  command.environment.push_back(fmt::format("SOURCE_DATE_EPOCH={}", to_ms(record_time) / 1000));
  command.deadline = kDeadline;
  auto output = co_await run_child(runtime_, std::move(command));
  if (!output) co_return fail(std::move(output));
  if (output->exit_code != 0 || !output->output.starts_with("%PDF-"))
    co_return fail(ErrorCode::internal, "The rendition could not be made.",
                   fmt::format("exit {}: {}", output->exit_code, output->errors));
  co_return rendered(std::move(*output));
}

Task<ReadFile> Renderer::read(std::filesystem::path path, ClaimedKind claimed) {
  // Not without a sandbox: LibreOffice follows what a file names.
  bool const office = claimed.kind == FileKind::office && co_await reads_office();
  json::object const request{
      {"kind", to_text(claimed.kind)}, {"type", claimed.type}, {"office", office ? programs_.office : ""}};
  auto command = co_await sandboxed({worker_script("worker/attachment.py"), json::serialize(request)});
  command.input_file = path.string();
  command.deadline = kFileDeadline;
  auto output = co_await run_child(runtime_, std::move(command));
  if (!output) {
    co_return unread(output.error().code == ErrorCode::too_large ? RenditionProblem::much
                                                                 : RenditionProblem::slow);
  }
  auto file = read_file(std::move(*output), claimed);
  if (file.why && file.why->problem == RenditionProblem::no_office && office_is_there())
    file.why->problem = RenditionProblem::no_sandbox;
  co_return file;
}

}  // namespace torg::records
