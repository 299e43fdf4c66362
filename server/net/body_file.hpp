#pragma once
#include "base/file.hpp"
#include "runtime/runtime.hpp"

#include <filesystem>
#include <string>

namespace torg::net {

/// Lives as long as somebody, perhaps a job on the offload pool, holds it.
using OpenFile = std::shared_ptr<Descriptor const>;

/// One request body on its way to a file in `tmp/`. The file is removed with the object, unless a handler has
/// moved it. The caller keeps the object until `write` has ended.
class Spool {
 public:
  Spool(Runtime& runtime, std::filesystem::path const& folder);
  ~Spool();
  Spool(Spool const&) = delete;
  Spool& operator=(Spool const&) = delete;

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  /// Appends, on the offload pool. @return `storage_full` when the disk or the quota is, else `internal`
  Task<Result<>> write(std::string bytes);

 private:
  Runtime& runtime_;
  std::filesystem::path path_;
  OpenFile file_;
};

/// Opens a file to be sent, on the offload pool; `not_found` or `internal` when it cannot be.
Task<Result<OpenFile>> open_to_read(Runtime& runtime, std::filesystem::path path);
/// Reads up to `size` bytes, on the offload pool; empty at the end of the file.
Task<Result<std::string>> read_part(Runtime& runtime, OpenFile file, std::uint64_t offset, std::size_t size);

}  // namespace torg::net
