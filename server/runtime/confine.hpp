#pragma once
#include <cstdint>
#include <sys/types.h>

namespace torg {

/// Whether a worker may open files (to read; never to write). One that has loaded its libraries beforehand
/// needs none, and then can give away nothing that lies on the disk.
enum class FileAccess : std::uint8_t { read, none };

/// What a worker process may use before the kernel stops it.
struct Confinement {
  std::uint64_t memory_bytes =
      512u << 20;  ///< address space; not set in sanitizer builds, which reserve terabytes
  std::uint64_t cpu_seconds = 10;
  std::uint64_t open_files = 32;
  FileAccess files = FileAccess::read;
};

/// Locks the calling process in before it reads hostile input: limits on memory, time, files and processes,
/// no new privileges, no network (a namespace of its own where the kernel permits it), and a system call
/// filter that refuses sockets, programs, processes and every write to the file system. It dies with the
/// thread that started it. For single-threaded worker processes only; there is no way back.
/// @return false when the filter could not be put in place: don't go on
[[nodiscard]] bool confine_this_process(Confinement const& limits);

}  // namespace torg
