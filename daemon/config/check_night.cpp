#include "daemon/config/check_night.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rules/loads/allowance.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

/// Loads that may run on the battery: who is first, what all take, and how far down they go.
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

NightDoubt nothing_kept(const Preferences& preferences, const Takers& takers) {
    const std::string who = takers.others == 0 ? takers.first->name + " takes"
                                               : fmt::format("{} and {} more take", takers.first->name, takers.others);
    return {"bank_wh",
            fmt::format("nothing keeps the night for the house: {} {:.1f} kWh an hour from the bank, down to {}.{:02} V ({} %)",
                        who, static_cast<double>(takers.draw.steps) / 1000, takers.down_to.steps / 100,
                        takers.down_to.steps % 100, soc_of(takers.down_to, preferences.curve).steps / 100),
            "set the bank's size, voltctl prefs set bank_wh=WH (Ah times nominal volts), or a reserve_voltage"};
}

}  // namespace

std::vector<NightDoubt> night_doubts(const Preferences& preferences, const std::vector<Miner>& miners,
                                     const std::function<bool(const Miner&)>& can_run) {
    std::vector<NightDoubt> doubts;
    if (preferences.bank_wh) {
        if (preferences.curve == Preferences{}.curve)
            doubts.push_back({"voltage_curve",
                              "is this your battery's curve? It is the default one, and the night budget reads the charge by it",
                              "compare its points with the battery's data sheet, voltctl prefs show"});
        return doubts;
    }
    const Takers takers = takers_of(preferences, miners, can_run);
    if (takers.first != nullptr && !preferences.reserve) doubts.push_back(nothing_kept(preferences, takers));
    return doubts;
}

}  // namespace volt
