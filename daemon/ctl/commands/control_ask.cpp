#include "daemon/ctl/commands/control_ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/ctl/views/time_argument.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::ctl {

namespace {

constexpr std::int64_t most_minutes = limits::longest_override / 1min, most_hours = limits::longest_override / 1h;
constexpr const char* without_end = "ever";

std::optional<int> level_of(const std::string& text) {
    int level = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), level);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(level) : std::nullopt;
}

OverrideBody wrong(std::string error, bool bad_span = false) { return {{}, std::move(error), bad_span}; }

/// Returns the state or level, or an error if it is neither.
OverrideBody state_of(const OverrideWords& words) {
    if (parse_override(words.state)) return {{{"override", words.state}}, {}, false};
    const auto level = level_of(words.state);
    if (!level) {
        const char* need = words.fan ? "auto, on, off or a level such as 5" : "auto, on or off";
        return wrong(fmt::format("'{}' is not an override; expected {}", words.state, need));
    }
    if (!words.fan) return wrong(fmt::format("{}: only a fan has levels; expected auto, on or off", words.state));
    if (*level < 0 || *level > limits::highest_level)
        return wrong(fmt::format("level {}: must be 0 to {}; nearest allowed {}", *level, limits::highest_level,
                                 *level < 0 ? 0 : limits::highest_level));
    return {{{"override", *level}}, {}, false};
}

std::string impossible_span(std::int64_t seconds) {
    const std::int64_t minutes = std::clamp<std::int64_t>((seconds + 30) / 60, 1, most_minutes);
    const std::string nearest = minutes == most_minutes ? fmt::format("{}h", most_hours) : fmt::format("{}m", minutes);
    return fmt::format("whole minutes from 1m to {}h; nearest allowed {}", most_hours, nearest);
}

}  // namespace

OverrideBody override_body(const OverrideWords& words) {
    OverrideBody made = state_of(words);
    if (!made.error.empty() || words.state == "auto") {
        if (made.error.empty() && words.lasts) return wrong("--for cannot be used with auto, which ends an override at once");
        return made;
    }
    const std::string lasts = words.lasts.value_or(fmt::format("{}m", limits::default_override / 1min));
    if (lasts == without_end) {
        if (words.state != "off")
            return wrong(fmt::format("--for ever: only off can last forever; nearest allowed {}h", most_hours));
        made.body["minutes"] = nullptr;
        return made;
    }
    const auto seconds = parse_span(lasts);
    if (!seconds) return wrong(fmt::format("--for: '{}' is not a time; expected 90m, 2h or (for off) ever", lasts), true);
    if (*seconds % 60 != 0 || *seconds > most_minutes * 60)
        return wrong(fmt::format("--for {}: {}", lasts, impossible_span(*seconds)));
    made.body["minutes"] = *seconds / 60;
    return made;
}

std::vector<std::string> overridable(const Json& explanations) {
    std::vector<std::string> names;
    for (const auto& [slug, load] : explanations.items())
        if (word(load, "kind") != "charge") names.push_back(slug);
    return names;
}

std::vector<std::string> overridden_by(std::vector<std::string> meant, const std::string& state,
                                       const std::vector<std::string>& known) {
    const bool level = level_of(state).has_value();
    std::erase_if(meant, [&](const std::string& it) { return std::find(known.begin(), known.end(), it) == known.end(); });
    if (level && meant.size() > 1)
        std::erase_if(meant, [](const std::string& it) { return target_kind_of(it) != TargetKind::fan; });
    return meant;
}

}  // namespace volt::ctl
