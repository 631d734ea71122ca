#include "tests/bench/control_settings.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "daemon/ctl/init/site_rows.hpp"

namespace volt::control {

namespace {

/// `voltage_curve` that an owner of such cells would set.
const std::vector<CurvePoint> cell_curve = {{4000_cV, {0}},    {4800_cV, {500}},  {5120_cV, {1000}}, {5200_cV, {2000}},
                                            {5250_cV, {4000}}, {5280_cV, {6000}}, {5310_cV, {7000}}, {5340_cV, {9000}},
                                            {5400_cV, {9600}}, {5600_cV, {10000}}};

/// Returns the settings from init's answers, as the daemon would read them.
Settings init_settings(bool cells, std::optional<double> capacity_ah) {
    using ctl::Json;
    Json bank{{"kind", cells ? "lifepo4-16s" : "solar-shack-16s"}}, miners = Json::array();
    if (capacity_ah) bank["capacity_ah"] = fmt::format("{:.0f}", *capacity_ah);
    for (std::size_t i = 0; i < draw_w.size(); ++i)
        miners.push_back({{"name", fmt::format("Miner {}", i + 1)},
                          {"power_draw_w", fmt::format("{:.0f}", draw_w[i])},
                          {"require_sunny", false}});
    auto tried = ctl::init::try_rows(ctl::init::wanted_rows({{"bank", bank}, {"miners", miners}}), true);
    if (!tried) throw std::runtime_error("init's rows: " + tried.failure().text);
    return tried.value().after;
}

/// Takes the owner's choices, and keeps output, zone and identity.
void take(const Settings& settings, Policy& policy) {
    policy.preferences = settings.preferences;
    for (std::size_t i = 0; i < policy.miners.size(); ++i) {
        Miner miner = settings.miners.at(i);
        miner.output = policy.miners[i].output;
        policy.miners[i] = miner;
    }
}

}  // namespace

std::function<void(Policy&, const Week&)> shipped_rows(double times, bool own_curve) {
    return [=](Policy& policy, const Week& week) {
        policy.preferences.bank_wh = static_cast<std::int64_t>(week.place->bank_wh() * times);
        if ((week.curve == sim::BankCurve::lifepo4) == own_curve) policy.preferences.curve = cell_curve;
    };
}

std::function<void(Policy&, const Week&)> init_rows(bool sized, double times, bool own_curve) {
    return [=](Policy& policy, const Week& week) {
        const bool cells = (week.curve == sim::BankCurve::lifepo4) == own_curve;
        const auto capacity = sized ? std::optional(week.place->capacity_ah * times) : std::nullopt;
        take(init_settings(cells, capacity), policy);
    };
}

}  // namespace volt::control
