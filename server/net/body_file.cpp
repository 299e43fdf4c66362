#include "net/body_file.hpp"

#include "base/encoding.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace torg::net {
namespace {

std::unexpected<Error> disk_failure(int error, std::string_view what) {
  auto detail = std::string(what) + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) {
    return fail(ErrorCode::storage_full, "The server has no room for this.", std::move(detail));
  }
  return fail(ErrorCode::internal, {}, std::move(detail));
}

Result<OpenFile> open_shared(std::filesystem::path const& path, int flags) {
  auto file = open_file(path, flags);
  if (!file && errno == ENOENT && flags == O_RDONLY)
    return fail(ErrorCode::not_found, "There is no such file.", path.string());
  if (!file) return disk_failure(errno, "opening " + path.string());
  return std::make_shared<Descriptor const>(std::move(file));
}

}  // namespace

Spool::Spool(Runtime& runtime, std::filesystem::path const& folder) : runtime_(runtime) {
  std::array<unsigned char, 12> name{};
  runtime.fill_random(name);
  path_ = folder / ("upload-" + hex_encode({reinterpret_cast<char const*>(name.data()), name.size()}));
}

Spool::~Spool() {
  // Fails when a handler has moved the file: that is what we want to know nothing of.
  if (file_) ::unlink(path_.c_str());
}

Task<Result<>> Spool::write(std::string bytes) {
  if (!file_) {
    auto opened = co_await run_offloaded(
        runtime_, [path = path_] { return open_shared(path, O_CREAT | O_EXCL | O_WRONLY); });
    if (!opened) co_return fail(std::move(opened));
    file_ = *std::move(opened);
  }
  co_return co_await run_offloaded(runtime_, [file = file_, bytes = std::move(bytes)]() -> Result<> {
    if (!write_all(file->get(), bytes)) return disk_failure(errno, "writing an upload");
    return {};
  });
}

Task<Result<OpenFile>> open_to_read(Runtime& runtime, std::filesystem::path path) {
  co_return co_await run_offloaded(runtime, [path = std::move(path)] { return open_shared(path, O_RDONLY); });
}

Task<Result<std::string>> read_part(Runtime& runtime, OpenFile file, std::uint64_t offset, std::size_t size) {
  co_return co_await run_offloaded(runtime, [file = std::move(file), offset, size]() -> Result<std::string> {
    std::string bytes(size, '\0');
    ssize_t got = -1;
    do got = ::pread(file->get(), bytes.data(), size, static_cast<off_t>(offset));
    while (got < 0 && errno == EINTR);
    if (got < 0) return disk_failure(errno, "reading a file to send");
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  });
}

}  // namespace torg::net
