#include "drivers/sim/relays.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "drivers/sim/esphome_fan.hpp"
#include "drivers/sim/level_fan.hpp"
#include "drivers/sim/tasmota.hpp"

namespace volt::sim {

namespace {

constexpr double fan_level_w = 4;

std::size_t channels_of(const std::vector<RelayConfig>& outputs, const std::string& topic) {
    std::size_t channels = 1;
    for (const RelayConfig& one : outputs) {
        if (one.topic == topic) channels = std::max(channels, one.channel);
    }
    return channels;
}

std::unique_ptr<Device> make_device(const RelayConfig& output, const RelaysConfig& config, std::uint64_t seed) {
    switch (output.dialect) {
        case Dialect::esphome_fan:
            return std::make_unique<EsphomeFan>(EsphomeFanConfig{output.topic, output.object, output.levels, seed});
        case Dialect::level_fan: return std::make_unique<LevelFan>(LevelFanConfig{output.topic, output.levels, seed});
        case Dialect::tasmota: break;
    }
    return std::make_unique<Tasmota>(TasmotaConfig{output.topic, channels_of(config.outputs, output.topic),
                                                   !is_fan(output.kind), config.tele_period, seed});
}

std::string client_id(const std::string& prefix, const std::string& topic) {
    std::string id = prefix + "-" + topic;
    std::replace(id.begin(), id.end(), '/', '-');
    return id;
}

}  // namespace

std::vector<RelayConfig> default_outputs() {
    return {{"miner1", LoadKind::miner, 3'878},
            {"miner2", LoadKind::miner, 3'250},
            {"heaters", LoadKind::heat_room_heater, 1'500, Dialect::tasmota, 1},
            {"heaters", LoadKind::main_room_heater, 1'500, Dialect::tasmota, 2},
            {"heat-room/fan/level", LoadKind::heat_room_fan, 0, Dialect::level_fan},
            {"main-room/fan/level", LoadKind::main_room_fan, 0, Dialect::level_fan}};
}

std::optional<DeviceFault> device_fault_of(std::string_view text) {
    if (text == "none") return DeviceFault::none;
    if (text == "deaf") return DeviceFault::deaf;
    if (text == "stuck") return DeviceFault::stuck;
    if (text == "meter-lost") return DeviceFault::meter_lost;
    return std::nullopt;
}

Relays::Relays(const RelaysConfig& config) {
    for (const RelayConfig& one : config.outputs) {
        outputs_.push_back({one, unit_for(one, config), Miner(one.nominal_w, config.miner_times)});
    }
}

Relays::~Relays() {
    for (const Unit& unit : units_) {
        if (unit.link) unit.link->leave();
    }
}

std::size_t Relays::unit_for(const RelayConfig& output, const RelaysConfig& config) {
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (units_[i].topic == output.topic) return i;
    }
    auto device = make_device(output, config, config.seed * 1'000 + units_.size());
    std::unique_ptr<BrokerLink> link;
    if (!config.broker.empty()) {
        link = std::make_unique<BrokerLink>(config.broker, client_id(config.prefix, output.topic),
                                            device->listens_to(), device->last_will());
    }
    units_.push_back({output.topic, std::move(device), std::move(link), 0,
                      std::vector<double>(channels_of(config.outputs, output.topic)), false, {}});
    return units_.size() - 1;
}

bool Relays::fault(std::string_view topic, DeviceFault fault, Time until) {
    const auto unit = std::find_if(units_.begin(), units_.end(), [&](const Unit& one) { return one.topic == topic; });
    if (unit == units_.end()) return false;
    unit->device->fault(fault);
    unit->fault_until = until;
    unit->faulty = fault != DeviceFault::none;
    return true;
}

void Relays::turn(Time now, std::int64_t utc_s, bool powered) {
    for (Unit& unit : units_) turn(unit, now, utc_s);
    inputs_ = {};
    loads_w_ = 0;
    for (Output& output : outputs_) add(output, draw(output, powered, now), powered);
}

void Relays::turn(Unit& unit, Time now, std::int64_t utc_s) {
    if (unit.faulty && now >= unit.fault_until) {
        unit.faulty = false;
        unit.device->fault(DeviceFault::none);
    }
    const Surroundings around{now, utc_s, unit.drawn_w};
    if (unit.link && unit.link->connects() != unit.greeted) greet(unit, around);
    if (unit.link) {
        for (const Heard& heard : unit.link->take()) unit.device->heard(heard.topic, heard.payload, around);
    }
    unit.device->turn(around);
    for (const Said& said : unit.device->take()) {
        if (unit.link) unit.link->say(said);
    }
}

/// First the greeting, then the subscription, as the firmware does: it does not hear its own.
void Relays::greet(Unit& unit, const Surroundings& around) {
    unit.greeted = unit.link->connects();
    unit.device->connected(around);
    for (const Said& said : unit.device->take()) unit.link->say(said);
    unit.link->listen();
}

double Relays::draw(Output& output, bool powered, Time now) {
    Unit& unit = units_[output.unit];
    const bool supplied = powered && unit.device->closed(output.config.channel - 1);
    double watts = supplied ? output.config.nominal_w : 0;
    if (output.config.kind == LoadKind::miner) watts = output.miner.draw_w(supplied, now);
    if (is_fan(output.config.kind) && supplied) watts = fan_level_w * unit.device->level();
    unit.drawn_w[output.config.channel - 1] = watts;
    return watts;
}

void Relays::add(const Output& output, double drawn_w, bool powered) {
    const Device& device = *units_[output.unit].device;
    const bool by_relay = output.config.dialect == Dialect::tasmota;
    const int relay_level = device.closed(output.config.channel - 1) ? output.config.levels : 0;
    const int level = !powered ? 0 : by_relay ? relay_level : device.level();
    loads_w_ += drawn_w;
    switch (output.config.kind) {
        case LoadKind::miner: inputs_.miners_w += drawn_w; break;
        case LoadKind::heat_room_heater: inputs_.heat_room_heater_w += drawn_w; break;
        case LoadKind::main_room_heater: inputs_.main_room_heater_w += drawn_w; break;
        case LoadKind::heat_room_fan: inputs_.heat_room_fan += level; break;
        case LoadKind::main_room_fan: inputs_.main_room_fan += level; break;
    }
}

std::string Relays::describe() const {
    std::string text;
    for (const Output& output : outputs_) {
        const Unit& unit = units_[output.unit];
        const std::size_t contact = output.config.channel - 1;
        text += fmt::format("{}{}{} {} {:.0f} W", text.empty() ? "" : ", ", output.config.topic,
                            unit.drawn_w.size() > 1 ? "#" + std::to_string(contact + 1) : "",
                            unit.device->closed(contact) ? "on" : "off", unit.drawn_w[contact]);
    }
    return text;
}

}  // namespace volt::sim
