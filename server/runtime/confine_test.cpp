#include "runtime/confine.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace torg {
namespace {

/// What a parser that was taken over might try; `file` is open for reading, as its input is.
struct Attempt {
  char const* what;
  long (*go)(pid_t server, int file);
};

constexpr Attempt kAttempts[] = {
    {"kill", [](pid_t server, int) { return long{::kill(server, 0)}; }},
    {"tgkill", [](pid_t server, int) { return ::syscall(SYS_tgkill, server, server, 0); }},
    {"pidfd_open", [](pid_t server, int) { return ::syscall(SYS_pidfd_open, server, 0); }},
    {"prlimit of another",
     [](pid_t server, int) {
       rlimit old{};
       return ::syscall(SYS_prlimit64, server, RLIMIT_NOFILE, nullptr, &old);
     }},
    {"setpriority", [](pid_t server, int) { return long{::setpriority(PRIO_PROCESS, server, 0)}; }},
    {"sched_setaffinity",
     [](pid_t server, int) {
       cpu_set_t cpus;
       CPU_ZERO(&cpus);
       CPU_SET(0, &cpus);
       return long{::sched_setaffinity(server, sizeof cpus, &cpus)};
     }},
    {"ptrace", [](pid_t server, int) { return ::syscall(SYS_ptrace, 16 /* attach */, server, 0, 0); }},
    {"socket", [](pid_t, int) { return ::syscall(SYS_socket, 1, 1, 0); }},
    {"open", [](pid_t, int) { return long{::open("/etc/passwd", O_RDONLY)}; }},
    {"mknod", [](pid_t, int) { return long{::mknod("made-by-a-parser", S_IFREG | 0600, 0)}; }},
    {"fchmod", [](pid_t, int file) { return long{::fchmod(file, 0)}; }},
    {"futimens", [](pid_t, int file) { return long{::futimens(file, nullptr)}; }},
    {"fork", [](pid_t, int) { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }},
    {"unshare", [](pid_t, int) { return long{::unshare(CLONE_NEWNS)}; }},
};

/// Runs in a child: 0, or the number of the first attempt that wasn't refused.
int attempt_all(pid_t server, int file) {
  constexpr Confinement kLimits{
      .memory_bytes = 512u << 20, .cpu_seconds = 5, .open_files = 32, .files = FileAccess::none};
  if (!confine_this_process(kLimits)) return 100;
  for (std::size_t i = 0; i < std::size(kAttempts); ++i) {
    errno = 0;
    if (kAttempts[i].go(server, file) != -1 || errno != EPERM) return static_cast<int>(i) + 1;
  }
  rlimit own{};
  return ::getrlimit(RLIMIT_NOFILE, &own) == 0 && own.rlim_cur == kLimits.open_files ? 0 : 101;
}

TEST(Confine, LeavesAParserNothingButItsInput) {
  std::array<char, 32> name{"/tmp/torg-confine-XXXXXX"};
  int const made = ::mkstemp(name.data());
  ASSERT_GE(made, 0);
  int const file = ::open(name.data(), O_RDONLY | O_CLOEXEC);
  auto const server = ::getpid();
  auto const child = ::fork();
  if (child == 0) ::_exit(attempt_all(server, file));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ::close(file);
  ::close(made);
  ::unlink(name.data());
  ASSERT_TRUE(WIFEXITED(status)) << status;
  auto const code = static_cast<std::size_t>(WEXITSTATUS(status));
  EXPECT_EQ(code, 0U) << (code >= 1 && code <= std::size(kAttempts) ? kAttempts[code - 1].what : "set-up");
}

}  // namespace
}  // namespace torg
