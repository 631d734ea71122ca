#include "daemon/agent/ask/asked_reason.hpp"

#include <algorithm>

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;

/// Names that people use, with voltd's reason.
constexpr std::pair<const char*, const char*> reason_names[] = {{"voltage", "voltage"},      {"undervoltage", "voltage"},
                                                                {"battery", "voltage"},      {"budget", "budget"},
                                                                {"schedule", "schedule"},    {"hours", "schedule"},
                                                                {"weather", "weather"},      {"clouds", "weather"},
                                                                {"inverter", "inverter"},    {"excess", "excess"},
                                                                {"priority", "priority"},    {"preempted", "preempted"},
                                                                {"preemption", "preempted"}, {"trip", "trip"},
                                                                {"overheating", "trip"},     {"emergency", "emergency"},
                                                                {"shutdown", "shutdown"},    {"critical", "critical"},
                                                                {"runtime", "runtime"},      {"lease", "lease"},
                                                                {"blind", "blind"},          {"fault", "fault"},
                                                                {"sag", "predicted_sag"},    {"sun", "sun"}};
/// Words allowed between the words that begin a reason and its name, and after it.
constexpr const char* before_reason[] = {"of", "to",  "the", "a",    "its", "our",    "it",    "was", "were",
                                         "is", "too", "low", "lack", "not", "enough", "night", "no",  "missing"};
constexpr const char* behind_reason[] = {"was",     "were",   "is",    "being",   "got",    "too",     "low",  "limit",
                                         "reasons", "reason", "alone", "dropped", "sagged", "missing", "empty"};

constexpr const char* reason_beginnings[] = {"because", "due", "reason", "cause", "cos", "account"};
constexpr const char* before_by_reason[] = {"stopped", "off", "down", "blocked", "prevented", "caused",  "started",
                                            "shed",    "cut", "held", "back",    "made",      "limited", "switched"};

template <class List>
bool has_word(const List& list, const std::string& word) {
    return std::any_of(std::begin(list), std::end(list), [&](const char* it) { return word == it; });
}

}  // namespace

std::string take_reason(Words& words) {
    const auto begins = [&](std::size_t at) {
        // Matches `stopped by the budget`, but not `sorted by priority` or `start by voltage`.
        if (words[at] == "by") return at > 0 && has_word(before_by_reason, words[at - 1]);
        return has_word(reason_beginnings, words[at]);
    };
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (!begins(at)) continue;
        std::size_t name = at + 1;
        bool low = false;
        for (; name < words.size() && has_word(before_reason, words[name]); ++name) low = low || words[name] == "low";
        if (name == words.size()) continue;
        if (words[name] == "battery" && name + 1 < words.size() && words[name + 1] == "voltage") ++name;
        const auto found = std::find_if(std::begin(reason_names), std::end(reason_names),
                                        [&](const auto& it) { return words[name] == it.first; });
        if (found == std::end(reason_names)) continue;
        std::size_t end = name + 1;
        for (; end < words.size() && has_word(behind_reason, words[end]); ++end)
            low = low || words[end] == "low" || words[end] == "dropped" || words[end] == "empty";
        // `because the battery was cold` is about something else.
        if (words[name] == "battery" && !low) continue;
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(at), words.begin() + static_cast<std::ptrdiff_t>(end));
        return found->second;
    }
    return {};
}

}  // namespace volt::agent
