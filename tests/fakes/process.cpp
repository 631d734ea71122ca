#include "tests/fakes/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace volt::testing {

namespace {

using Clock = std::chrono::steady_clock;
// A wait looks often at first, for what comes at once; a long one leaves the processor to what it waits for.
constexpr std::chrono::milliseconds first_step{2}, longest_step{20};

// Stays below the ports that the system gives to connections (from 32768), any of which may be taken at any time. A port that is
// bound, closed and bound again remains free in between, and a client that fails to connect to it is not connected to itself.
constexpr int first_port = 20000, port_count = 12000;

/// Returns a socket of this kind on this port of loopback, or less than 0.
int bound_to(int port, int kind) {
    const int fd = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

/// Returns pointers that end with a null, as exec requires.
std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (std::string& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

/// Runs in the child: must not allocate, since a thread of the parent may hold the lock.
[[noreturn]] void become(char* const* words, char* const* environment, int output) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed test leaves no children
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execvpe(words[0], words, environment);
    _exit(127);
}

}  // namespace

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
    auto step = first_step;
    for (const auto end = Clock::now() + limit; Clock::now() < end; step = std::min(step + step / 2, longest_step)) {
        if (condition()) return true;
        std::this_thread::sleep_for(step);
    }
    return condition();
}

Process::Process(std::vector<std::string> command, std::vector<std::string> environment) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    const auto given = environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry, name = text.substr(0, text.find('=') + 1);
        const auto replaces = [&](const std::string& one) { return one.starts_with(name); };
        if (std::none_of(given.begin(), given.end(), replaces)) environment.push_back(text);
    }
    const auto words = pointers(command), entries = pointers(environment);
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) become(words.data(), entries.data(), ends[1]);
    close(ends[1]);
    output_ = ends[0];
    reader_ = std::thread([this] { collect(); });
}

Process::~Process() {
    if (running()) {
        signal(SIGKILL);
        signal(SIGCONT);
        wait();
    }
    reader_.join();
    close(output_);
}

void Process::signal(int number) const {
    if (!status_) kill(pid_, number);
}

bool Process::running() {
    if (status_) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return false;
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
    eventually([this] { return !running() && all_read_; }, limit);
    return status_;
}

void Process::collect() {
    std::array<char, 4096> buffer{};
    std::string rest;
    while (true) {
        const ssize_t count = read(output_, buffer.data(), buffer.size());
        if (count <= 0) break;
        rest.append(buffer.data(), static_cast<std::size_t>(count));
        for (std::size_t end; (end = rest.find('\n')) != std::string::npos; rest.erase(0, end + 1)) {
            const std::lock_guard lock(mutex_);
            lines_.push_back(rest.substr(0, end));
        }
    }
    const std::lock_guard lock(mutex_);
    if (!rest.empty()) lines_.push_back(rest);
    all_read_ = true;
}

std::vector<std::string> Process::lines(std::size_t from) const {
    const std::lock_guard lock(mutex_);
    return {lines_.begin() + static_cast<std::ptrdiff_t>(std::min(from, lines_.size())), lines_.end()};
}

std::string Process::text() const {
    std::string all;
    for (const std::string& line : lines()) all += line + "\n";
    return all;
}

std::optional<std::string> Process::wait_for(const std::string& part, std::size_t from, std::chrono::milliseconds limit) const {
    std::optional<std::string> found;
    eventually(
        [&] {
            const std::lock_guard lock(mutex_);
            for (; from < lines_.size() && !found; ++from)
                if (lines_[from].find(part) != std::string::npos) found = lines_[from];
            return found.has_value();
        },
        limit);
    return found;
}

Ended shell(const std::string& command) {
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("popen");
    Ended ended;
    std::array<char, 4096> room{};
    while (const std::size_t got = std::fread(room.data(), 1, room.size(), pipe)) ended.out.append(room.data(), got);
    const int status = ::pclose(pipe);
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ended;
}

TempDir::TempDir() {
    std::string name = std::filesystem::temp_directory_path() / "voltd-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

int free_port() {
    static std::atomic<int> asked{0};
    const int begin = static_cast<int>(static_cast<unsigned>(getpid()) * 7919u % port_count);
    for (int tried = 0; tried < port_count; ++tried) {
        const int port = first_port + (begin + asked++) % port_count;
        if (bound_to(port, SOCK_DGRAM) < 0) continue;  // another test process has it; ours is kept until the process ends
        if (const int probe = bound_to(port, SOCK_STREAM); probe >= 0) {
            close(probe);
            return port;
        }
    }
    throw std::runtime_error("no free port");
}

void write_file(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string read_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace volt::testing
