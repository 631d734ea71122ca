#include "daemon/whatif/stored_energy.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/whatif/records.hpp"

using namespace volt;
using namespace volt::whatif;

namespace stored_energy_test {

namespace {

/// Returns a record that charges with 3 kW for six hours, then discharges as much; 0.4 V per kWh, 10 mOhm.
SiteRecord cycle() {
    return test::record_of(12, [](std::int64_t t, HeldRow& row) {
        const double kwh = 3.0 * static_cast<double>(t < 21'600 ? t : 43'200 - t) / 3600, watts = t < 21'600 ? 3000 : -3000;
        const double rest = 48 + 0.4 * kwh;
        row.battery = Watts{static_cast<std::int64_t>(watts)};
        test::set_volts(row, std::llround((rest + watts / rest * 0.01) * 100));
    });
}

}  // namespace

TEST_CASE("finds the slope of voltage over energy without sag") {
    const auto energy = stored_energy(cycle());
    REQUIRE(energy);
    // 0.4 V / 3,600,000 Ws = 111 nV / Ws
    CHECK(energy->nanovolts_per_ws >= 108);
    CHECK(energy->nanovolts_per_ws <= 114);
}

TEST_CASE("returns nothing without power, swing or correlation") {
    SiteRecord record = cycle();
    for (HeldRow& row : record.rows) row.battery.reset();
    CHECK_FALSE(stored_energy(record));
    record = cycle();
    for (HeldRow& row : record.rows) row.battery = Watts{0};
    CHECK_FALSE(stored_energy(record));
    record = cycle();
    for (std::size_t i = 0; i < record.rows.size(); ++i) test::set_volts(record.rows[i], i % 2 == 0 ? 4900 : 5400);
    CHECK_FALSE(stored_energy(record));
}

}  // namespace stored_energy_test
