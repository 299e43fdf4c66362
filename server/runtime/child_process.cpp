#include "runtime/child_process.hpp"

#include "base/file.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace torg {
namespace {

constexpr std::size_t kErrorLimit = 16 * 1024;
constexpr std::size_t kChunk = 64 * 1024;

using Clock = std::chrono::steady_clock;

struct Channel {
  Descriptor ours, theirs;
};

/// Socket pairs rather than pipes: a write to a child that has gone must not raise SIGPIPE.
Result<Channel> make_channel() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(ErrorCode::unavailable, "A helper program could not be started.", "socketpair failed");
  Channel channel{Descriptor(ends[0]), Descriptor(ends[1])};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return channel;
}

std::vector<char*> c_strings(std::vector<std::string> const& texts) {
  std::vector<char*> pointers;
  for (auto const& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// One running child: killed and reaped when this goes away.
class Child {
 public:
  static Result<std::unique_ptr<Child>> start(ChildCommand const& command) {
    auto in = make_channel(), out = make_channel(), err = make_channel();
    for (auto* channel : {&in, &out, &err})
      if (!*channel) return fail(std::move(*channel));
    auto const pid = spawn(command, in->theirs.get(), out->theirs.get(), err->theirs.get());
    if (!pid)
      return fail(ErrorCode::unavailable, "A helper program could not be started.",
                  command.arguments.front());
    auto child = std::unique_ptr<Child>(new Child(*pid));
    child->in_ = std::move(in->ours);
    child->out_ = std::move(out->ours);
    child->err_ = std::move(err->ours);
    return child;
  }

  ~Child() {
    if (pid_ > 0) stop();
  }

  Result<ChildOutput> talk(ChildCommand const& command) {
    auto const until = Clock::now() + command.deadline;
    std::string_view rest = command.input;
    ChildOutput result;
    if (rest.empty()) in_.close();  // it may read to the end of nothing before it says a word
    while (out_ || err_) {
      if (!wait(until, !rest.empty())) return fail(ErrorCode::unavailable, "A helper program took too long.");
      feed(rest);
      drain(out_, result.output, command.output_limit + 1);
      drain(err_, result.errors, kErrorLimit);
      if (result.output.size() > command.output_limit)
        return fail(ErrorCode::too_large, "A helper program answered with too much.");
    }
    return finish(std::move(result), until);
  }

 private:
  explicit Child(pid_t pid) : pid_(pid), alive_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

  static std::optional<pid_t> spawn(ChildCommand const& command, int in, int out, int err) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (command.input_file.empty())
      posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, command.input_file.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    pid_t pid = 0;
    auto const arguments = c_strings(command.arguments), environment = c_strings(command.environment);
    auto const error =
        ::posix_spawn(&pid, arguments.front(), &actions, &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? std::optional(pid) : std::nullopt;
  }

  bool wait(Clock::time_point until, bool writing) const {
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    pollfd watched[] = {
        {writing ? in_.get() : -1, POLLOUT, 0}, {out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}};
    auto const ready = ::poll(watched, 3, static_cast<int>(left));
    return ready > 0 || (ready < 0 && errno == EINTR);
  }

  void feed(std::string_view& rest) {
    while (!rest.empty()) {
      auto const sent = ::send(in_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent > 0)
        rest.remove_prefix(static_cast<std::size_t>(sent));
      else if (sent < 0 && errno == EAGAIN)
        return;
      else
        rest = {};  // the child stopped listening: its exit code will say why
    }
    in_.close();
  }

  static void drain(Descriptor& from, std::string& into, std::size_t limit) {
    char chunk[kChunk];
    while (from) {
      auto const got = ::recv(from.get(), chunk, sizeof chunk, 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (got <= 0) return from.close();
      auto const room = limit - std::min(limit, into.size());
      into.append(chunk, std::min(room, static_cast<std::size_t>(got)));
    }
  }

  Result<ChildOutput> finish(ChildOutput result, Clock::time_point until) {
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd watched{alive_.get(), POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left, 1))) <= 0)
      return fail(ErrorCode::unavailable, "A helper program took too long.");
    result.exit_code = reap();
    return result;
  }

  int reap() {
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  void stop() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    reap();
  }

  pid_t pid_;
  Descriptor alive_, in_, out_, err_;
};

}  // namespace

Result<ChildOutput> run_child_blocking(ChildCommand const& command) {
  auto child = Child::start(command);
  if (!child) return fail(std::move(child));
  return (*child)->talk(command);
}

Task<Result<ChildOutput>> run_child(Runtime& runtime, ChildCommand command) {
  co_return co_await run_offloaded(runtime,
                                   [command = std::move(command)] { return run_child_blocking(command); });
}

}  // namespace torg
