#include "drivers/sim/options.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

#include <date/tz.h>

namespace volt::sim {

namespace {

struct NamedKind {
    std::string_view name;
    LoadKind kind;
};

constexpr std::array<NamedKind, 5> kinds = {{{"miner", LoadKind::miner},
                                             {"heat-room-heater", LoadKind::heat_room_heater},
                                             {"main-room-heater", LoadKind::main_room_heater},
                                             {"heat-room-fan", LoadKind::heat_room_fan},
                                             {"main-room-fan", LoadKind::main_room_fan}}};

std::vector<std::string> split(const std::string& text, char mark) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, mark);) parts.push_back(part);
    return parts;
}

struct NamedDialect {
    std::string_view name;
    Dialect of_fan, of_relay;
};

/// Prefix before `=` in an output's name. Without one: a Tasmota, or a generic fan with levels.
constexpr std::array<NamedDialect, 7> dialects = {{{"", Dialect::level_fan, Dialect::tasmota},
                                                   {"relay", Dialect::tasmota, Dialect::tasmota},
                                                   {"esphome", Dialect::esphome_fan, Dialect::esphome_switch},
                                                   {"shelly1", Dialect::level_fan, Dialect::shelly_gen1},
                                                   {"shelly2", Dialect::level_fan, Dialect::shelly_gen2},
                                                   {"zigbee", Dialect::level_fan, Dialect::zigbee},
                                                   {"generic", Dialect::level_fan, Dialect::generic}}};

void name_channel(const std::string& text, const std::string& number, RelayConfig& output) {
    const auto channel = steps_of(number, 0);
    if (!channel || *channel < 1 || *channel > 8) throw std::invalid_argument("--output: no channel 1..8 in " + text);
    output.channel = static_cast<std::size_t>(*channel);
}

/// Sets the device of an output: `miner1`, `heaters#2`, `esphome=heatroom/exhaust`, `relay=fan1`, `shelly2=plug`,
/// `heat-room/fan/level`.
void name_device(const std::string& text, RelayConfig& output) {
    const auto equals = text.find('=');
    const std::string_view word = equals == std::string::npos ? std::string_view() : std::string_view(text).substr(0, equals);
    const std::string name = equals == std::string::npos ? text : text.substr(equals + 1);
    const auto dialect =
        std::find_if(dialects.begin(), dialects.end(), [&](const NamedDialect& one) { return one.name == word; });
    const bool fan = is_fan(output.kind);
    if (dialect == dialects.end() || (fan && word.starts_with("shelly")) || (fan && word == "zigbee"))
        throw std::invalid_argument("--output: no such device for this kind: " + text +
                                    " (esphome=, relay=, generic=; not for fans: shelly1=, shelly2=, zigbee=)");
    output.dialect = fan ? dialect->of_fan : dialect->of_relay;
    const bool esphome = word == "esphome";
    const auto mark = esphome ? name.find('/') : output.dialect == Dialect::tasmota ? name.find('#') : std::string::npos;
    output.topic = name.substr(0, mark);
    if (esphome && mark == std::string::npos) throw std::invalid_argument("--output: esphome=NODE/OBJECT, not " + text);
    if (mark == std::string::npos) return;
    if (esphome) output.object = name.substr(mark + 1);
    else name_channel(text, name.substr(mark + 1), output);
}

RelayConfig output_of(const std::string& text) {
    const auto parts = split(text, ':');
    const auto number = parts.size() == 3 ? steps_of(parts[2], 0) : std::nullopt;
    if (!number || *number < 1 || *number > 20'000) {
        throw std::invalid_argument("--output is TOPIC:KIND:WATTS or, for a fan, TOPIC:KIND:LEVELS, not " + text);
    }
    RelayConfig output;
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const NamedKind& one) { return one.name == parts[1]; });
    if (kind == kinds.end()) {
        throw std::invalid_argument("--output: unknown kind in " + text +
                                    " (miner, heat-room-heater, main-room-heater, heat-room-fan, main-room-fan)");
    }
    output.kind = kind->kind;
    if (is_fan(output.kind)) output.levels = static_cast<int>(*number);
    if (!is_fan(output.kind)) output.nominal_w = static_cast<double>(*number);
    name_device(parts[0], output);
    return output;
}

Sky sky_of(const std::string& word) {
    if (word == "clear") return Sky::clear;
    if (word == "mixed") return Sky::mixed;
    if (word == "grey") return Sky::grey;
    return Sky::fair;
}

Pins pins_of(const std::vector<std::string>& hold) {
    Pins pins;
    for (const std::string& pair : hold) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos) throw std::invalid_argument("--hold is KEY=VALUE, not " + pair);
        if (const auto problem = pins.set(pair.substr(0, equals), pair.substr(equals + 1))) {
            throw std::invalid_argument("--hold: " + *problem);
        }
    }
    return pins;
}

}  // namespace

std::int64_t utc_ms_of(const std::string& local, const std::string& zone) {
    for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
        std::istringstream in(local);
        date::local_seconds time;
        in >> date::parse(form, time);
        if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) continue;
        try {
            return date::locate_zone(zone)->to_sys(time, date::choose::earliest).time_since_epoch().count() * 1'000;
        } catch (const std::exception& problem) { throw std::invalid_argument("--zone " + zone + ": " + problem.what()); }
    }
    throw std::invalid_argument("--start is a local time as 2025-06-21T06:00, not " + local);
}

void understand(const TypedOptions& typed, SiteConfig& config) {
    config.plant.seed = config.relays.seed = typed.seed;
    config.plant.start_utc_ms = utc_ms_of(typed.start, typed.zone);
    config.plant.bank.curve = typed.bank == "lifepo4" ? BankCurve::lifepo4 : BankCurve::site;
    config.plant.bank.cells = typed.cells;
    config.plant.sky = sky_of(typed.sky);
    config.plant.soc_pct = typed.soc_pct;
    config.pins = pins_of(typed.hold);
    config.sol_ark_wire = typed.sol_ark_wire == "rtu" ? Wire::rtu : Wire::tcp;
    config.sol_ark.current_step_ca = typed.sol_ark_current_scale > 0.05 ? 10 : 1;
    config.relays.outputs.clear();
    for (const std::string& output : typed.outputs) config.relays.outputs.push_back(output_of(output));
    if (typed.outputs.empty()) config.relays.outputs = default_outputs();
    const auto scheme = typed.broker.find("://");
    config.relays.broker = scheme == std::string::npos ? typed.broker : typed.broker.substr(scheme + 3);
    if (typed.no_broker) config.relays.broker.clear();
    config.relays.prefix = "voltsim-" + std::to_string(getpid());  // two simulators must not disconnect each other
    config.relays.device_timer = std::chrono::seconds{typed.device_timer_s};
    config.relays.tele_period = std::chrono::seconds{typed.tele_period_s};
    config.relays.miner_times = {std::chrono::seconds{typed.miner_boot_s}, std::chrono::seconds{typed.miner_ramp_s}};
}

}  // namespace volt::sim
