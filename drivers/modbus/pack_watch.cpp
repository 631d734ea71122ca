#include "drivers/modbus/pack_watch.hpp"

#include <cstdlib>

namespace volt::modbus::gx {
namespace {

constexpr Amps least_bank = Amps{1000}, least_apart = Amps{500};
constexpr std::int64_t least_apart_percent = 10;
constexpr int polls_to_judge = 3;
constexpr int most_polls_since_bank = 3;  ///< polls of the unit for which one answer of the system service is valid

/// Estimates the number of packs from the ratio of the currents. Omits it if they flow in opposite directions.
std::string pack_of(Amps unit, Amps bank) {
    const std::int64_t packs = unit.steps == 0 ? 0 : (bank.steps + unit.steps / 2) / unit.steps;
    return packs > 1 ? "one of " + std::to_string(packs) + " packs" : "one pack of several";
}

bool may_judge(Amps bank) { return std::abs(bank.steps) >= least_bank.steps; }

bool differ(Amps unit, Amps bank) {
    const std::int64_t apart = std::abs(bank.steps - unit.steps);
    return apart > least_apart.steps && apart * 100 > std::abs(bank.steps) * least_apart_percent;
}

}  // namespace

std::string pack_remark(std::optional<Amps> unit, std::optional<Amps> bank) {
    if (!unit || !bank || !may_judge(*bank) || !differ(*unit, *bank)) return {};
    return "its current is not the bank's (register 841): it seems to be " + pack_of(*unit, *bank);
}

void PackWatch::unit(SourceReading& reading) {
    unit_ = reading.battery_current;
    if (!one_pack_) return;
    const bool fresh = ++polls_since_bank_ <= most_polls_since_bank;
    reading.battery_current = fresh ? bank_current_ : std::nullopt;
    reading.battery_power = fresh ? bank_power_ : std::nullopt;
    reading.complaint += (reading.complaint.empty() ? "" : "; ") + text_;
}

void PackWatch::bank(const SourceReading& reading) {
    polls_since_bank_ = 0;
    bank_current_ = reading.battery_current;
    bank_power_ = reading.battery_power;
    if (!unit_ || !reading.battery_current || !may_judge(*reading.battery_current)) return;
    const Amps bank = *reading.battery_current, unit = *unit_;
    unit_.reset();
    const bool differs = differ(unit, bank);
    differing_ = differs ? differing_ + 1 : 0;
    agreeing_ = differs ? 0 : agreeing_ + 1;
    if (agreeing_ >= polls_to_judge) one_pack_ = false;
    if (differing_ >= polls_to_judge && !one_pack_) {
        one_pack_ = true;
        text_ = of_one_pack + pack_of(unit, bank) + ": current and power are those of the GX (registers 841, 842)";
    }
}

}  // namespace volt::modbus::gx
