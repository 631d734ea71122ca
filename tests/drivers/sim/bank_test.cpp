#include "drivers/sim/bank.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace volt::sim;

TEST_CASE("bank: follows the site's curve at each point") {
    const double points[][2] = {{0, 45.0}, {15, 47.0}, {40, 50.0}, {60, 51.5}, {80, 54.5}, {100, 56.0}};
    for (const auto& [soc, volts] : points) CHECK(resting_volts(BankCurve::site, soc) == doctest::Approx(volts));
    CHECK(resting_volts(BankCurve::site, 70) == doctest::Approx(53.0));
}

TEST_CASE("bank: the cell's curve is flat between steep ends") {
    CHECK(resting_volts(BankCurve::lifepo4, 70) - resting_volts(BankCurve::lifepo4, 30) < 1.2);
    CHECK(resting_volts(BankCurve::lifepo4, 10) - resting_volts(BankCurve::lifepo4, 0) > 5);
}

TEST_CASE("bank: 10 mOhm sag at once") {
    Bank bank({}, 55);
    const double rest = bank.volts();
    bank.step(-3'878, 0.001);
    CHECK(bank.amps() * bank.volts() == doctest::Approx(-3'878));
    CHECK(rest - bank.volts() == doctest::Approx(-bank.amps() * 0.010));
    CHECK(rest - bank.volts() == doctest::Approx(0.77).epsilon(0.02));
}

TEST_CASE("bank: recovers from a load partly at once, partly slowly") {
    Bank bank({}, 55);
    for (int i = 0; i < 3'600; ++i) bank.step(-3'878, 1);
    const double loaded = bank.volts();
    bank.step(0, 0.001);
    const double freed = bank.volts();
    for (int i = 0; i < 3'600; ++i) bank.step(0, 1);
    CHECK(freed - loaded > 0.7);
    CHECK(bank.volts() - freed > 0.1);
    CHECK(bank.volts() == doctest::Approx(resting_volts(BankCurve::site, bank.soc_pct())).epsilon(0.001));
}

TEST_CASE("bank: 60 A for ten hours is 600 Ah") {
    Bank bank({}, 10);
    for (int i = 0; i < 3'600; ++i) bank.step(bank.volts() * 60, 1);
    CHECK(bank.soc_pct() == doctest::Approx(20).epsilon(0.002));
}

TEST_CASE("bank: the charger's limits bound power by voltage and current") {
    Bank bank({}, 50);
    CHECK(bank.most_charge_w(57.6, 100) == doctest::Approx(100 * (50.75 + 1.0)));
    CHECK(bank.volts_at(bank.most_charge_w(51.0, 1'000)) == doctest::Approx(51.0));
    CHECK(bank.most_charge_w(50.0, 100) == 0);
    CHECK(bank.most_charge_w(57.6, 0) == 0);
}

TEST_CASE("bank: an extreme draw gives a finite number") {
    Bank bank({}, 50);
    CHECK(std::isfinite(bank.volts_at(-1e9)));
}

TEST_CASE("bank: half the cells have half the voltage and resistance") {
    BankConfig eight;
    eight.cells = 8;
    const Bank whole(BankConfig{}, 60), half(eight, 60);
    CHECK(half.volts() == doctest::Approx(whole.volts() / 2));
    CHECK(half.volts_at(-1000) == doctest::Approx(whole.volts_at(-2000) / 2));
    CHECK(half.most_charge_w(27, 100) == doctest::Approx(whole.most_charge_w(54, 100) / 2));
}
