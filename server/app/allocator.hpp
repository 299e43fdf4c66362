#pragma once
#include "runtime/runtime.hpp"

namespace torg::app {

/// Settles how glibc's allocator keeps freed memory; first thing in the program. Measured in bench/README.md.
void tune_allocator();

/// Gives freed memory back to the system once the server has become quiet, or once a minute when it never
/// does: the answers to a hundred first syncs leave tens of mebibytes behind, in pieces between what stays.
class IdleTrim {
 public:
  explicit IdleTrim(Runtime& runtime);
  ~IdleTrim();
  IdleTrim(IdleTrim const&) = delete;
  IdleTrim& operator=(IdleTrim const&) = delete;

 private:
  void look();
  void trim();

  Runtime& runtime_;
  Runtime::TimerId timer_;
  std::chrono::microseconds cpu_{};     ///< of this process, at the last look
  std::chrono::microseconds worked_{};  ///< since the last trim
  int looks_ = 0;                       ///< since the last trim
};

}  // namespace torg::app
