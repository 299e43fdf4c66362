#pragma once
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <unistd.h>

namespace torg::db {

/// Tests want a folder that syncs at once, benchmarks a real disk.
enum class Medium : std::uint8_t { memory, disk };

/// For tests: an empty folder of its own, gone with the object. In memory where the system has such a file
/// system.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(Medium medium = Medium::memory) {
    std::filesystem::path const memory = "/dev/shm";
    auto const in_memory = medium == Medium::memory && ::access(memory.c_str(), W_OK) == 0;
    auto name = ((in_memory ? memory : std::filesystem::temp_directory_path()) / "torg-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder like " + name);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;  // a leftover in the system's folder for such things harms nobody
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(TemporaryFolder const&) = delete;
  TemporaryFolder& operator=(TemporaryFolder const&) = delete;

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace torg::db
