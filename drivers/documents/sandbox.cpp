#include "drivers/documents/sandbox.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VOLT_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VOLT_SANITIZER 1
#endif
#endif

namespace volt::documents {

namespace {

#ifdef VOLT_SANITIZER
constexpr bool limits_memory = false;  // its shadow memory takes terabytes of address space
#else
constexpr bool limits_memory = true;
#endif

constexpr rlim_t most_written_file = rlim_t{64} * 1024, most_open_files = 64;

/// System calls for network, other processes, and the system, forbidden for every reader.
constexpr std::array never = {SCMP_SYS(socket),
                              SCMP_SYS(socketpair),
                              SCMP_SYS(connect),
                              SCMP_SYS(bind),
                              SCMP_SYS(listen),
                              SCMP_SYS(accept),
                              SCMP_SYS(accept4),
                              SCMP_SYS(sendto),
                              SCMP_SYS(sendmsg),
                              SCMP_SYS(recvfrom),
                              SCMP_SYS(recvmsg),
                              SCMP_SYS(io_uring_setup),
                              SCMP_SYS(setsid),  // its host ends it by its group
                              SCMP_SYS(setpgid),
                              SCMP_SYS(ptrace),
                              SCMP_SYS(process_vm_readv),
                              SCMP_SYS(process_vm_writev),
                              SCMP_SYS(mount),
                              SCMP_SYS(umount2),
                              SCMP_SYS(unshare),
                              SCMP_SYS(setns),
                              SCMP_SYS(bpf),
                              SCMP_SYS(perf_event_open),
                              SCMP_SYS(keyctl),
                              SCMP_SYS(add_key),
                              SCMP_SYS(userfaultfd),
                              SCMP_SYS(unlink),
                              SCMP_SYS(unlinkat),
                              SCMP_SYS(rename),
                              SCMP_SYS(renameat),
                              SCMP_SYS(renameat2),
                              SCMP_SYS(link),
                              SCMP_SYS(linkat),
                              SCMP_SYS(symlink),
                              SCMP_SYS(symlinkat),
                              SCMP_SYS(mkdir),
                              SCMP_SYS(mkdirat),
                              SCMP_SYS(rmdir),
                              SCMP_SYS(chmod),
                              SCMP_SYS(fchmod),
                              SCMP_SYS(fchmodat),
                              SCMP_SYS(chown),
                              SCMP_SYS(fchown),
                              SCMP_SYS(fchownat),
                              SCMP_SYS(lchown),
                              SCMP_SYS(truncate),
                              SCMP_SYS(mknod),
                              SCMP_SYS(mknodat),
                              SCMP_SYS(utimensat),
                              SCMP_SYS(setxattr),
                              SCMP_SYS(creat),
                              SCMP_SYS(open_by_handle_at)};
/// System calls forbidden for a reader that needs no file and no program.
constexpr std::array never_alone = {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(execve), SCMP_SYS(execveat),
                                    SCMP_SYS(fork), SCMP_SYS(vfork),  SCMP_SYS(clone)};

bool set_limit(int which, rlim_t most, rlim_t more = 0) {
    const struct rlimit limit { most, most + more };
    return ::setrlimit(static_cast<__rlimit_resource_t>(which), &limit) == 0;
}

bool forbid_writing(scmp_filter_ctx filter, int call, unsigned flags_at) {
    bool all = true;
    if (call < 0) return all;
    for (const int flag : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
        const scmp_arg_cmp has_it{flags_at, SCMP_CMP_MASKED_EQ, static_cast<scmp_datum_t>(flag), static_cast<scmp_datum_t>(flag)};
        all = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), call, 1, &has_it) == 0 && all;
    }
    return all;
}

bool load_filter(Confinement how) {
    const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
    if (!filter) return false;
    bool all = true;
    const auto forbid = [&](int call, int error) {
        if (call < 0) return;  // this architecture lacks this call
        all = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 0) == 0 && all;
    };
    for (const int call : never) forbid(call, EPERM);
    // Their arguments are behind pointers. A library falls back to calls with visible arguments.
    for (const int call : {SCMP_SYS(openat2), SCMP_SYS(clone3)}) forbid(call, ENOSYS);
    if (how == Confinement::alone) {
        for (const int call : never_alone) forbid(call, EPERM);
    } else {
        all = forbid_writing(filter.get(), SCMP_SYS(open), 1) && forbid_writing(filter.get(), SCMP_SYS(openat), 2) && all;
    }
    return all && seccomp_load(filter.get()) == 0;
}

void be_first_to_go() {
    const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    [[maybe_unused]] const ssize_t done = ::write(fd, "1000", 4);
    ::close(fd);
}

}  // namespace

std::string confine(Confinement how) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    be_first_to_go();
    const bool limited = set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_CPU, most_reader_cpu_s, 1) &&
                         set_limit(RLIMIT_FSIZE, most_written_file) && set_limit(RLIMIT_NOFILE, most_open_files) &&
                         (!limits_memory || set_limit(RLIMIT_AS, most_reader_bytes));
    if (!limited) return "its limits are refused";
    if (load_filter(how) || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) return {};
    return "seccomp and a private network namespace are both refused";
}

}  // namespace volt::documents
