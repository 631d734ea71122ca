#include "drivers/documents/reader_host.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace volt::documents {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t most_request_bytes = std::size_t{16} * 1024;

/// Input and output of one reader.
using Files = std::array<int, 2>;

/// A message with space for the files.
struct Envelope {
    iovec text;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Files))> room{};
    msghdr message{};
    Envelope(char* data, std::size_t size) : text{data, size} {
        message.msg_iov = &text;
        message.msg_iovlen = 1;
        message.msg_control = room.data();
        message.msg_controllen = room.size();
    }
    Envelope(const Envelope&) = delete;
    Envelope& operator=(const Envelope&) = delete;
};

bool send_request(int socket, const std::vector<std::string>& words, const Files& files) {
    std::string text;
    for (const std::string& it : words) text.append(it).push_back('\0');
    Envelope envelope(text.data(), text.size());
    cmsghdr* const part = CMSG_FIRSTHDR(&envelope.message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof(Files));
    std::memcpy(CMSG_DATA(part), files.data(), sizeof(Files));
    return ::sendmsg(socket, &envelope.message, MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// Reads the next request. Empty if the other side is gone.
std::optional<std::vector<std::string>> next_request(int socket, Files& files) {
    std::array<char, most_request_bytes> text{};
    Envelope envelope(text.data(), text.size());
    const ssize_t got = ::recvmsg(socket, &envelope.message, MSG_CMSG_CLOEXEC);
    const cmsghdr* const part = CMSG_FIRSTHDR(&envelope.message);
    if (got <= 0 || part == nullptr || part->cmsg_len != CMSG_LEN(sizeof(Files))) return std::nullopt;
    std::memcpy(files.data(), CMSG_DATA(part), sizeof(Files));
    std::vector<std::string> words;
    const char* const end = text.data() + got;
    for (const char* from = text.data(); from < end; from += words.back().size() + 1)
        words.emplace_back(from, std::find(from, end, '\0'));
    return words;
}

/// Descriptors of a future child, closed here once it runs.
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

pid_t spawn(const std::vector<std::string>& command, int input) {
    SpawnActions actions;
    ::posix_spawn_file_actions_adddup2(&actions.files, input, STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&actions.files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // A separate group: processes that it starts are killed with it.
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

/// Waits for input. Returns false at the deadline.
bool wait_for(int from, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        struct pollfd wait {
            from, POLLIN, 0
        };
        if (::poll(&wait, 1, static_cast<int>(left)) > 0) return true;
    }
}

/// Reads until the end of the output or a limit.
ReaderEnd read_until_end(int from, const std::function<bool(std::string_view)>& take, Clock::time_point deadline) {
    std::array<char, 64 * 1024> block{};
    std::size_t all = 0;
    for (;;) {
        if (!wait_for(from, deadline)) return ReaderEnd::time_limit;
        const ssize_t got = ::read(from, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return ReaderEnd::ended;
        all += static_cast<std::size_t>(got);
        if (all > most_reader_output) return ReaderEnd::output_limit;
        if (!take({block.data(), static_cast<std::size_t>(got)})) return ReaderEnd::stopped;
    }
}

/// Returns the reader's exit from its host: it may have closed its output and still run.
ReaderExit exit_of_reader(int socket, Clock::time_point deadline) {
    if (!wait_for(socket, deadline)) return {ReaderEnd::time_limit};
    int status = 0;
    if (::recv(socket, &status, sizeof status, 0) != sizeof status) return {ReaderEnd::crashed};
    if (WIFEXITED(status)) return {ReaderEnd::ended, WEXITSTATUS(status)};
    const int signal = WTERMSIG(status);
    return {signal == SIGXCPU ? ReaderEnd::cpu_limit : ReaderEnd::crashed, 0, signal};
}

int wait_for_end(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

}  // namespace

bool ReaderHost::start() {
    if (host_ > 0) return true;
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    host_ = spawn(command_, ends[1]);
    socket_ = ends[0];
    ::close(ends[1]);
    if (host_ < 0) end();
    return host_ > 0;
}

void ReaderHost::end() {
    if (socket_ >= 0) ::close(socket_);
    if (host_ > 0) {
        ::kill(-host_, SIGKILL);
        wait_for_end(host_);
    }
    socket_ = -1;
    host_ = -1;
}

ReaderExit ReaderHost::run(const std::vector<std::string>& words, int input, const std::function<bool(std::string_view)>& take,
                           std::chrono::milliseconds limit) {
    const Clock::time_point deadline = Clock::now() + limit;
    int ends[2] = {-1, -1};
    if (!start() || ::pipe2(ends, O_CLOEXEC) != 0) return {ReaderEnd::not_started};
    bool asked = send_request(socket_, words, {input, ends[1]});
    // A host that was killed between two files proves nothing about the next one.
    if (!asked) end(), asked = start() && send_request(socket_, words, {input, ends[1]});
    ::close(ends[1]);
    ReaderExit exit{asked ? read_until_end(ends[0], take, deadline) : ReaderEnd::crashed};
    ::close(ends[0]);
    if (exit.end == ReaderEnd::ended) exit = exit_of_reader(socket_, deadline);
    const bool host_stays = exit.end == ReaderEnd::ended || exit.signal != 0;
    if (!host_stays) end();
    return exit;
}

std::optional<std::vector<std::string>> serve_readers() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        Files files{};
        auto words = next_request(STDIN_FILENO, files);
        if (!words) return std::nullopt;
        const pid_t reader = ::fork();
        if (reader == 0) ::dup2(files[0], STDIN_FILENO), ::dup2(files[1], STDOUT_FILENO);
        for (const int file : files) ::close(file);
        if (reader == 0) return words;
        if (reader < 0) return std::nullopt;
        const int status = wait_for_end(reader);
        if (::send(STDIN_FILENO, &status, sizeof status, MSG_NOSIGNAL) != sizeof status) return std::nullopt;
    }
}

}  // namespace volt::documents
