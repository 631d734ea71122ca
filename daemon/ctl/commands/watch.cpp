// `voltctl watch`: redraws the screen in place; prints plain lines without a terminal.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds first_answer_limit{5};
constexpr RequestLimits once{answer_limit, false};  // it retries by itself

/// Display method, chosen once.
class Show {
public:
    virtual ~Show() = default;
    virtual void status(const Json& status, const std::string& body) = 0;
    virtual void error(const std::string& text) = 0;
};

class InPlace : public Show {
public:
    /// Uses the terminal's alternate screen, so that the main one returns at the end. Hides the cursor.
    explicit InPlace(std::string note) : note_(std::move(note)) {
        std::setvbuf(stdout, nullptr, _IOFBF, std::size_t{1} << 16);  // write a frame in one piece to avoid flicker
        std::cout << "\033[?1049h\033[2J\033[?25l";
    }
    ~InPlace() override { std::cout << "\033[?25h\033[?1049l" << std::flush; }
    void status(const Json& status, const std::string&) override {
        draw(status_screen(status, screen(), paint_, true));
        last_ = status;
    }
    void error(const std::string& text) override {
        auto lines = last_.is_null() ? std::vector<std::string>{} : status_screen(last_, screen(), paint_, true);
        lines.insert(lines.begin(), paint_(Colour::red, clipped(text, screen().width)));
        if (lines.size() > screen().height) lines.resize(screen().height);
        draw(lines);
    }

private:
    /// Leaves one row for the cursor below, and one for the note.
    Screen screen() const {
        Screen size = screen_of_output();
        size.height -= std::min<std::size_t>(size.height, note_.empty() ? 1 : 2);
        return size;
    }
    void draw(const std::vector<std::string>& lines) const {
        std::string text = "\033[H";
        if (!note_.empty()) text += paint_(Colour::cyan, clipped(note_, screen().width)) + "\033[K\r\n";
        for (const std::string& line : lines) text += line + "\033[K\r\n";
        std::cout << text << "\033[J" << std::flush;
    }
    const Paint paint_ = paint_for_output();
    const std::string note_;
    Json last_;
};

class PlainLines : public Show {
public:
    explicit PlainLines(const std::string& note) {
        if (!note.empty()) print_line(note);
    }
    void status(const Json& status, const std::string&) override {
        print_events(status);
        print_line(status_line(status));
    }
    void error(const std::string& text) override { print_line(text); }

private:
    void print_line(const std::string& line) { std::cout << line << '\n' << std::flush; }
    /// Prints the changes after the last printed one.
    void print_events(const Json& status) {
        const Json& events = part(status, "events");
        if (!events.is_array()) return;
        std::size_t first = 0;
        for (std::size_t i = 0; i < events.size(); ++i)
            if (events[i] == last_) first = i + 1;
        for (std::size_t i = first; i < events.size(); ++i) print_line("  " + event_line(events[i], status));
        if (!events.empty()) last_ = events.back();
    }
    Json last_;
};

class JsonLines : public Show {
public:
    void status(const Json&, const std::string& body) override { std::cout << body << '\n' << std::flush; }
    void error(const std::string& text) override { std::cerr << "voltctl: " << text << '\n'; }
};

std::unique_ptr<Show> way_of(const WatchOptions& options) {
    if (options.json) return std::make_unique<JsonLines>();
    if (on_terminal()) return std::make_unique<InPlace>(options.note);
    return std::make_unique<PlainLines>(options.note);
}

bool show_once(const ApiReply& reply, Show& show) {
    const Json status = reply.ok() ? Json::parse(reply.body, nullptr, false) : Json();
    if (status.is_object()) show.status(status, reply.body);
    else show.error(reply.error.empty() ? "voltd's answer is not a JSON object" : reply.error);
    return status.is_object();
}

}  // namespace

int watch(const ApiAddress& given, const WatchOptions& options) {
    ApiAddress address = given;
    const Interruptible interruptible;
    auto show = way_of(options);
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::duration<double>(options.for_s.value_or(1e9));
    const auto interval = std::chrono::duration<double>(options.interval_s);
    bool seen = false;
    const auto leave = [&](const ApiReply& reply) {
        show.reset();  // the following lines must appear below the previous output
        return seen ? exit_ok : complain(address, reply);
    };
    for (int turn = 1;;) {
        ApiReply reply = get(address, "/api/status", once);
        // A restarted voltd may have a new token.
        if (reply.reached && reply.status == 401 && take_new_token(address)) reply = get(address, "/api/status", once);
        seen = show_once(reply, *show) || seen;
        const bool refused = reply.reached && reply.status == 401;
        if (refused || (!seen && Clock::now() - begin > first_answer_limit)) {
            show.reset();
            return complain(address, reply);
        }
        const auto next = std::min<std::chrono::duration<double>>(begin + turn * interval - Clock::now(), end - Clock::now());
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(std::max(next, std::chrono::duration<double>(0)));
        const Woken woken = interruptible.wait_ms(wait.count());
        if (woken == Woken::interrupted || Clock::now() >= end) return leave(reply);
        if (woken == Woken::time) turn = std::max(turn + 1, static_cast<int>((Clock::now() - begin) / interval));
    }
}

}  // namespace volt::ctl
