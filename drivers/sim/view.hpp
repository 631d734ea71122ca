// Measurements of the site's instruments: the plant's state in whole steps, overridden by pinned values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/sim/plant.hpp"

namespace volt::sim {

/// Measurements of the site. Battery positive = charging, grid positive = buying; each device converts the signs.
struct SiteMeasurements {
    std::int64_t utc_s = 0;
    std::int64_t battery_cv = 0;  ///< 0.01 V
    std::int64_t battery_w = 0;
    std::int64_t battery_ca = 0;  ///< 0.01 A
    std::int64_t soc_permille = 0;
    std::int64_t battery_ddeg = 0;  ///< 0.1 °C
    std::int64_t consumed_dah = 0;  ///< taken out since full, 0.1 Ah
    std::int64_t capacity_dah = 0;  ///< 0.1 Ah
    std::int64_t pv_w = 0, load_w = 0, grid_w = 0;
    std::int64_t heat_room_ddeg = 0, main_room_ddeg = 0;
    std::int64_t absorption_dv = 576;                                                ///< 0.1 V
    std::int64_t pv_dkwh = 0, load_dkwh = 0, charged_dkwh = 0, discharged_dkwh = 0;  ///< 0.1 kWh since the start
    bool powered = true;
    std::string weather = "sunny";  ///< sunny | cloudy | clear-night
    bool operator==(const SiteMeasurements&) const = default;
};

/// Values pinned for a test. `house` pins only the house (running loads are added), `load` the whole site load. Battery power is
/// PV + grid - load unless pinned; the current follows from it and the voltage.
struct Pins {
    /// Voltage in 0.01 V, temperatures in 0.1 °C, soc in 0.1 %, all powers in W.
    std::map<std::string, std::int64_t, std::less<>> values;
    std::optional<std::string> weather;

    /// Pins `key` to the number or text in `text`; `auto` releases it (all with the key `all`). Returns the error, or empty.
    std::optional<std::string> set(std::string_view key, std::string_view text);
    std::optional<std::int64_t> find(std::string_view key) const;
};

/// Parses `text` as a whole number of steps of 10^-decimals: ("52.30", 2) is 5230. Empty for junk or more decimals.
std::optional<std::int64_t> steps_of(std::string_view text, int decimals);

/// Returns the current view; `loads_w` is the outputs' total draw.
SiteMeasurements view_of(const Plant& plant, const Pins& pins, double loads_w);

}  // namespace volt::sim
