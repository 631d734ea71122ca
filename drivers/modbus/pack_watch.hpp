// Detects that a battery unit is one of several packs in parallel. Each pack has its own BMS; the GX's system service reports the bank.
#pragma once

#include <optional>
#include <string>

#include "drivers/source.hpp"

namespace volt::modbus::gx {

/// Start of every PackWatch remark.
inline constexpr const char* of_one_pack = "this unit measures ";

/// Compares one pair of currents. Returns an empty string if the unit can be the whole bank, or if too little current flows to
/// judge.
std::string pack_remark(std::optional<Amps> unit, std::optional<Amps> bank);

/// Compares the unit's current with the bank's (register 841) while the bank's is above 10 A. Three comparisons in a row that
/// differ by more than 5 A and 10 % mean one pack. Three that agree mean the whole bank again.
class PackWatch {
public:
    /// Handles a reading of the unit. Replaces current and power of one pack by the system service's, or drops them if it has not
    /// answered for 3 polls of the unit. Does not change voltage, temperature and limits.
    void unit(SourceReading& reading);
    /// Handles a reading of the system service. Compares each reading of the unit at most once.
    void bank(const SourceReading& reading);

private:
    std::optional<Amps> unit_;  ///< not yet compared
    int polls_since_bank_ = 0;
    std::optional<Amps> bank_current_;
    std::optional<Watts> bank_power_;
    int differing_ = 0, agreeing_ = 0;
    bool one_pack_ = false;
    std::string text_;
};

}  // namespace volt::modbus::gx
