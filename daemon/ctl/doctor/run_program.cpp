#include "daemon/ctl/doctor/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <thread>

#include "drivers/source.hpp"

namespace volt::ctl::doctor {

namespace {

/// Starts the program with standard output into `pipe` and all else closed.
pid_t spawned(const std::vector<std::string>& words, int to) {
    posix_spawn_file_actions_t actions;
    if (::posix_spawn_file_actions_init(&actions) != 0) return -1;
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT(*-const-cast): of C
    arguments.push_back(nullptr);
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? child : -1;
}

/// Reads until the end of the output, the limit, or `most` bytes.
std::string read_all(int from, Time end, std::size_t most) {
    std::string text;
    std::array<char, 4096> room{};
    pollfd watched{from, POLLIN, 0};
    while (text.size() < most) {
        const auto left = (end - monotonic_now()).count();
        if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) break;
        const ssize_t got = ::read(from, room.data(), room.size());
        if (got <= 0) break;
        text.append(room.data(), static_cast<std::size_t>(got));
    }
    text.resize(std::min(text.size(), most));
    return text;
}

/// Returns the exit code, or nothing if it had to be killed or ended by a signal.
std::optional<int> code_of(pid_t child, Time end) {
    constexpr std::chrono::milliseconds step{10};
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(child, &status, WNOHANG)) == 0 && monotonic_now() < end) std::this_thread::sleep_for(step);
    if (ended == 0) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        return std::nullopt;
    }
    return ended == child && WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

}  // namespace

std::optional<ProgramOutput> run_program(const std::vector<std::string>& words, std::chrono::milliseconds limit,
                                         std::size_t most) {
    const Time end = monotonic_now() + limit;
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) return std::nullopt;
    const pid_t child = spawned(words, pipe[1]);
    ::close(pipe[1]);
    std::string text = child > 0 ? read_all(pipe[0], end, most) : "";
    ::close(pipe[0]);
    if (child <= 0) return std::nullopt;
    const auto code = code_of(child, end);
    return code ? std::optional(ProgramOutput{*code, std::move(text)}) : std::nullopt;
}

}  // namespace volt::ctl::doctor
