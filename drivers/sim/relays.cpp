#include "drivers/sim/relays.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "drivers/sim/esphome_fan.hpp"
#include "drivers/sim/level_fan.hpp"
#include "drivers/sim/plain_relay.hpp"
#include "drivers/sim/shelly_gen2.hpp"
#include "drivers/sim/tasmota.hpp"
#include "drivers/sim/zigbee_plug.hpp"

namespace volt::sim {

namespace {

constexpr double fan_level_w = 4;
constexpr Duration lateness = 12s;

std::size_t channels_of(const std::vector<RelayConfig>& outputs, const std::string& topic) {
    std::size_t channels = 1;
    for (const RelayConfig& one : outputs) {
        if (one.topic == topic) channels = std::max(channels, one.channel);
    }
    return channels;
}

std::unique_ptr<Device> make_device(const RelayConfig& output, const RelaysConfig& config, std::uint64_t seed) {
    const Duration period = config.tele_period;
    const auto plain = [&](PlainRelayTopics topics) {
        return std::make_unique<PlainRelay>(PlainRelayConfig{std::move(topics), true, config.device_timer, period, seed});
    };
    switch (output.dialect) {
        case Dialect::esphome_fan:
            return std::make_unique<EsphomeFan>(EsphomeFanConfig{output.topic, output.object, output.levels, seed});
        case Dialect::level_fan: return std::make_unique<LevelFan>(LevelFanConfig{output.topic, output.levels, seed});
        case Dialect::shelly_gen1: return plain(shelly_gen1_topics(output.topic));
        case Dialect::esphome_switch: return plain(esphome_switch_topics(output.topic, output.object));
        case Dialect::generic: return plain(generic_relay_topics(output.topic));
        case Dialect::shelly_gen2: return std::make_unique<ShellyGen2>(ShellyGen2Config{output.topic, true, false, period, seed});
        case Dialect::zigbee: return std::make_unique<ZigbeePlug>(ZigbeePlugConfig{output.topic, true, true, period, seed});
        case Dialect::tasmota: break;
    }
    return std::make_unique<Tasmota>(
        TasmotaConfig{output.topic, channels_of(config.outputs, output.topic), !is_fan(output.kind), config.tele_period, seed});
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
    if (text == "late") return DeviceFault::late;
    if (text == "offline") return DeviceFault::offline;
    if (text == "reboot") return DeviceFault::reboot;
    if (text == "reboot-on") return DeviceFault::reboot_on;
    return std::nullopt;
}

Relays::Relays(const RelaysConfig& config) : broker_(config.broker), prefix_(config.prefix) {
    for (const RelayConfig& one : config.outputs) {
        outputs_.push_back({one, unit_for(one, config), Miner(one.nominal_w, config.miner_times)});
    }
}

Relays::~Relays() {
    for (const Unit& unit : units_) {
        if (unit.link) unit.link->disconnect();
    }
}

std::size_t Relays::unit_for(const RelayConfig& output, const RelaysConfig& config) {
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (units_[i].topic == output.topic && units_[i].object == output.object) return i;
    }
    units_.push_back({output.topic,
                      output.object,
                      make_device(output, config, config.seed * 1'000 + units_.size()),
                      nullptr,
                      0,
                      std::vector<double>(channels_of(config.outputs, output.topic)),
                      DeviceFault::none,
                      {},
                      std::nullopt,
                      {}});
    connect(units_.back());
    return units_.size() - 1;
}

void Relays::connect(Unit& unit) {
    unit.link.reset();
    unit.greeted = 0;
    if (broker_.empty()) return;
    const std::string name = unit.object.empty() ? unit.topic : unit.topic + "-" + unit.object;
    unit.link = std::make_unique<BrokerLink>(broker_, client_id(prefix_, name),
                                             std::vector<std::string>{unit.device->listens_to(), unit.device->pinged_on()},
                                             unit.device->last_will());
}

bool Relays::fault(std::string_view topic, DeviceFault fault, Time now, Time until) {
    const auto unit = std::find_if(units_.begin(), units_.end(), [&](const Unit& one) { return one.topic == topic; });
    if (unit == units_.end()) return false;
    set_fault(*unit, fault, now);
    unit->fault_until = until;
    return true;
}

bool Relays::restart_gateways(std::optional<bool> cached, Time now, Time until) {
    bool any = false;
    for (Unit& unit : units_) {
        const auto known = unit.device->cached();
        if (!known) continue;
        any = true;
        if (unit.link) unit.link->publish(unit.device->gateway_ends());
        set_fault(unit, DeviceFault::offline, now);
        unit.fault_until = until;
        unit.cached = cached.value_or(*known);
    }
    return any;
}

void Relays::set_fault(Unit& unit, DeviceFault fault, Time now) {
    const bool reboots = fault == DeviceFault::reboot || fault == DeviceFault::reboot_on;
    const bool was_offline = unit.fault == DeviceFault::offline;
    if ((reboots || fault == DeviceFault::offline) && unit.link) unit.link->disconnect();
    if (fault == DeviceFault::offline) unit.link.reset();
    if (reboots) unit.device->boot(fault == DeviceFault::reboot_on, {now, 0, unit.drawn_w});
    unit.fault = reboots ? DeviceFault::none : fault;
    unit.device->fault(unit.fault);
    if (was_offline && fault != DeviceFault::offline && unit.cached)
        unit.device->gateway_starts(*std::exchange(unit.cached, std::nullopt));
    if (reboots || (was_offline && fault != DeviceFault::offline)) connect(unit);
}

void Relays::turn(Time now, std::int64_t utc_s, bool powered) {
    for (Unit& unit : units_) turn(unit, now, utc_s);
    inputs_ = {};
    loads_w_ = 0;
    for (Output& output : outputs_) add(output, draw(output, powered, now), powered);
}

void Relays::turn(Unit& unit, Time now, std::int64_t utc_s) {
    if (unit.fault != DeviceFault::none && now >= unit.fault_until) set_fault(unit, DeviceFault::none, now);
    const Surroundings around{now, utc_s, unit.drawn_w};
    if (unit.link && unit.link->connects() != unit.greeted) greet(unit, around);
    if (unit.link) {
        for (const ReceivedMessage& message : unit.link->take()) unit.device->receive(message.topic, message.payload, around);
    }
    unit.device->turn(around);
    speak(unit, now);
}

void Relays::speak(Unit& unit, Time now) {
    for (SentMessage& message : unit.device->take()) {
        const Time due = unit.fault == DeviceFault::late ? now + lateness : now;
        if (unit.late.size() < most_late) unit.late.emplace_back(due, std::move(message));
    }
    for (; !unit.late.empty() && unit.late.front().first <= now; unit.late.pop_front()) {
        if (unit.link) unit.link->publish(unit.late.front().second);
    }
}

/// Publishes the greeting before subscribing, like the firmware: it does not receive its own greeting.
void Relays::greet(Unit& unit, const Surroundings& around) {
    unit.greeted = unit.link->connects();
    unit.device->connected(around);
    for (const SentMessage& message : unit.device->take()) unit.link->publish(message);
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
