// Detects that a battery unit is one of several packs: each pack has a BMS of its own, and the GX's system service has the whole bank.
#pragma once

#include <optional>
#include <string>

#include "drivers/source.hpp"

namespace volt::modbus::gx {

/// Compares the unit's current with the bank's (register 841). Above 10 A of the bank, three comparisons in a row that differ by
/// more than 5 A and 10 % make it one pack; three that agree end that.
class PackWatch {
public:
    /// Call for each reading of the unit. Of one pack it keeps voltage, temperature and limits, and drops current and power:
    /// the site then takes those of the system service.
    void unit(SourceReading& reading);
    /// Call for each reading of the system service. Compares with the unit's newest current, once.
    void bank(const SourceReading& reading);

private:
    std::optional<Amps> unit_;  ///< not yet compared
    int differing_ = 0, agreeing_ = 0;
    bool one_pack_ = false;
    std::string text_;
};

}  // namespace volt::modbus::gx
