#include "records/log/kept_head.hpp"

#include "base/file.hpp"

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
    auto const file = open_file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file || !write_all(file.get(), json::serialize(to_json(head)) + "\n") || ::fsync(file.get()) != 0)
      return failed(beside);
  }
  if (::rename(beside.c_str(), path_.c_str()) != 0) return failed(path_);
  if (!sync_folder(path_.parent_path())) return failed(path_.parent_path());
  return {};
}

}  // namespace torg::records
