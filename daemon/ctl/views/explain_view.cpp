#include "daemon/ctl/views/explain_view.hpp"

#include <fmt/format.h>

#include <cmath>

#include "daemon/ctl/views/control_view.hpp"
#include "daemon/explain/phrase.hpp"

namespace volt::ctl {

namespace {

using Lines = std::vector<std::string>;

std::string time_text(const std::optional<double>& seconds) {
    return seconds ? phrase(Duration(std::llround(*seconds * 1000))) : "";
}

std::string value_text(const std::optional<double>& value, const std::string& unit, bool fahrenheit) {
    if (!value) return "-";
    if (unit == "V") return volts(value);
    if (unit == "W") return watts(value);
    if (unit == "°C") return degrees(value, fahrenheit);
    if (unit == "s") return time_text(value);
    if (unit == "Wh") return phrase_wh(std::llround(*value));
    return fmt::format("{:g}", *value);
}

/// Returns "at least 54.50 V", "at most 12,000 W".
std::string limit_text(const Json& gate, const std::string& unit, bool fahrenheit) {
    const std::string value = value_text(number(gate, "need"), unit, fahrenheit), bound = word(gate, "bound");
    return bound.empty() || value == "-" ? value : bound + " " + value;
}

void add(Lines& lines, const char* name, const std::string& text) {
    if (!text.empty()) lines.push_back("  " + padded(name, 10) + text);
}

std::string since_text(const Json& load, const Json& status) {
    const std::string since = word(load, "since"), span = span_of(since, word(status, "at"));
    return span.empty() ? since : fmt::format("{} ({} ago)", site_moment(since, status), span);
}

std::string today_text(const Json& load) {
    const auto starts = number(load, "starts_today"), runtime = number(load, "runtime_today_s");
    if (!starts || !runtime) return {};
    return fmt::format("{:.0f} start{}, {} on", *starts, *starts == 1 ? "" : "s", time_text(runtime));
}

std::string sag_text(const Json& load) {
    const auto sag = number(load, "sag_v");
    if (!sag || *sag <= 0) return {};
    return fmt::format("{:.2f} V at start ({})", *sag, flag(load, "sag_learned") ? "learned" : "computed");
}

std::string gate_mark(const Json& gate, const Paint& paint) {
    if (flag(gate, "waived")) return paint(Colour::yellow, "~");
    return flag(gate, "passes") ? paint(Colour::green, "✓") : paint(Colour::red, "✗");
}

Lines gate_lines(const Json& load, const Paint& paint, bool fahrenheit) {
    Lines lines;
    const Json& gates = part(load, "gates");
    if (!gates.is_array() || gates.empty()) return lines;
    lines.push_back("  " + paint(Colour::cyan, padded("gate", 17) + padded("has", 13) + padded("limit", 19) + "why"));
    for (const Json& gate : gates) {
        const std::string unit = word(gate, "unit");
        const bool quiet = flag(gate, "passes") && !flag(gate, "waived");
        const std::string why = quiet ? "" : word(gate, "text");
        std::string line = gate_mark(gate, paint) + " " + padded(word(gate, "gate"), 17) +
                           padded(value_text(number(gate, "have"), unit, fahrenheit), 13) +
                           padded(limit_text(gate, unit, fahrenheit), 19) + why;
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace

std::string state_of(const Json& load) {
    const std::string state = word(load, "state");
    const std::string wanted = word(load, "wanted"), how = word(load, "carried_out");
    if (wanted == "blocked" && how != "write" && how != "output")
        return "should be blocked";  // the charging, and nothing blocks it
    return state.empty() ? wanted : state;
}

std::string flip_text(const Json& load) { return word(part(load, "flip"), "text"); }

std::vector<std::string> explain_load_lines(const Json& load, const Json& status, const Paint& paint) {
    Lines lines{paint(Colour::bold, word(load, "name")) + " (" + word(load, "load") + "): " + state_of(load)};
    if (is_shadow(status)) {
        const std::string wanted = word(load, "wanted");
        lines.front() +=
            paint(Colour::yellow, " (shadow: nothing is switched; would be " + (wanted.empty() ? state_of(load) : wanted) + ")");
    }
    add(lines, "why", word(load, "text"));
    add(lines, "reason", word(load, "reason"));
    add(lines, "since", since_text(load, status));
    add(lines, "next", flip_text(load));
    add(lines, "night", word(load, "night"));
    add(lines, "time left", time_text(number(load, "remaining_s")));
    add(lines, "override", load.contains("override") ? override_words(load, status) : "");
    add(lines, "today", today_text(load));
    add(lines, "sag", sag_text(load));
    const Lines gates = gate_lines(load, paint, is_fahrenheit(status));
    lines.insert(lines.end(), gates.begin(), gates.end());
    return lines;
}

std::vector<std::string> explain_all_lines(const Json& loads, const Paint& paint, bool shadow) {
    Lines lines;
    if (shadow) lines.push_back(paint(Colour::yellow, "shadow: voltd decides as shown, but switches nothing"));
    for (const auto& [name, load] : loads.items()) {
        const std::string flip = flip_text(load);
        lines.push_back(paint(Colour::bold, name) + ": " + state_of(load));
        lines.push_back("    " + word(load, "text"));
        if (!flip.empty()) lines.push_back("    " + flip);
    }
    return lines;
}

}  // namespace volt::ctl
