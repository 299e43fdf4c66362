#include "app/data_directory.hpp"

#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

namespace torg::app {
namespace fs = std::filesystem;
namespace {

std::unexpected<Error> cannot(fs::path const& path, std::string_view why) {
  return fail(ErrorCode::unavailable,
              fmt::format("The data directory {} can't be used: {}.", path.string(), why));
}

}  // namespace

Result<DataDirectory> DataDirectory::open(fs::path root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error) return cannot(root, error.message());
  fs::permissions(root, fs::perms::owner_all, error);
  auto lock = open_file(root / "LOCK", O_RDWR | O_CREAT);
  if (!lock) return cannot(root, std::strerror(errno));
  DataDirectory directory(std::move(root), std::move(lock));
  if (::flock(directory.lock_.get(), LOCK_EX | LOCK_NB) != 0)
    return cannot(directory.root_, "another Torg is running on it");
  // What was being uploaded or made when the last process ended is nobody's.
  fs::remove_all(directory.temporary(), error);
  for (auto const& folder : {directory.blobs(), directory.keys(), directory.temporary()}) {
    fs::create_directories(folder, error);
    if (error) return cannot(folder, error.message());
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  return directory;
}

Result<DataDirectory> DataDirectory::open_to_read(fs::path root) {
  auto lock = open_file(root / "LOCK", O_RDONLY);
  // A copy may have come without the file.
  if (lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0) return cannot(root, "a Torg is running on it");
  return DataDirectory(std::move(root), std::move(lock));
}

}  // namespace torg::app
