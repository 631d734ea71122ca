#include "daemon/ctl/views/control_view.hpp"

#include <fmt/format.h>

#include "daemon/ctl/views/explain_view.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "rules/names.hpp"

namespace volt::ctl {

namespace {

const char* about(SiteMode mode) {
    switch (mode) {
        case SiteMode::aggressive:
            return "loads may use max_battery_discharge_w from the battery; opportunistic loads half of it";
        case SiteMode::balanced: return "aggressive loads may use all of it, balanced loads half, opportunistic loads none";
        case SiteMode::conservative:
            return "aggressive loads may use half of max_battery_discharge_w, and only above voltage_optimal_max";
        case SiteMode::off: return "all loads are off";
    }
    return "";
}

}  // namespace

std::string override_words(const Json& load, const Json& status) {
    const std::string until = word(load, "override_until");
    std::string kind = word(load, "override");
    if (kind.empty() || kind == "auto") return "auto: the rules decide";
    if (const auto level = number(load, "override_level")) kind = fmt::format("level {:.0f}", *level);
    const std::string adopted = flag(load, "override_adopted") ? ", switched externally" : "";
    if (until.empty()) return kind + ", until canceled" + adopted;
    return kind + " until " + site_moment(until, status) + " (" + span_of(word(status, "at"), until) + ")" + adopted;
}

bool is_shadow(const Json& status) { return word(part(status, "site"), "commands") == "shadow"; }

bool is_fahrenheit(const Json& status) { return word(part(status, "shown"), "temperature_unit") == "F"; }

std::string rules_text(const Json& load, const Json& status) {
    const std::string text = word(load, "text");
    if (!is_shadow(status)) return state_of(load) + ". " + text;
    const std::string wanted = word(load, "wanted");
    return "shadow: nothing is switched; would be " + (wanted.empty() ? state_of(load) : wanted) + ". " + text;
}

std::vector<std::string> override_lines(const Json& load, const Json& status, const Paint& paint) {
    std::vector<std::string> lines{paint(Colour::bold, word(load, "load")) + ": override " + override_words(load, status)};
    const std::string flip = flip_text(load);
    lines.push_back("  the rules: " + rules_text(load, status));
    if (!flip.empty()) lines.push_back("  " + flip);
    if (const std::string night = word(load, "night"); !night.empty()) lines.push_back("  the night: " + night);
    return lines;
}

std::vector<std::string> mode_names() {
    const auto names = names_of<SiteMode>();
    return {names.begin(), names.end()};
}

std::vector<std::string> mode_lines(const std::string& now, const Paint& paint) {
    std::vector<std::string> lines;
    for (const std::string& name : mode_names()) {
        const bool in_force = now == name;
        lines.push_back((in_force ? "● " : "○ ") + paint(in_force ? Colour::bold : Colour::plain, padded(name, 13)) +
                        paint(in_force ? Colour::plain : Colour::dim, about(*parse<SiteMode>(name))));
    }
    return lines;
}

std::vector<std::string> would_lines(const Json& answer) {
    std::vector<std::string> lines;
    for (const Json& it : part(answer, "would")) {
        const Json& order = part(it, "order");
        const std::string how = order.is_string() ? word(it, "order") : order.dump(), reason = word(it, "reason");
        lines.push_back("would switch " + word(it, "output") + " " + how + (reason.empty() ? "" : ": " + reason));
    }
    if (lines.empty()) lines.emplace_back("would switch nothing now");
    return lines;
}

}  // namespace volt::ctl
