#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace torg {

void Descriptor::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Descriptor open_file(std::filesystem::path const& path, int flags) {
  return Descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

Result<std::string> read_file(std::filesystem::path const& path, std::size_t at_most) {
  bool const standard_input = path == "-";
  auto const opened = standard_input ? Descriptor() : open_file(path, O_RDONLY);
  int const source = standard_input ? STDIN_FILENO : opened.get();
  std::string text;
  constexpr std::size_t kPiece = std::size_t{64} * 1024;
  while (text.size() <= at_most) {
    auto const before = text.size();
    text.resize(before + kPiece);
    auto const read = ::read(source, text.data() + before, kPiece);
    int const failure = errno;
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
    if (read < 0 && failure == EINTR) continue;
    if (read < 0) return fail(ErrorCode::invalid_param, path.string() + ": " + std::strerror(failure));
    if (read == 0) return text;
  }
  return fail(ErrorCode::invalid_param,
              path.string() + ": larger than " + std::to_string(at_most) + " bytes");
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_folder(std::filesystem::path const& folder) {
  auto const opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  return opened && ::fsync(opened.get()) == 0;
}

}  // namespace torg
