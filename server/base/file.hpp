#pragma once
#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace torg {

/// A file, a folder or a socket of the operating system, closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int descriptor = -1) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor() { close(); }

  void close();
  /// Whether it is open.
  explicit operator bool() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// open(2): not inherited by child processes, and what it makes is for the owner alone. When the result is
/// not open, `errno` says why.
[[nodiscard]] Descriptor open_file(std::filesystem::path const& path, int flags);
/// All bytes of a file that somebody named; `-` is standard input. A file that never ends is refused like
/// one too large. Errors: invalid_param with the path and the reason.
[[nodiscard]] Result<std::string> read_file(std::filesystem::path const& path, std::size_t at_most);
/// Writes everything, however often it is interrupted. @return false with `errno` set when that can't be done
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes);
/// Makes the names in a folder survive a loss of power. @return false with `errno` set
[[nodiscard]] bool sync_folder(std::filesystem::path const& folder);

}  // namespace torg
