// Outputs of the site: devices, the loads that they switch, and their combined effect on the plant.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/sim/broker_link.hpp"
#include "drivers/sim/device.hpp"
#include "drivers/sim/miner.hpp"
#include "drivers/sim/plant.hpp"

namespace volt::sim {

enum class LoadKind { miner, heat_room_heater, main_room_heater, heat_room_fan, main_room_fan };
enum class Dialect { tasmota, esphome_fan, level_fan, shelly_gen1, shelly_gen2, zigbee, esphome_switch, generic };

constexpr bool is_fan(LoadKind kind) { return kind == LoadKind::heat_room_fan || kind == LoadKind::main_room_fan; }

/// One output of the site. Outputs with the same topic are the relays of one Tasmota device.
struct RelayConfig {
    std::string topic;
    LoadKind kind = LoadKind::miner;
    double nominal_w = 0;
    Dialect dialect = Dialect::tasmota;
    std::size_t channel = 1;  ///< 1..8, for a Tasmota device
    std::string object = {};  ///< for an ESPHome entity
    int levels = 10;          ///< for a fan
};

struct RelaysConfig {
    std::vector<RelayConfig> outputs;
    MinerTimes miner_times;
    Duration tele_period = 10s;
    Duration device_timer = 300s;  ///< for devices whose owner must set it (Shelly Gen1, ESPHome, generic); 0 if none
    std::uint64_t seed = 7;
    std::string broker;              ///< HOST:PORT, or empty for no broker at all
    std::string prefix = "voltsim";  ///< prefix of the client ids
};

/// Returns the six outputs of the example configuration.
std::vector<RelayConfig> default_outputs();

/// Parses a name from `device_faults`. Empty for an unknown one.
std::optional<DeviceFault> device_fault_of(std::string_view text);

inline constexpr const char* device_faults = "deaf, stuck, meter-lost, late, offline, reboot, reboot-on, none";

class Relays {
public:
    explicit Relays(const RelaysConfig& config);
    ~Relays();
    Relays(const Relays&) = delete;
    Relays& operator=(const Relays&) = delete;
    /// Receives, switches and publishes. `powered`: the inverter's output is on.
    void turn(Time now, std::int64_t utc_s, bool powered);
    /// Returns the current effect of all outputs on the site.
    const PlantInputs& inputs() const { return inputs_; }
    /// Returns their total draw in W, with 4 W per fan level.
    double loads_w() const { return loads_w_; }
    /// Sets a fault of the device with this topic until `until`. Returns false if there is no such device. A reboot ends at once.
    bool fault(std::string_view topic, DeviceFault fault, Time now, Time until);
    /// Takes the gateways of all devices that have one away until `until`; then each starts and publishes its cached state, not
    /// retained. `cached` is that state, or empty for the last known one. Returns false if no device has a gateway.
    bool restart_gateways(std::optional<bool> cached, Time now, Time until);
    /// Describes each output with its state and draw, for people.
    std::string describe() const;

private:
    struct Unit {  // one device on the broker
        std::string topic, object;
        std::unique_ptr<Device> device;
        std::unique_ptr<BrokerLink> link;
        std::uint64_t greeted = 0;
        std::vector<double> drawn_w;
        DeviceFault fault = DeviceFault::none;
        Time fault_until{};
        std::optional<bool> cached = std::nullopt;           ///< cached by its gateway while that is away
        std::deque<std::pair<Time, SentMessage>> late = {};  ///< delayed messages; at most most_late
    };
    static constexpr std::size_t most_late = 256;
    struct Output {
        RelayConfig config;
        std::size_t unit;
        Miner miner;
    };
    std::size_t unit_for(const RelayConfig& output, const RelaysConfig& config);
    void connect(Unit& unit);
    void set_fault(Unit& unit, DeviceFault fault, Time now);
    void turn(Unit& unit, Time now, std::int64_t utc_s);
    static void speak(Unit& unit, Time now);
    void greet(Unit& unit, const Surroundings& around);
    double draw(Output& output, bool powered, Time now);
    void add(const Output& output, double drawn_w, bool powered);

    std::string broker_, prefix_;
    std::vector<Unit> units_;
    std::vector<Output> outputs_;
    PlantInputs inputs_;
    double loads_w_ = 0;
};

}  // namespace volt::sim
