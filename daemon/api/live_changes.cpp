#include "daemon/api/live_changes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace volt::api {

namespace {

constexpr std::array<std::string_view, 4> restless = {"at", "age_s", "rtt_ms", "runtime_today_s"};
constexpr std::array<std::string_view, 2> times_left = {"lease_left_s", "remaining_s"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Returns the position after the string that begins at `from`.
std::size_t end_of_string(const std::string& json, std::size_t from) {
    std::size_t at = from + 1;
    while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2U : 1U;
    return std::min(at + 1, json.size());
}

/// Returns the position after the plain value (text, number, word) that begins at `from`.
std::size_t end_of_value(const std::string& json, std::size_t from) {
    if (from < json.size() && json[from] == '"') return end_of_string(json, from);
    return std::min(json.find_first_of(",}]", from), json.size());
}

bool is_source(const std::string& topic) { return topic.starts_with("source/"); }
bool is_always_sent(const std::string& topic) { return topic == "battery" || topic == "power"; }

/// Returns the word of `state`, or an empty string if there is none.
std::string state_of(const std::string& json) {
    constexpr std::string_view key = "\"state\":\"";
    const std::size_t begin = json.find(key);
    if (begin == std::string::npos) return {};
    const std::size_t end = json.find('"', begin + key.size());
    return json.substr(begin + key.size(), end - begin - key.size());
}

/// Returns true if every remaining time equals the earlier one minus the elapsed time.
bool ran_on(const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& now, Duration passed) {
    const auto near = [passed](std::int64_t then, std::int64_t left) {
        return std::abs(then - passed.count() - left) <= LiveChanges::tolerance.count();
    };
    return std::equal(before.begin(), before.end(), now.begin(), now.end(), near);
}

}  // namespace

StillText still_text(const std::string& json) {
    StillText still;
    still.text.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        if (json[at] != '"') {
            still.text += json[at++];
            continue;
        }
        const std::size_t end = end_of_string(json, at);
        still.text.append(json, at, end - at);
        const std::string_view name = std::string_view(json).substr(at + 1, end - at - 2);
        at = end;
        if (at >= json.size() || json[at] != ':') continue;
        const bool left = is_one_of(times_left, name);
        if (!left && !is_one_of(restless, name)) continue;
        const std::size_t value = at + 1, rest = end_of_value(json, value);
        if (left && json[value] != 'n') {  // null remains in the text
            still.left_ms.push_back(std::llround(1000 * std::strtod(json.c_str() + value, nullptr)));
            still.text += ':';
        } else if (left) {
            still.text.append(json, at, rest - at);
        }
        at = rest;
    }
    return still;
}

void LiveChanges::compare(const std::string& topic, const std::string& json) {
    const auto [found, fresh] = objects_.try_emplace(topic);
    Kept& kept = found->second;
    kept.seen = page_->turn;
    gone_.erase(topic);
    if (is_source(topic))
        if (std::string state = state_of(json); fresh || state != kept.state) {
            kept.state = std::move(state);
            kept.state_moved = page_->turn;
        }
    StillText still = still_text(json);
    const bool same =
        !fresh && still.text == kept.still.text && ran_on(kept.still.left_ms, still.left_ms, page_->rendered - kept.at);
    if (same) return;
    kept.still = std::move(still);
    kept.at = page_->rendered;
    kept.moved = page_->turn;
}

void LiveChanges::take(std::shared_ptr<const StatusSnapshot> page) {
    if (page_ && page->turn <= page_->turn) return;
    const auto before = std::exchange(page_, std::move(page));
    const bool same_texts = before && before->rendered == page_->rendered;  // most of them, at the same position
    for (std::size_t i = 0; i < page_->objects.size(); ++i) {
        const auto& [topic, json] = page_->objects[i];
        if (same_texts && i < before->objects.size() && page_->objects[i] == before->objects[i])
            objects_.at(topic).seen = page_->turn;
        else compare(topic, json);
    }
    for (auto it = objects_.begin(); it != objects_.end();) {
        const bool here = it->second.seen == page_->turn;
        if (!here) gone_[it->first] = page_->turn;
        it = here ? std::next(it) : objects_.erase(it);
    }
    marks_.push_back({page_->turn, page_->events_made});
    if (marks_.size() > most_kept) marks_.pop_front();
    std::erase_if(gone_, [this](const auto& it) { return it.second <= marks_.front().turn; });
    if (gone_.size() <= most_gone) return;
    gone_.clear();
    marks_.erase(marks_.begin(), marks_.end() - 1);
}

/// Returns the newest kept page that is no newer than this turn, or null if none is kept or the turn is in the future.
const LiveChanges::Mark* LiveChanges::mark_of(std::uint64_t after) const {
    if (after > marks_.back().turn) return nullptr;
    const auto newer = std::upper_bound(marks_.begin(), marks_.end(), after,
                                        [](std::uint64_t turn, const Mark& mark) { return turn < mark.turn; });
    return newer == marks_.begin() ? nullptr : &*std::prev(newer);
}

LiveChanges::Difference LiveChanges::since(std::optional<std::uint64_t> after, bool now) const {
    const Mark* mark = after ? mark_of(*after) : nullptr;
    const std::uint64_t missed = mark ? page_->events_made - mark->events : 0;
    Difference difference;
    if (!mark || missed > page_->events.size()) {
        difference.objects = page_->objects;
        difference.events = page_->events;
        return difference;
    }
    difference.full = false;
    for (const auto& [topic, json] : page_->objects) {
        const Kept& kept = objects_.at(topic);
        const std::uint64_t moved = now && is_source(topic) ? kept.state_moved : kept.moved;
        if (is_always_sent(topic) || moved > mark->turn) difference.objects.emplace_back(topic, json);
    }
    for (const auto& [topic, turn] : gone_)
        if (turn > mark->turn) difference.gone.push_back(topic);
    difference.events.assign(page_->events.end() - static_cast<std::ptrdiff_t>(missed), page_->events.end());
    return difference;
}

}  // namespace volt::api
