#include "daemon/ctl/views/status_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/site_view.hpp"
#include "daemon/explain/phrase.hpp"

namespace volt::ctl {

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view miner_prefix = "miner/", zone_prefix = "zone/", source_prefix = "source/";
constexpr std::size_t most_alarms = 4, least_events = 3;

Colour colour_of_stage(const std::string& stage) {
    if (stage == "blind" || stage == "shutdown" || stage == "critical" || stage == "overvoltage") return Colour::red;
    return stage == "low" || stage == "recovering" ? Colour::yellow : Colour::green;
}

Colour colour_of_state(const std::string& state) {
    if (state == "on" || state == "ok") return Colour::green;
    if (state == "fault" || state == "failing") return Colour::red;
    if (state == "starting" || state == "stopping" || state == "unknown" || state == "stale") return Colour::yellow;
    return Colour::dim;
}

const char* mark_of(const std::string& state) {
    if (state == "on") return "●";
    if (state == "starting" || state == "stopping") return "◐";
    if (state == "unknown" || state == "fault") return "!";
    return "○";
}

/// Cuts the text to the space that remains beside `used` characters.
std::string cut(const std::string& text, const Screen& screen, std::size_t used = 0) {
    return screen.whole ? text : clipped(text, screen.width - std::min(screen.width, used));
}

/// Returns a sentence in as many lines as it needs. A live view cuts it, so that nothing jumps.
Lines told(const std::string& text, const Screen& screen, std::size_t indent, bool live) {
    if (screen.whole) return {text};
    return live ? Lines{cut(text, screen)} : wrapped(text, screen.width, indent);
}

std::string clock_of(const Json& status) {
    std::string local = word(status, "local");
    std::replace(local.begin(), local.end(), 'T', ' ');
    const bool simulated = word(part(status, "site"), "clock") == "simulated";
    return simulated ? local + " (simulated)" : local;
}

std::string title(const Json& status, const Screen& screen, const Paint& paint) {
    const Json& site = part(status, "site");
    const std::string name = word(status, "name");
    std::string text = paint(Colour::bold, (name.empty() ? "" : name + "   ") + "voltd " + word(site, "version")) + "   mode " +
                       word(site, "mode");
    if (word(site, "commands") == "shadow") text += "   " + paint(Colour::yellow, "shadow: nothing is switched");
    if (flag(site, "degraded")) text += "   " + paint(Colour::yellow, "degraded: fallback source");
    if (!flag(site, "clock_trusted")) text += "   " + paint(Colour::yellow, "clock not set");
    return spread(text, clock_of(status), screen.width);
}

std::string flow_of(const std::optional<double>& power) {
    if (!power) return "-";
    return watts(std::abs(*power)) + (*power > 0 ? " charging" : *power < 0 ? " discharging" : "");
}

/// Returns "0.4 s", "2 min 5 s".
std::string age_of(const Json& object) {
    const auto age = number(object, "age_s");
    if (!age) return {};
    return *age < 10 ? fmt::format("{:.1f} s", *age) : phrase(Duration(std::llround(*age * 1000)));
}

/// Returns the source and the age, marked if it is not good.
std::string source_text(const Json& battery, const Paint& paint) {
    const std::string source = word(battery, "source"), quality = word(battery, "quality"), age = age_of(battery);
    if (source.empty()) return {};
    const bool good = quality.empty() || quality == "good";
    const std::string text = "   " + source + (age.empty() ? "" : " " + age) + (good ? "" : " (" + quality + ")");
    return paint(good ? Colour::dim : Colour::yellow, text);
}

/// Returns the name of a voltage band. It is not what a charger calls its stage.
std::string stage_words(const std::string& stage) {
    if (stage == "blind") return "no reading";
    return stage == "float" || stage == "absorption" ? stage + " band" : stage;
}

std::string battery_line(const Json& status, const Paint& paint) {
    const Json& battery = part(status, "battery");
    const std::string stage = word(battery, "stage");
    const auto soc = number(battery, "soc_pct");
    std::string voltage = volts(number(battery, "voltage_v"));
    if (!number(battery, "voltage_v")) voltage = "no voltage (last " + volts(number(battery, "last_voltage_v")) + ")";
    const std::string percent = soc ? fmt::format("{:.0f} %", *soc) : "";
    const bool soc_first = soc && word(part(status, "shown"), "display_mode") == "soc";
    std::string text = "Battery  " + paint(Colour::bold, soc_first ? percent : voltage);
    if (soc) text += "  " + (soc_first ? voltage : percent);
    text += "  " + paint(colour_of_stage(stage), stage_words(stage)) + "   " + flow_of(number(battery, "power_w"));
    return text + source_text(battery, paint);
}

std::string power_line(const Json& status) {
    const Json& power = part(status, "power");
    const std::string loads =
        fmt::format("{} {}", is_shadow(status) ? "Would draw" : "Loads", watts(number(power, "allocated_w")));
    if (status.contains("alarm/house_not_measured")) return "Sun      not measured   Site not measured   " + loads;
    return fmt::format("Sun      {}   Site {}   Grid {}   Excess {}   {}", watts(number(power, "pv_w")),
                       watts(number(power, "load_w")), watts(number(power, "grid_w")), watts(number(power, "excess_w")), loads);
}

std::string override_mark(const Json& miner) {
    const std::string kind = word(miner, "override");
    const bool said = word(miner, "text").starts_with("Manually");
    return kind.empty() || kind == "auto" || said ? "" : " [manual: " + kind + "]";
}

std::string load_head(const std::string& slug, const Json& miner, const Paint& paint) {
    const std::string state = word(miner, "state");
    const Colour colour = colour_of_state(state);
    return paint(colour, mark_of(state)) + " " + padded(slug, 24) + " " + paint(colour, padded(state, 9)) + " ";
}

Lines load_lines(const Json& status, const Screen& screen, const Paint& paint, bool compact, bool live) {
    Lines lines;
    for (const auto& [slug, miner] : under(status, miner_prefix)) {
        const std::string head = load_head(slug, *miner, paint);
        const std::string why = word(*miner, "text") + override_mark(*miner);
        if (compact) {
            lines.push_back(head + cut(why, screen, width_of(head)));
            continue;
        }
        const std::string since = span_of(word(*miner, "since"), word(status, "at"));
        lines.push_back(head + padded(watts(number(*miner, "power_w")), 9) + (since.empty() ? "" : " for " + since));
        for (std::string& line : told("    " + why, screen, 4, live)) lines.push_back(std::move(line));
        if (const std::string next = word(*miner, "next"); !live && !next.empty())
            for (std::string& line : told("    " + next, screen, 4, live)) lines.push_back(std::move(line));
    }
    return lines;
}

/// Pads to at least `width` characters.
std::string filled(const std::string& text, std::size_t width) { return padded(text, std::max(width, width_of(text))); }

std::string fan_of(const Json& zone) {
    const auto level = number(zone, "fan_level"), wanted = number(zone, "fan_wanted");
    std::string text = level ? (*level > 0 ? fmt::format("fan {:.0f}", *level) : "fan off") : "fan unknown";
    if (wanted && (level || *wanted > 0) && (!level || *level != *wanted)) text += fmt::format(" (going to {:.0f})", *wanted);
    return text;
}

std::string heat_of(const Json& zone) {
    const std::string heat = word(zone, "heat"), heater = word(zone, "heater");
    if (heater == "fault" || heater == "unknown") return "heater " + heater;
    return heat == "heater" && heater != "on" ? "heater " + heater : "heat " + heat;
}

Lines zone_lines(const Json& status, const Screen& screen, bool live) {
    Lines lines;
    for (const auto& [slug, zone] : under(status, zone_prefix)) {
        const std::string head = fmt::format("  {} {}  {}  {}  ", padded(slug, 14),
                                             padded(degrees(number(*zone, "temperature_c"), is_fahrenheit(status)), 8),
                                             filled(fan_of(*zone), 8), filled(heat_of(*zone), 8));
        for (std::string& line : told(head + word(*zone, "text"), screen, 4, live)) lines.push_back(std::move(line));
    }
    return lines;
}

Lines output_lines(const Json& status, const Screen& screen, const Paint& paint) {
    Lines items;
    for (const auto& [id, output] : under(status, output_prefix)) {
        const bool there = flag(*output, "available");
        const std::string state = there ? output_state(*output) : "offline";
        items.push_back(id + " " + paint(there ? colour_of_state(word(*output, "reported")) : Colour::red, state));
    }
    return flowed(items, screen.width);
}

Lines source_lines(const Json& status, const Screen& screen, const Paint& paint) {
    Lines items;
    for (const auto& [name, source] : under(status, source_prefix)) {
        const std::string state = word(*source, "state");
        const std::string age = state == "ok" ? "" : age_of(*source);
        items.push_back(name + " " + paint(colour_of_state(state), state + (age.empty() ? "" : " " + age)));
    }
    return flowed(items, screen.width);
}

Lines alarm_lines(const Json& status, const Screen& screen, const Paint& paint, bool live) {
    Lines lines;
    const auto alarms = alarms_of(status);
    std::size_t shown = 0;
    for (const auto& [name, alarm] : alarms) {
        if (shown == most_alarms) break;
        ++shown;
        const Colour colour = word(*alarm, "severity") == "critical" ? Colour::red : Colour::yellow;
        for (const std::string& line : told("! " + word(*alarm, "text"), screen, 2, live)) lines.push_back(paint(colour, line));
    }
    if (alarms.size() > most_alarms) lines.push_back(fmt::format("  and {} more: voltctl alarms", alarms.size() - most_alarms));
    return lines;
}

/// Returns open points of the settings, with the remedy on a separate line.
Lines warning_lines(const Json& status, const Screen& screen, const Paint& paint, bool live) {
    Lines lines;
    for (const Json& warning : part(status, "warnings")) {
        for (const std::string& line : told("! " + word(warning, "text"), screen, 2, live))
            lines.push_back(paint(Colour::yellow, line));
        for (std::string& line : told("  " + word(warning, "remedy"), screen, 2, live)) lines.push_back(std::move(line));
    }
    return lines;
}

std::string charge_reason(const std::string& reason) {
    if (reason == "cold") return "the battery is too cold";
    if (reason == "overvoltage") return "the voltage was too high";
    if (reason == "released") return "released";
    if (reason == "hold") return "not settled yet";
    return reason == "sensor_lost" ? "the battery temperature is lost" : "";
}

std::string charge_line(const Json& status, const Paint& paint) {
    const Json& charge = part(status, "charge");
    const std::string order = word(charge, "order"), reason = word(charge, "reason"), how = word(charge, "carried_out");
    const bool blocked = order == "blocked", acts = how == "write" || how == "output";
    std::string text = "Charging " + paint(blocked ? Colour::red : Colour::green, blocked && !acts ? "should be blocked" : order);
    if (const std::string words = charge_reason(reason); !words.empty()) text += ": " + words;
    if (!how.empty() && (blocked || how == "failed")) text += "   carried out: " + how;
    const auto temperature = number(part(status, "battery"), "temperature_c");
    return temperature ? text + "   battery " + degrees(temperature, is_fahrenheit(status)) : text;
}

/// Returns what guards the battery against charging while cold, and whether it was ever proven.
std::string guard_line(const Json& status, const Paint& paint) {
    const Json& charge = part(status, "charge");
    const Json& guard = part(status, "charge_guard");
    if (!guard.is_object() || guard.empty()) return "";  // from an older voltd
    const auto below = number(guard, "below_c");
    if (!below) return "Charge guard: " + paint(Colour::yellow, "none");
    const std::string limit = "Charge guard: below " + degrees(below, is_fahrenheit(status));
    const std::string proven = word(charge, "proven"), how = word(charge, "carried_out");
    if (!proven.empty()) return limit + ", proven " + proven.substr(0, 10);
    const bool shadow = word(part(status, "site"), "commands") == "shadow";
    const char* why = shadow                             ? "shadow mode stops nothing"
                      : how == "report" || how == "none" ? "nothing here can stop all charging: see charge_limit in voltd.yaml(5)"
                                                         : "not proven: run `voltctl charge prove` while it charges";
    return limit + ", " + paint(Colour::yellow, why);
}

/// Adds a heading and its lines, or nothing if there are none.
void add(Lines& lines, const Paint& paint, const char* heading, const Lines& more) {
    if (more.empty()) return;
    lines.push_back(paint(Colour::cyan, heading));
    lines.insert(lines.end(), more.begin(), more.end());
}

Lines body(const Json& status, const Screen& screen, const Paint& paint, bool compact, bool live) {
    Lines lines{title(status, screen, paint)};
    const Lines alarms = alarm_lines(status, screen, paint, live);
    lines.insert(lines.end(), alarms.begin(), alarms.end());
    for (std::string& line :
         Lines{battery_line(status, paint), power_line(status), charge_line(status, paint), guard_line(status, paint)})
        if (!line.empty()) lines.push_back(std::move(line));
    if (const std::string budget = word(part(status, "budget"), "text"); !budget.empty())
        for (std::string& line : told("Night    " + budget, screen, 9, live)) lines.push_back(std::move(line));
    for (std::string& line : warning_lines(status, screen, paint, live)) lines.push_back(std::move(line));
    add(lines, paint, "LOADS", load_lines(status, screen, paint, compact, live));
    add(lines, paint, "ZONES", zone_lines(status, screen, live));
    add(lines, paint, "OUTPUTS", output_lines(status, screen, paint));
    add(lines, paint, "SOURCES", source_lines(status, screen, paint));
    return lines;
}

void add_events(Lines& lines, const Json& status, const Screen& screen, const Paint& paint) {
    const Json& events = part(status, "events");
    if (!events.is_array() || events.empty() || lines.size() + 2 > screen.height) return;
    const std::size_t room = screen.height - lines.size() - 1, count = std::min(room, events.size());
    lines.push_back(paint(Colour::cyan, "LAST CHANGES"));
    for (std::size_t i = events.size() - count; i < events.size(); ++i)
        lines.push_back(cut("  " + event_line(events[i], status), screen));
}

void cut(Lines& lines, const Screen& screen) {
    for (std::string& line : lines) line = cut(line, screen);
    if (screen.whole || lines.size() <= screen.height || screen.height == 0) return;
    const std::size_t left_out = lines.size() - screen.height + 1;
    lines.resize(screen.height - 1);
    lines.push_back(fmt::format("  … {} more lines", left_out));
}

}  // namespace

std::vector<std::string> status_screen(const Json& status, const Screen& screen, const Paint& paint, bool with_events) {
    const std::size_t wanted = with_events ? least_events + 1 : 0;
    const auto fits = [&](const Lines& lines) { return screen.whole || lines.size() + wanted <= screen.height; };
    Lines lines = body(status, screen, paint, false, with_events);
    if (!fits(lines) && !with_events) lines = body(status, screen, paint, false, true);
    if (!fits(lines)) lines = body(status, screen, paint, true, true);
    if (with_events) add_events(lines, status, screen, paint);
    cut(lines, screen);
    return lines;
}

std::string status_line(const Json& status) {
    const Json& battery = part(status, "battery");
    std::string text = fmt::format("{}  {}  {}  sun {}", clock_of(status), volts(number(battery, "voltage_v")),
                                   stage_words(word(battery, "stage")), watts(number(part(status, "power"), "pv_w")));
    if (word(part(status, "site"), "commands") == "shadow") text += "  shadow";
    for (const auto& [slug, miner] : under(status, miner_prefix)) text += "  " + slug + " " + word(*miner, "state");
    const std::size_t alarms = under(status, alarm_prefix).size();
    return alarms == 0 ? text : text + fmt::format("  {} alarm{}", alarms, alarms == 1 ? "" : "s");
}

std::string event_line(const Json& event, const Json& status) {
    const std::string time = site_moment(word(event, "at"), status);
    return time + " " + word(event, "text");
}

}  // namespace volt::ctl
