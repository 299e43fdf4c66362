#include "base/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace torg {

void Descriptor::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Descriptor open_file(std::filesystem::path const& path, int flags) {
  return Descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600));
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
