#include "drivers/documents/sandbox.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VOLT_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VOLT_SANITIZER 1
#endif
#endif

namespace volt::documents {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_looks{1};

#ifdef VOLT_SANITIZER
constexpr bool limits_memory = false;  // its shadow takes terabytes of address space
#else
constexpr bool limits_memory = true;
#endif

constexpr rlim_t most_written_file = rlim_t{64} * 1024, most_open_files = 64;

/// The network, other processes, and the system: for every reader.
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
/// For one that needs no file and no program.
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
        if (call < 0) return;  // this architecture has no such call
        all = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 0) == 0 && all;
    };
    for (const int call : never) forbid(call, EPERM);
    // Their arguments are behind pointers; a library falls back to those calls whose arguments can be seen.
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

/// The descriptors of a child to be, closed here once it runs.
struct SpawnActions {
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
    SpawnActions() {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
    }
    ~SpawnActions() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
};

pid_t start(const std::vector<std::string>& command, int input, int output) {
    SpawnActions actions;
    ::posix_spawn_file_actions_adddup2(&actions.files, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions.files, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // A group of its own: what it starts is killed with it.
    ::posix_spawnattr_setpgroup(&actions.attributes, 0);
    ::posix_spawnattr_setflags(&actions.attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (std::string& it : words) arguments.push_back(it.data());
    arguments.push_back(nullptr);
    std::string path = "PATH=/usr/bin:/bin", language = "LC_ALL=C.UTF-8";
    if (const char* ours = ::getenv("PATH"); ours != nullptr) path = std::string("PATH=") + ours;
    char* environment[] = {path.data(), language.data(), nullptr};
    pid_t child = -1;
    return ::posix_spawn(&child, arguments.front(), &actions.files, &actions.attributes, arguments.data(), environment) == 0
               ? child
               : -1;
}

/// Reads until the end of the output or a limit.
ReaderEnd read_until_end(int from, const std::function<bool(std::string_view)>& take, Clock::time_point deadline) {
    std::array<char, 64 * 1024> block{};
    std::size_t all = 0;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return ReaderEnd::time_limit;
        struct pollfd wait {
            from, POLLIN, 0
        };
        if (::poll(&wait, 1, static_cast<int>(left)) <= 0) continue;
        const ssize_t got = ::read(from, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return ReaderEnd::ended;
        all += static_cast<std::size_t>(got);
        if (all > most_reader_output) return ReaderEnd::output_limit;
        if (!take({block.data(), static_cast<std::size_t>(got)})) return ReaderEnd::stopped;
    }
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

ReaderExit run_reader(const std::vector<std::string>& command, int input, const std::function<bool(std::string_view)>& take,
                      std::chrono::milliseconds limit) {
    const Clock::time_point deadline = Clock::now() + limit;
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return {ReaderEnd::not_started};
    const pid_t child = start(command, input, ends[1]);
    ::close(ends[1]);
    ReaderExit exit;
    exit.end = child < 0 ? ReaderEnd::not_started : read_until_end(ends[0], take, deadline);
    ::close(ends[0]);
    if (child < 0) return exit;
    int status = 0;
    // It may have closed its output and go on.
    while (exit.end == ReaderEnd::ended && ::waitpid(child, &status, WNOHANG) == 0) {
        std::this_thread::sleep_for(between_looks);
        if (Clock::now() >= deadline) exit.end = ReaderEnd::time_limit;
    }
    if (exit.end != ReaderEnd::ended) {
        ::kill(-child, SIGKILL);
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        return exit;
    }
    exit.code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    exit.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (exit.signal != 0) exit.end = exit.signal == SIGXCPU ? ReaderEnd::cpu_limit : ReaderEnd::crashed;
    return exit;
}

}  // namespace volt::documents
