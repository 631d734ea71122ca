#include "daemon/whatif/battery_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "drivers/sim/bank.hpp"
#include "drivers/sim/random.hpp"

using namespace volt;
using namespace volt::whatif;

namespace battery_fit_test {

namespace {

/// Returns thirty days of the simulated bank: a miner's load at some hours, the house at others, sun by day. `noise_a` on the
/// measured current.
std::vector<BatteryMinute> month(double noise_a, double rest_w = -600) {
    sim::BankConfig config;
    sim::Bank bank(config, 60);
    sim::Random random(5);
    std::vector<BatteryMinute> minutes;
    for (std::int64_t minute = 0; minute < 30 * 1440; ++minute) {
        const std::int64_t hour = minute / 60 % 24, day = minute / 1440;
        double watts = rest_w;
        if (hour >= 9 && hour < 14) watts = 3000 + 500 * static_cast<double>(day % 5);
        if (hour >= 18 && hour < 22 && bank.soc_pct() > 25) watts = -4200;
        if (bank.soc_pct() > 95 && watts > 0) watts = 0;
        for (int second = 0; second < 60; second += 10) bank.step(watts, 10);
        minutes.push_back({minute * 60, Volts{std::llround(bank.volts() * 100)},
                           Amps{std::llround((bank.amps() + random.between(-noise_a, noise_a)) * 100)}});
    }
    return minutes;
}

}  // namespace

TEST_CASE("finds capacity and curve that hold on unseen days") {
    const BatteryFit fit = fit_battery(month(0.2), 10);
    REQUIRE_MESSAGE(!fit.curve.empty(), fit.why);
    CHECK(*fit.error_pct < most_fit_error_pct);
    // 600 Ah from 0 to 100 %: a fifth of it is between 50.0 V (40 %) and 51.5 V (60 %).
    const double less = volts_less(fit.curve, 51.5, 0.2 * 600 * 3600);
    CHECK(less > 1.2);
    CHECK(less < 1.8);
    CHECK(volts_less(fit.curve, 51.5, 0) == doctest::Approx(0));
    CHECK(volts_less(fit.curve, 51.5, -3600) < 0);
}

TEST_CASE("rejects a wrong fit and says why") {
    CHECK(fit_battery({}, 10).why.find("rarely rested") != std::string::npos);
    CHECK(fit_battery(month(0.2, -4000), 10).curve.empty());
    std::vector<BatteryMinute> wrong = month(0.2);
    // A current that shows half of the flow on every other day.
    for (BatteryMinute& minute : wrong)
        if (minute.at_s / 86'400 % 2 == 0) minute.current.steps /= 2;
    const BatteryFit fit = fit_battery(wrong, 10);
    CHECK(fit.curve.empty());
    CHECK(fit.why.find("on days it has not seen") != std::string::npos);
}

}  // namespace battery_fit_test
