#include "daemon/ctl/commands/replay_input.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/ctl/views/text.hpp"
#include "daemon/explain/explain.hpp"
#include "daemon/host/sun.hpp"
#include "drivers/override_body.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::ctl {

namespace {

constexpr std::array known_keys{"t",       "utc",       "local",  "clock_trusted",         "voltage",      "battery_power_w",
                                "pv_w",    "load_w",    "grid_w", "battery_temperature_c", "temperatures", "sunny",
                                "outputs", "overrides", "mode",   "bms_discharge_limit_a", "unit_moved"};
constexpr std::array known_output_keys{"state", "level", "power_w", "available"};
constexpr double largest = 1e12;

template <class Keys>
void refuse_unknown(const Json& object, const Keys& keys, const std::string& where) {
    for (const auto& [key, value] : object.items())
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) throw BadLine(where + "unknown key " + key);
}

const Json& object_at(const Json& line, const char* key) {
    const Json& found = part(line, key);
    if (!found.is_object()) throw BadLine(std::string(key) + ": must be an object");
    return found;
}

std::int64_t steps_of(const Json& value, const std::string& key, double scale) {
    if (!value.is_number() || std::abs(value.get<double>()) > largest) throw BadLine(key + ": must be a number");
    return std::llround(value.get<double>() * scale);
}

bool bool_of(const Json& value, const std::string& key) {
    if (!value.is_boolean()) throw BadLine(key + ": must be true or false");
    return value.get<bool>();
}

std::string text_of(const Json& value, const std::string& key) {
    if (!value.is_string()) throw BadLine(key + ": must be a string");
    return value.get<std::string>();
}

std::int64_t moment_of(const Json& value, const std::string& key) {
    const auto seconds = seconds_of(text_of(value, key));
    if (!seconds) throw BadLine(key + ": must be a time such as 2025-06-21T19:00:00");
    return *seconds;
}

LocalTime local_of(std::int64_t seconds) {
    const std::int64_t day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
    return {static_cast<std::int32_t>(day), static_cast<std::int32_t>(seconds - day * 86400)};
}

template <class List, class Name>
std::size_t place_of(const List& list, const std::string& name, const std::string& what, Name name_of_item) {
    for (std::size_t i = 0; i < list.size(); ++i)
        if (name_of_item(list[i]) == name) return i;
    throw BadLine("unknown " + what + " " + name);
}

OutputState state_word(const Json& value) {
    if (value.is_null()) return OutputState::unknown;
    const auto state = value.is_string() ? parse<OutputState>(value.get<std::string>()) : std::nullopt;
    if (state) return *state;
    throw BadLine("state: must be on, off, unknown or null");
}

OverrideRequest with_override(OverrideRequest request, const Json& value) {
    OverrideValue read;
    if (const auto wrong = read_override(value, request.target == TargetKind::fan, read))
        throw BadLine("overrides: must be " + wrong->need);
    request.kind = read.kind;
    request.level = read.level;
    if (request.kind != OverrideKind::off) request.lasts = limits::longest_override;
    return request;
}

}  // namespace

ReplayInput::ReplayInput(Policy& policy, std::unique_ptr<ZoneClock> wall, const std::optional<SitePlace>& place)
    : policy_(policy), zone_(std::move(wall)), place_(place), followed_(policy) {
    snapshot_.voltages.resize(policy.voltage_sources.size());
    for (const TemperatureSource& source : policy.battery_temperatures)
        snapshot_.battery_temperatures.push_back({{}, source.zero_is_suspect});
    snapshot_.temperatures.resize(policy.sensors.size());
    snapshot_.outputs.resize(policy.outputs.size());
}

const SiteSnapshot& ReplayInput::take(const Json& line) {
    if (!line.is_object()) throw BadLine("must be a JSON object");
    refuse_unknown(line, known_keys, "");
    take_time(line);
    take_clock(line);
    take_voltages(line);
    take_sample(line, "battery_power_w", 1, snapshot_.battery_power);
    take_sample(line, "pv_w", 1, snapshot_.pv);
    take_sample(line, "load_w", 1, snapshot_.load);
    take_sample(line, "grid_w", 1, snapshot_.grid);
    take_sample(line, "bms_discharge_limit_a", 100, snapshot_.bms_discharge_limit);
    take_temperatures(line);
    if (line.contains("sunny")) {
        const Json& sunny = line["sunny"];
        snapshot_.sunny = {sunny.is_null() ? std::nullopt : std::optional(bool_of(sunny, "sunny")), snapshot_.now, true};
    }
    take_outputs(line);
    take_overrides(line);
    take_mode(line);
    first_ = false;
    return snapshot_;
}

void ReplayInput::take_time(const Json& line) {
    if (!line.contains("t")) throw BadLine("t: is missing");
    const Time now{steps_of(line["t"], "t", 1000)};
    if (!first_ && now <= snapshot_.now) throw BadLine("t: must increase from line to line");
    const Duration step = first_ ? Duration{} : now - snapshot_.now;
    snapshot_.now = now;
    snapshot_.utc += step;
    // Assume a connection since yesterday: nothing was offline just before the first line.
    if (first_) snapshot_.broker_up_since = now - 24h;
}

void ReplayInput::take_clock(const Json& line) {
    if (line.contains("utc")) snapshot_.utc = std::chrono::seconds(moment_of(line["utc"], "utc"));
    if (line.contains("local")) snapshot_.local = local_of(moment_of(line["local"], "local"));
    else snapshot_.local = zone_ ? zone_->local(snapshot_.utc) : local_of(snapshot_.utc.count() / 1000);
    if (place_) snapshot_.sun = sun_of(*place_, snapshot_.utc, snapshot_.local);
    if (line.contains("clock_trusted")) snapshot_.clock_trusted = bool_of(line["clock_trusted"], "clock_trusted");
}

template <class T>
void ReplayInput::set(const Json& value, const std::string& key, double scale, Sample<T>& sample) const {
    sample.value = value.is_null() ? std::nullopt : std::optional<T>(T{steps_of(value, key, scale)});
    sample.taken = snapshot_.now;
    sample.received = true;
}

template <class T>
void ReplayInput::take_sample(const Json& line, const char* key, double scale, Sample<T>& sample) const {
    if (line.contains(key)) set(line[key], key, scale, sample);
}

void ReplayInput::take_voltages(const Json& line) {
    const auto source = [this](const std::string& name) -> VoltageSample& {
        const auto name_of_source = [](const VoltageSource& one) { return one.name; };
        return snapshot_.voltages[place_of(policy_.voltage_sources, name, "voltage source", name_of_source)];
    };
    const Json& moved = object_at(line, "unit_moved");
    for (const auto& [name, value] : object_at(line, "voltage").items()) {
        set(value, "voltage." + name, 100, source(name));
        if (!moved.contains(name)) source(name).unit_moved = snapshot_.now;
    }
    for (const auto& [name, value] : moved.items())
        if (bool_of(value, "unit_moved." + name)) source(name).unit_moved = snapshot_.now;
}

void ReplayInput::take_temperatures(const Json& line) {
    if (line.contains("battery_temperature_c") && !snapshot_.battery_temperatures.empty())
        set(line["battery_temperature_c"], "battery_temperature_c", 10, snapshot_.battery_temperatures.front().sample);
    const auto name_of_sensor = [](const TemperatureSource& one) { return one.name; };
    for (const auto& [name, value] : object_at(line, "temperatures").items()) {
        if (const Index battery = battery_temperature(policy_, name); battery != no_index) {
            set(value, "temperatures." + name, 10, snapshot_.battery_temperatures[static_cast<std::size_t>(battery)].sample);
            continue;
        }
        set(value, "temperatures." + name, 10, snapshot_.temperatures[place_of(policy_.sensors, name, "sensor", name_of_sensor)]);
    }
}

void ReplayInput::take_outputs(const Json& line) {
    const Json& given = object_at(line, "outputs");
    for (const auto& [id, value] : given.items()) {
        const auto id_of = [](const OutputWiring& one) { return one.id; };
        place_of(policy_.outputs, id, "output", id_of);
        if (!value.is_object()) throw BadLine("outputs." + id + ": must be an object");
        refuse_unknown(value, known_output_keys, "outputs." + id + ": ");
    }
    for (std::size_t i = 0; i < policy_.outputs.size(); ++i) take_output(i, part(given, policy_.outputs[i].id));
}

void ReplayInput::take_output(std::size_t index, const Json& given) {
    OutputReport& report = snapshot_.outputs[index];
    const bool available =
        given.contains("available") ? bool_of(given["available"], "available") : given.empty() || first_ || report.available;
    if (first_) report.available_since = snapshot_.broker_up_since;
    else if (available && !report.available) report.available_since = snapshot_.now;
    report.available = available;
    if (given.contains("power_w")) set(given["power_w"], "power_w", 1, report.power);
    if (!given.contains("state")) return followed_.report(index, snapshot_.now, first_, report);
    report.state = state_word(given["state"]);
    report.level =
        report.state == OutputState::on && given.contains("level")
            ? static_cast<std::int32_t>(std::clamp<std::int64_t>(steps_of(given["level"], "level", 1), 0, limits::highest_level))
            : 0;
    report.state_at = snapshot_.now;
    report.state_received = true;
}

OverrideRequest ReplayInput::target_of(const std::string& load) const {
    const auto target = find_target(policy_, load);
    if (!target) throw BadLine("unknown load " + load);
    return {target->kind, target->index, {}, 0, {}};
}

/// Requests overrides again with each line, because only `auto` ends them.
void ReplayInput::take_overrides(const Json& line) {
    snapshot_.requests.clear();
    for (const auto& [load, value] : object_at(line, "overrides").items()) {
        const OverrideRequest request = with_override(target_of(load), value);
        if (request.kind != OverrideKind::automatic) {
            overrides_[load] = request;
            continue;
        }
        overrides_.erase(load);
        snapshot_.requests.push_back(request);
    }
    for (const auto& [load, request] : overrides_) snapshot_.requests.push_back(request);
}

void ReplayInput::take_mode(const Json& line) {
    if (!line.contains("mode")) return;
    const auto mode = parse<SiteMode>(text_of(line["mode"], "mode"));
    if (!mode) throw BadLine("mode: must be " + mode_need());
    if (*mode != policy_.preferences.mode) ++policy_.revision;
    policy_.preferences.mode = *mode;
}

}  // namespace volt::ctl
