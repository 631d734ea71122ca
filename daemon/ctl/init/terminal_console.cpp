#include "daemon/ctl/init/terminal_console.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace volt::ctl::init {

namespace {

constexpr int idle_ms = 200;
constexpr std::size_t most_typed = 16 * 1024;

/// Hides typed text while it exists.
class Unseen {
public:
    explicit Unseen(bool wanted) : on_(wanted && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!on_) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet);
    }
    ~Unseen() {
        if (on_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios before_{};
    bool on_;
};

}  // namespace

void TerminalConsole::write(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

std::optional<std::string> TerminalConsole::take_line() {
    const std::size_t end = typed_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = typed_.substr(0, end);
    typed_.erase(0, end + 1);
    return line;
}

std::optional<std::string> TerminalConsole::read_line(bool hidden, const std::function<void()>& idle) {
    const Unseen unseen(hidden);
    while (!interrupted()) {
        if (auto line = take_line()) {
            if (hidden) write("\n");
            return line;
        }
        pollfd input{STDIN_FILENO, POLLIN, 0};
        const int ready = ::poll(&input, 1, idle_ms);
        if (ready <= 0) {
            if (idle && ready == 0) idle();
            continue;
        }
        std::array<char, 1024> block{};
        const ssize_t got = ::read(STDIN_FILENO, block.data(), block.size());
        if (got == 0 || (got < 0 && !interrupted())) return std::nullopt;
        if (got > 0) typed_.append(block.data(), static_cast<std::size_t>(got));
        if (typed_.size() > most_typed) typed_.clear();
    }
    return std::nullopt;
}

bool TerminalConsole::pause(Duration duration) { return signals_->wait_ms(duration.count()) != Woken::interrupted; }

bool TerminalConsole::interrupted() const { return signals_->wait_ms(0) == Woken::interrupted; }

void TerminalConsole::forget() {
    signals_.reset();
    signals_.emplace();
}

}  // namespace volt::ctl::init
