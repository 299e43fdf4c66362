#include "records/log/kept_head.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace torg::records {
namespace {

std::unexpected<Error> failed(std::filesystem::path const& path) {
  auto const code = errno == ENOSPC ? ErrorCode::storage_full : ErrorCode::internal;
  return fail(code, "The log's last head could not be kept.", path.string() + ": " + std::strerror(errno));
}

class File {
 public:
  File(std::filesystem::path const& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(File const&) = delete;
  File& operator=(File const&) = delete;
  [[nodiscard]] bool write(std::string_view bytes) const {
    return descriptor_ >= 0 &&
           ::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  }
  [[nodiscard]] bool sync() const { return descriptor_ >= 0 && ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

}  // namespace

Result<std::optional<SignedHead>> KeptHead::read() const {
  std::error_code missing;
  if (!std::filesystem::exists(path_, missing)) return std::nullopt;
  std::ifstream in(path_, std::ios::binary);
  std::string const text{std::istreambuf_iterator<char>(in), {}};
  auto object = parse_json_object(text);
  auto head = object ? parse_head(*object) : Result<SignedHead>(std::unexpected(object.error()));
  if (!head) return fail(ErrorCode::internal, "The log's kept head can't be read.", path_.string());
  return std::move(*head);
}

Result<> KeptHead::keep(SignedHead const& head) const {
  auto const beside = std::filesystem::path(path_.string() + ".new");
  {
    File const file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.write(json::serialize(to_json(head)) + "\n") || !file.sync()) return failed(beside);
  }
  if (::rename(beside.c_str(), path_.c_str()) != 0) return failed(path_);
  File const folder(path_.parent_path(), O_RDONLY | O_DIRECTORY);
  if (!folder.sync()) return failed(path_.parent_path());
  return {};
}

}  // namespace torg::records
