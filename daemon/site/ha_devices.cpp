#include "daemon/site/ha_devices.hpp"

#include <fmt/format.h>

namespace volt {

namespace {

/// Returns the address of the page, or an empty string if only this computer can reach it.
std::string page_of(const ApiConfig& api, const std::string& machine) {
    if (!api.lan_plain || is_loopback(api.host)) return {};
    const bool every = api.host == "0.0.0.0" || api.host == "::";
    if (every && machine.empty()) return {};
    std::string host = every ? machine : api.host;
    if (every && host.find('.') == std::string::npos) host += ".local";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return fmt::format("http://{}:{}/", host, api.port);
}

}  // namespace

HaLoads ha_loads(const Policy& policy) {
    HaLoads loads;
    for (const Miner& miner : policy.miners) loads.miners.push_back({miner.id, miner.slug, miner.name});
    for (const Zone& zone : policy.zones) {
        const bool heated = zone.heating_enabled || !zone.heater_id.empty();
        loads.zones.push_back({zone.id, zone.slug, zone.name, zone.fan_id.empty() ? 0 : zone.fan_max_level, heated});
    }
    return loads;
}

HaHome ha_home(const Config& config, const std::string& machine) {
    return {config.site, VOLT_VERSION, page_of(config.api, machine)};
}

}  // namespace volt
