// Uses of outputs: miners, heaters and fans of the settings, in the order in which they may claim one.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

enum class UseKind : std::uint8_t { miner, heater, fan };

/// Use of an output.
struct Use {
    UseKind kind = UseKind::miner;
    std::size_t row = 0;    ///< index of the miner or zone in the settings
    bool enabled = true;    ///< the row is enabled, and for a zone also its heater or fan
    std::string output_id;  ///< never empty
    Watts power{};          ///< nominal power of a load
};

/// Returns every use: enabled ones first, miners before heaters before fans.
std::vector<Use> uses_of(const Settings& settings);

/// Returns `miner Dump Load S19 #1`, `heater of zone Heat Room` or `fan of zone Heat Room`.
std::string name_of(const Use& use, const Settings& settings);

/// Returns the index of an output by its id, or `no_index`.
Index output_index(const Config& config, const std::string& id);

/// Returns the reason this output may not have this use, or an empty string if it may. The charge output has no other use, and a
/// load must be safe off.
std::string unfit(const OutputConfig& output, const Use& use, const Config& config);

}  // namespace volt
