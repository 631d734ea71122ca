#include "daemon/ctl/views/terminal.hpp"

#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace volt::ctl {

namespace {

/// Descriptor for the signal handler; -1 while nothing waits.
volatile sig_atomic_t interrupt_fd = -1;

/// Value of --color. The process has one terminal.
enum class Colours : std::uint8_t { automatic, always, never } colours = Colours::automatic;

void interrupted(int) {
    const std::uint64_t one = 1;
    const int fd = interrupt_fd;
    if (fd >= 0) [[maybe_unused]]
        const auto written = ::write(fd, &one, sizeof one);
}

/// Handler that does nothing. It only ends a wait.
void resized(int) {}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

bool terminal_has_utf8() {
    std::setlocale(LC_CTYPE, "");
    return std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
}

bool on_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

void colour_when(const std::string& when) {
    colours = when == "always" ? Colours::always : when == "never" ? Colours::never : Colours::automatic;
}

Paint paint_for_output() {
    if (colours != Colours::automatic) return {colours == Colours::always};
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool refused = (no_color != nullptr && *no_color != '\0') || (term != nullptr && std::string_view(term) == "dumb");
    return {on_terminal() && !refused};
}

Screen screen_of_output() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20 || size.ws_row < 5) return {};
    return {size.ws_col, size.ws_row};
}

std::size_t table_width() { return on_terminal() ? screen_of_output().width : 0; }

Interruptible::Interruptible() {
    interrupt_fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    handle(SIGINT, interrupted);
    handle(SIGTERM, interrupted);
    handle(SIGWINCH, resized);
}

Interruptible::~Interruptible() {
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
    handle(SIGWINCH, SIG_DFL);
    const int fd = interrupt_fd;
    interrupt_fd = -1;
    ::close(fd);
}

Woken Interruptible::wait_ms(std::int64_t milliseconds) const {
    pollfd watched{interrupt_fd, POLLIN, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(milliseconds, 0, 3'600'000)));
    if (ready > 0) return Woken::interrupted;
    return ready < 0 ? Woken::resized : Woken::time;
}

}  // namespace volt::ctl
