// Wiring of the Modbus devices, as written in voltd.yaml. Plain data; checked by daemon/config.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "rules/policy.hpp"
#include "rules/time.hpp"

namespace volt {

/// A GX temperature service (com.victronenergy.temperature) with its own unit id.
struct GxTemperature {
    std::string id;  ///< source name `victron.<id>`
    int unit = 0;
    TemperatureRole role = TemperatureRole::room;
    bool operator==(const GxTemperature&) const = default;
};

struct VictronConfig {
    std::string host;
    int port = 502;
    Duration poll = 1s;
    Duration timeout = 1000ms;  ///< for a whole exchange
    int system_unit = 100;
    std::optional<int> battery_unit;
    std::optional<int> vebus_unit;
    std::vector<GxTemperature> temperatures;
    ChargeLimit charge_limit = ChargeLimit::report;
    int charge_limit_a = -1;
    bool operator==(const VictronConfig&) const = default;
};

enum class Framing : std::uint8_t { tcp, rtu };
inline const char* name_of(Framing framing) {
    switch (framing) {
        case Framing::tcp: return "tcp";
        case Framing::rtu: return "rtu";
    }
    return "?";
}

struct SolArkConfig {
    std::string host;
    int port = 502;
    Framing framing = Framing::tcp;
    int unit = 1;
    Duration poll = 5s;
    Duration timeout = 3000ms;            ///< a gateway may try another master's absent slave for over 2 s
    int power_scale = 1;                  ///< 1 | 10: registers 167-172 and 176-178
    std::optional<int> grid_power_scale;  ///< 1 | 10: registers 167-172, if different from the load's
    bool micro_inverters = false;         ///< on the generator port: register 166 counts as PV
    int battery_current_step_ma = 10;     ///< 10 (0.01 A) | 100 (0.1 A): register 191
    ChargeLimit charge_limit = ChargeLimit::report;
    std::optional<int> charge_limit_a;  ///< A; used with `write`
    bool operator==(const SolArkConfig&) const = default;
};

/// Compares host names, ignoring case.
inline bool same_host(const std::string& one, const std::string& other) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(one, other, {}, small, small);
}

/// Returns true if two inverters share a line behind one gateway, so that one connection polls both.
inline bool same_gateway(const SolArkConfig& one, const SolArkConfig& other) {
    return same_host(one.host, other.host) && one.port == other.port;
}

}  // namespace volt
