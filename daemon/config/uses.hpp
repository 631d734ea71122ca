// Who uses which output: miners, heaters and fans of the settings, in the order in which they may claim one.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

enum class UseKind : std::uint8_t { miner, heater, fan };

/// One use of an output.
struct Use {
    UseKind kind = UseKind::miner;
    std::size_t row = 0;    ///< of the miner or zone in the settings
    bool enabled = true;    ///< the row is enabled, and for a zone also its heater or fan
    std::string output_id;  ///< never empty
    Watts power{};          ///< nominal power of a load
};

/// Every use, the enabled ones first, miners before heaters before fans.
std::vector<Use> uses_of(const Settings& settings);

/// `miner Dump Load S19 #1`, `heater of zone Heat Room`, `fan of zone Heat Room`.
std::string name_of(const Use& use, const Settings& settings);

/// Index of an output by its id, or `no_index`.
Index output_index(const Config& config, const std::string& id);

/// Why this output may not have this use; empty: it may. The charge output has no other use; a load must be safe off.
std::string unfit(const OutputConfig& output, const Use& use, const Config& config);

}  // namespace volt
