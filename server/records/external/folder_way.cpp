#include "records/external/folder_way.hpp"

#include "base/file.hpp"
#include "base/log.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace torg::records {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFile = 1ULL << 30;  // bytes
constexpr std::size_t kMostAnswer = 64 << 10;    // bytes
constexpr std::chrono::seconds kFirstLook{2};
constexpr std::chrono::milliseconds kLongestLook{60'000};

std::unexpected<Error> cannot(std::string_view what, fs::path const& path) {
  return fail(ErrorCode::unavailable, "The register's folder can't be used.",
              fmt::format("{} {}: {}", what, path.string(), std::strerror(errno)));
}

Result<> write_file(fs::path const& path, std::string_view bytes) {
  auto const file = open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (!file || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0) return cannot("write", path);
  // The register is another program, often of another user: who may look is what the folder says.
  if (::fchmod(file.get(), 0640) != 0) return cannot("chmod", path);
  return {};
}

Result<> make_folder(fs::path const& path) {
  if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) return cannot("make", path);
  return {};
}

Result<> write_part(db::Blobs const& blobs, fs::path const& folder, ExternalPart const& part) {
  if (part.blob.value.empty()) return write_file(folder / part.path, part.bytes);
  auto const bytes = blobs.read(part.blob, kMostFile);
  if (!bytes) return std::unexpected(bytes.error());
  return write_file(folder / part.path, *bytes);
}

/// Everything under a name that nobody looks at; `record.json` last.
Result<> fill(db::Blobs const& blobs, fs::path const& folder, ExternalPackage const& package) {
  for (auto const& each : {folder, folder / "files"}) {
    if (auto made = make_folder(each); !made) return made;
  }
  for (auto const& part : package.parts) {
    if (auto written = write_part(blobs, folder, part); !written) return written;
  }
  if (auto written = write_file(folder / "record.json", package.record); !written) return written;
  for (auto const& each : {folder / "files", folder}) {
    if (!sync_folder(each)) return cannot("sync", each);
  }
  return {};
}

Result<> publish(db::Blobs const& blobs, fs::path const& root, ExternalPackage const& package) {
  auto const out = root / "out";
  for (auto const& folder : {out, root / "in"}) {
    if (auto made = make_folder(folder); !made) return made;
  }
  std::error_code error;
  if (fs::exists(out / package.key, error)) return {};  // an earlier attempt came so far
  auto const temporary = out / ("." + package.key + ".part");
  fs::remove_all(temporary, error);  // what a crash left
  if (auto filled = fill(blobs, temporary, package); !filled) return filled;
  fs::rename(temporary, out / package.key, error);
  if (error) {
    errno = error.value();
    return cannot("rename", temporary);
  }
  if (!sync_folder(out)) return cannot("sync", out);
  return {};
}

/// A file that isn't whole JSON yet is still being written.
Result<ExternalAnswer> look(fs::path const& path) {
  ExternalAnswer nothing;
  auto const file = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file) {
    if (errno == ENOENT) return nothing;
    return cannot("read", path);
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size > static_cast<off_t>(kMostAnswer))
    return fail(ErrorCode::unavailable, "The register's answer is no small file.", path.string());
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  auto const got = ::read(file.get(), text.data(), text.size());
  if (got < 0) return cannot("read", path);
  text.resize(static_cast<std::size_t>(got));
  auto const body = parse_json_object(text);
  if (!body) return nothing;
  return read_external_answer(*body);
}

}  // namespace

Task<Result<ExternalAnswer>> FolderWay::hand_over(ExternalPackage package) {
  // After a crash the register may have taken the folder away, and answered.
  auto answered = co_await ask(package.key);
  if (!answered || answered->kind != ExternalAnswer::Kind::accepted) co_return answered;
  auto written =
      co_await run_offloaded(runtime_, [this, &package] { return publish(blobs_, folder_, package); });
  if (!written) co_return fail(std::move(written));
  co_return ExternalAnswer{};
}

Task<Result<ExternalAnswer>> FolderWay::ask(std::string key) {
  auto const path = folder_ / "in" / (key + ".json");
  co_return co_await run_offloaded(runtime_, [&path] { return look(path); });
}

Task<> FolderWay::settled(std::string key) {
  auto const path = folder_ / "in" / (key + ".json");
  bool const gone =
      co_await run_offloaded(runtime_, [&path] { return ::unlink(path.c_str()) == 0 || errno == ENOENT; });
  // It is asked about no more: a file that stays is only in the way.
  if (!gone) log(LogLevel::info, "a register's answer can't be put away", {{"key", key}});
}

std::chrono::milliseconds FolderWay::pause(int asked) const {
  return std::min<std::chrono::milliseconds>(kFirstLook * (1LL << std::min(asked, 10)), kLongestLook);
}

}  // namespace torg::records
