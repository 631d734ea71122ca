#include "daemon/api/routes/live_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <random>

#include "daemon/api/http/answers.hpp"
#include "daemon/api/live_changes.hpp"

namespace volt::api {

namespace {

constexpr int next_ms = 2000, next_ms_of_many = 5000;
constexpr std::size_t many_readers = 8;     // number of readers above which each polls less often
constexpr std::size_t most_readers = 128;   // maximum readers that are counted separately
constexpr Duration reader_forgotten = 12s;  // time after its last poll: more than two of the longer gaps

std::string text_of(const std::string& text) { return json_text(Object(text)); }

/// Returns an id of this process, because turns of another one are different turns.
std::string new_boot_id() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

/// Reads a turn of any number of digits. One that is too large never comes.
std::optional<HttpAnswer> read_turn(const std::string& text, std::optional<std::uint64_t>& turn) {
    if (text.empty()) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return field_error(400, "after: '" + text + "' is not a turn", "after", "the `turn` of an earlier answer");
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    turn = read.ec == std::errc{} ? number : std::numeric_limits<std::uint64_t>::max();
    return std::nullopt;
}

void join(std::string& into, const std::string& what) {
    if (into.back() != '[' && into.back() != '{') into += ',';
    into += what;
}

/// Readers that poll, counted to ask many of them for longer gaps.
class Readers {
public:
    /// Returns the number of readers, including this one.
    std::size_t count(const std::string& reader, Time now) {
        std::erase_if(seen_, [now](const auto& it) { return now - it.second > reader_forgotten; });
        if (seen_.size() < most_readers || seen_.contains(reader)) seen_[reader] = now;
        return seen_.size();
    }

private:
    std::map<std::string, Time> seen_;
};

/// State that the handlers share. It lives as long as their row.
class LiveHandlers {
public:
    LiveHandlers(const StatusBoard& board, LiveContext context)
        : board_(board), context_(std::move(context)), boot_(new_boot_id()) {}

    HttpAnswer live(const HttpRequest& request) {
        std::optional<std::uint64_t> after;
        if (auto wrong = read_turn(value_of(request, "after"), after)) return *wrong;
        const std::string view = value_of(request, "view");
        if (!view.empty() && view != "now" && view != "all")
            return field_error(400, "view: '" + view + "' is not a known value", "view", "now, all");
        if (value_of(request, "boot") != boot_) after.reset();
        const auto page = board_.page();
        if (!page) return error_answer(503, no_turn_text);
        const Time now = context_.now();
        if (is_late(*page, now)) return error_answer(503, late_loop_text);
        const std::lock_guard lock(mutex_);
        changes_.take(page);
        if (!change_at_first_) change_at_first_ = context_.last_change ? context_.last_change() : 0;
        const Caller& caller = request.caller;
        const std::size_t readers = readers_.count(caller.session.empty() ? request.peer : caller.session, now);
        return {200, answer(changes_.since(after, view == "now"), caller.role, now, readers > many_readers)};
    }

private:
    std::string answer(const LiveChanges::Difference& it, Role role, Time now, bool slower) const {
        const StatusSnapshot& page = changes_.page();
        std::string text = fmt::format(
            R"({{"boot":"{}","turn":{},"at":"{}","local":"{}","page_ms":{},"ui":"{}","change":{},"role":"{}","full":{},"objects":{{)",
            boot_, page.turn, iso_utc(page.at), iso_local(page.local), (now - page.posted).count(), context_.ui,
            std::max(page.newest_change, *change_at_first_), name_of(std::max(role, Role::view)), it.full);
        for (const auto& [topic, json] : it.objects) join(text, text_of(topic) + ':' + json);
        text += "},\"gone\":[";
        for (const std::string& topic : it.gone) join(text, text_of(topic));
        text += "],\"events\":[";
        for (const std::string& event : it.events) join(text, event);
        return text + fmt::format("],\"next_ms\":{}}}", slower ? next_ms_of_many : next_ms);
    }

    const StatusBoard& board_;
    const LiveContext context_;
    const std::string boot_;
    std::mutex mutex_;  ///< held for moments only
    LiveChanges changes_;
    Readers readers_;
    std::optional<std::int64_t> change_at_first_;
};

}  // namespace

std::vector<Route> live_routes(const StatusBoard& board, LiveContext context) {
    const auto handlers = std::make_shared<LiveHandlers>(board, std::move(context));
    return {{"GET",
             "/api/live",
             [handlers](const HttpRequest& it) { return handlers->live(it); },
             Body::none,
             {"after", "boot", "view"}}};
}

}  // namespace volt::api
