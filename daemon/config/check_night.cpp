#include "daemon/config/check_night.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rules/loads/allowance.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

/// Assumed values while neither bank nor house is known: round figures that the sentence shows, so that the owner can scale them.
constexpr double reckoned_bank_kwh = 10, reckoned_house_kw = 0.8;
constexpr std::int64_t least_hours = 1, most_hours = 25;  // at the maximum draw of the loads

/// Loads that may run on the battery: the first one, their total draw, and how far they drain it.
struct Takers {
    const Miner* first = nullptr;
    std::size_t others = 0;
    Watts draw{};
    Volts down_to{};
};

Takers takers_of(const Preferences& preferences, const std::vector<Miner>& miners,
                 const std::function<bool(const Miner&)>& can_run) {
    Takers takers;
    for (const Miner& miner : miners) {
        if (!miner.enabled || !may_use_battery(miner, preferences.mode) || !can_run(miner)) continue;
        takers.draw += miner.power;
        takers.down_to = takers.first == nullptr ? miner.stop : std::min(takers.down_to, miner.stop);
        if (takers.first != nullptr) ++takers.others;
        if (takers.first == nullptr || miner.priority_level < takers.first->priority_level) takers.first = &miner;
    }
    return takers;
}

NightDoubt nothing_kept(const Preferences& p, const Takers& takers) {
    const std::string who = takers.others == 0 ? takers.first->name + " takes"
                                               : fmt::format("{} and {} more take", takers.first->name, takers.others);
    const Percent left = soc_of(takers.down_to, p.curve);
    const std::int64_t house = std::max<std::int64_t>(left.steps - soc_of(p.critical_low, p.curve).steps, 0);
    const double left_kwh = static_cast<double>(house) / 10'000 * reckoned_bank_kwh;
    return {
        "bank_wh",
        fmt::format(
            "no energy is reserved for the house overnight: {} {:.1f} kWh an hour from the bank. The loads may take the bank to "
            "{}.{:02} V ({} %); the house then has about {:.1f} h ({:.1f} kWh of each {:.0f} kWh of bank, at {:.0f} W)",
            who, static_cast<double>(takers.draw.steps) / 1000, takers.down_to.steps / 100, takers.down_to.steps % 100,
            left.steps / 100, left_kwh / reckoned_house_kw, left_kwh, reckoned_bank_kwh, reckoned_house_kw * 1000),
        "set the bank's size, voltctl prefs set bank_wh=WH (Ah times nominal volts), or a reserve_voltage"};
}

/// Warns about a size with a digit too many or too few, compared with the draw of the loads.
void doubt_size(const Preferences& p, std::vector<NightDoubt>& doubts) {
    const std::int64_t most = p.max_battery_discharge.steps;
    const bool small = *p.bank_wh<most * least_hours, large = *p.bank_wh> most * most_hours;
    if (most == 0 || (!small && !large)) return;
    const auto bank = static_cast<double>(*p.bank_wh);
    doubts.push_back(
        {"bank_wh",
         fmt::format("it is {:.1f} kWh, {:.1f} h of the most that the loads may take (max_battery_discharge_w): {}", bank / 1000,
                     bank / static_cast<double>(most), small ? "is a digit missing?" : "is there a digit too many?"),
         "multiply the bank's Ah by its nominal voltage, and set the result: voltctl prefs set bank_wh=WH"});
}

}  // namespace

std::vector<NightDoubt> night_doubts(const Preferences& preferences, const std::vector<Miner>& miners,
                                     const std::function<bool(const Miner&)>& can_run) {
    std::vector<NightDoubt> doubts;
    if (preferences.bank_wh) {
        if (preferences.curve == Preferences{}.curve)
            doubts.push_back({"voltage_curve", "it is still the default, and the night budget relies on it",
                              "compare its points with the battery's data sheet, voltctl prefs show"});
        if (preferences.curve.size() == 2)
            doubts.push_back({"voltage_curve", "it is a straight line, and the night budget relies on it: no battery follows one",
                              "take its points from the battery's data sheet: voltctl prefs set voltage_curve=V:%,..."});
        doubt_size(preferences, doubts);
        return doubts;
    }
    const Takers takers = takers_of(preferences, miners, can_run);
    if (takers.first != nullptr && !preferences.reserve) doubts.push_back(nothing_kept(preferences, takers));
    return doubts;
}

}  // namespace volt
