#include "daemon/config/uses.hpp"

#include <algorithm>

namespace volt {

std::vector<Use> uses_of(const Settings& settings) {
    std::vector<Use> uses;
    for (std::size_t i = 0; i < settings.miners.size(); ++i) {
        const Miner& miner = settings.miners[i];
        uses.push_back({UseKind::miner, i, miner.enabled, miner.output_id, miner.power});
    }
    for (std::size_t i = 0; i < settings.zones.size(); ++i) {
        const Zone& zone = settings.zones[i];
        const bool heats =
            zone.heating_enabled && (zone.heat_first == HeatSource::heater || zone.heat_second == HeatSource::heater);
        uses.push_back({UseKind::heater, i, zone.enabled && heats, zone.heater_id, zone.heater_power});
        uses.push_back({UseKind::fan, i, zone.enabled && zone.fan_enabled, zone.fan_id, {}});
    }
    uses.erase(std::remove_if(uses.begin(), uses.end(), [](const Use& use) { return use.output_id.empty(); }), uses.end());
    std::stable_sort(uses.begin(), uses.end(),
                     [](const Use& a, const Use& b) { return a.enabled != b.enabled ? a.enabled : a.kind < b.kind; });
    return uses;
}

std::string name_of(const Use& use, const Settings& settings) {
    switch (use.kind) {
        case UseKind::miner: return "miner " + settings.miners[use.row].name;
        case UseKind::heater: return "heater of zone " + settings.zones[use.row].name;
        case UseKind::fan: return "fan of zone " + settings.zones[use.row].name;
    }
    return "?";
}

Index output_index(const Config& config, const std::string& id) {
    for (std::size_t i = 0; i < config.outputs.size(); ++i)
        if (config.outputs[i].id == id) return static_cast<Index>(i);
    return no_index;
}

std::string unfit(const OutputConfig& output, const Use& use, const Config& config) {
    if (config.charge_output == output.id) return output.id + " is the charge_output";
    if (use.kind != UseKind::fan && output.safe_state != SafeState::off) return "the safe_state of " + output.id + " is not off";
    return "";
}

}  // namespace volt
