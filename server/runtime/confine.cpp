#include "runtime/confine.hpp"

#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <span>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace torg {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#endif

void limit(decltype(RLIMIT_CPU) what, std::uint64_t value) {
  rlimit const both{value, value};
  ::setrlimit(what, &both);
}

// clang-format off
#define TORG_REFUSE(number) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1 /* EPERM */)

/// Everything is allowed but what reaches other processes, the network or writes to files: a parser only reads its
/// input, allocates and writes its answer.
constexpr sock_filter kFilter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
#if defined(__x86_64__)
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000 /* the x32 numbers */, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    TORG_REFUSE(SYS_open), TORG_REFUSE(SYS_creat), TORG_REFUSE(SYS_fork), TORG_REFUSE(SYS_vfork),
    TORG_REFUSE(SYS_unlink), TORG_REFUSE(SYS_rename), TORG_REFUSE(SYS_mkdir), TORG_REFUSE(SYS_rmdir),
    TORG_REFUSE(SYS_link), TORG_REFUSE(SYS_symlink), TORG_REFUSE(SYS_chmod), TORG_REFUSE(SYS_chown),
    TORG_REFUSE(SYS_lchown), TORG_REFUSE(SYS_mknod), TORG_REFUSE(SYS_utime), TORG_REFUSE(SYS_utimes),
    TORG_REFUSE(SYS_futimesat),
#endif
    // What reaches processes of the same user, the server among them.
    TORG_REFUSE(SYS_tgkill), TORG_REFUSE(SYS_rt_sigqueueinfo), TORG_REFUSE(SYS_rt_tgsigqueueinfo),
    TORG_REFUSE(SYS_pidfd_open), TORG_REFUSE(SYS_pidfd_getfd), TORG_REFUSE(SYS_pidfd_send_signal),
    TORG_REFUSE(SYS_setpriority), TORG_REFUSE(SYS_ioprio_set), TORG_REFUSE(SYS_sched_setaffinity),
    TORG_REFUSE(SYS_sched_setparam), TORG_REFUSE(SYS_sched_setscheduler), TORG_REFUSE(SYS_sched_setattr),
    TORG_REFUSE(SYS_migrate_pages), TORG_REFUSE(SYS_move_pages), TORG_REFUSE(SYS_process_madvise),
    TORG_REFUSE(SYS_shmget), TORG_REFUSE(SYS_msgget), TORG_REFUSE(SYS_semget), TORG_REFUSE(SYS_mq_open),
    // What changes a file that is only open for reading, or has more of the kernel than a parser needs.
    TORG_REFUSE(SYS_fchmod), TORG_REFUSE(SYS_fchown), TORG_REFUSE(SYS_utimensat), TORG_REFUSE(SYS_setxattr),
    TORG_REFUSE(SYS_lsetxattr), TORG_REFUSE(SYS_fsetxattr), TORG_REFUSE(SYS_removexattr),
    TORG_REFUSE(SYS_lremovexattr), TORG_REFUSE(SYS_fremovexattr), TORG_REFUSE(SYS_mq_unlink),
    TORG_REFUSE(SYS_unshare), TORG_REFUSE(SYS_setns), TORG_REFUSE(SYS_chroot), TORG_REFUSE(SYS_pivot_root),
    TORG_REFUSE(SYS_umount2), TORG_REFUSE(SYS_open_tree), TORG_REFUSE(SYS_move_mount), TORG_REFUSE(SYS_fsopen),
    TORG_REFUSE(SYS_open_by_handle_at), TORG_REFUSE(SYS_userfaultfd), TORG_REFUSE(SYS_perf_event_open),
    TORG_REFUSE(SYS_add_key), TORG_REFUSE(SYS_request_key),
    // prlimit64: one's own limits may be asked for, nobody else's
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 4),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    TORG_REFUSE(SYS_socket), TORG_REFUSE(SYS_socketpair), TORG_REFUSE(SYS_connect), TORG_REFUSE(SYS_bind),
    TORG_REFUSE(SYS_listen), TORG_REFUSE(SYS_execve), TORG_REFUSE(SYS_execveat), TORG_REFUSE(SYS_clone),
    TORG_REFUSE(SYS_clone3), TORG_REFUSE(SYS_ptrace), TORG_REFUSE(SYS_process_vm_readv),
    TORG_REFUSE(SYS_process_vm_writev), TORG_REFUSE(SYS_kill), TORG_REFUSE(SYS_tkill), TORG_REFUSE(SYS_openat2),
    TORG_REFUSE(SYS_unlinkat), TORG_REFUSE(SYS_renameat), TORG_REFUSE(SYS_renameat2), TORG_REFUSE(SYS_mkdirat),
    TORG_REFUSE(SYS_linkat), TORG_REFUSE(SYS_symlinkat), TORG_REFUSE(SYS_mknodat), TORG_REFUSE(SYS_fchmodat),
    TORG_REFUSE(SYS_fchownat), TORG_REFUSE(SYS_truncate), TORG_REFUSE(SYS_mount), TORG_REFUSE(SYS_bpf),
    TORG_REFUSE(SYS_io_uring_setup), TORG_REFUSE(SYS_memfd_create), TORG_REFUSE(SYS_keyctl),
    // openat: reading only
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 4),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/// On top of the other, for `FileAccess::none`.
constexpr sock_filter kNoFiles[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    TORG_REFUSE(SYS_openat),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
// clang-format on

bool install_filter(std::span<sock_filter const> filter) {
  sock_fprog const program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace

bool confine_this_process(Confinement const& limits) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // Not permitted in every container; the filter refuses sockets in any case.
  (void)::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC);
  if (!kSanitized) limit(RLIMIT_AS, limits.memory_bytes);
  limit(RLIMIT_CPU, limits.cpu_seconds);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, limits.open_files);
  limit(RLIMIT_NPROC, 0);
  // The second first: once installed, a filter could refuse the next.
  return (limits.files == FileAccess::read || install_filter(kNoFiles)) && install_filter(kFilter);
}

}  // namespace torg
