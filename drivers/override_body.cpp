#include "drivers/override_body.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "drivers/text.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

constexpr std::int64_t most_minutes = limits::longest_override / 1min;

/// Returns a whole number from `lowest` to `highest`, or empty for anything else.
std::optional<std::int64_t> whole_number(const nlohmann::json& given, std::int64_t lowest, std::int64_t highest) {
    if (!given.is_number_integer() || given < lowest || given > highest) return std::nullopt;
    return given.get<std::int64_t>();
}

}  // namespace

std::string mode_need() { return fmt::format("{}", fmt::join(names_of<SiteMode>(), ", ")); }

std::string override_need(bool fan) {
    return fan ? fmt::format("auto, on, off or a level from 0 to {}", limits::highest_level) : "auto, on, off";
}

std::optional<OverrideBodyProblem> read_override(const nlohmann::json& given, bool fan, OverrideValue& value) {
    const auto kind = given.is_string() ? parse_override(given.get<std::string>()) : std::nullopt;
    const auto level = fan ? whole_number(given, 0, limits::highest_level) : std::nullopt;
    if (!kind && !level) {
        const char* what = fan && given.is_number() ? " is not a level" : " is not an override";
        return OverrideBodyProblem{"override", "override: " + json_text(given) + what, override_need(fan)};
    }
    value.kind = kind.value_or(OverrideKind::level);
    value.level = static_cast<std::int32_t>(level.value_or(0));
    return std::nullopt;
}

std::optional<OverrideBodyProblem> read_minutes(const nlohmann::json* given, OverrideValue& value) {
    const bool endless = given != nullptr && given->is_null(), may_be_endless = value.kind == OverrideKind::off;
    const std::string need = fmt::format("a whole number from 1 to {}{}", most_minutes, may_be_endless ? ", or null" : "");
    value.lasts = limits::default_override;
    if (endless && !may_be_endless && value.kind != OverrideKind::automatic)
        return OverrideBodyProblem{"minutes", "minutes: null (no end) is for off only", need};
    if (given != nullptr && !endless) {
        const auto minutes = whole_number(*given, 1, most_minutes);
        if (!minutes) return OverrideBodyProblem{"minutes", "minutes: " + json_text(*given) + " is out of range", need};
        value.lasts = Duration{*minutes * 1min};
    }
    if (endless || value.kind == OverrideKind::automatic) value.lasts.reset();
    return std::nullopt;
}

}  // namespace volt
