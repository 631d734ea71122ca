#include "drivers/modbus/pack_watch.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::modbus::gx;

namespace {

struct Bank {
    PackWatch watch;

    /// Polls the unit and the system service once. Returns the unit's reading as the site gets it.
    SourceReading poll(Amps unit, Amps bank) {
        SourceReading own, whole;
        own.voltage = 5230_cV;
        own.battery_current = unit;
        own.battery_power = Watts{unit.steps * 523 / 1000};
        whole.battery_current = bank;
        whole.battery_power = Watts{bank.steps * 523 / 1000};
        watch.unit(own);
        watch.bank(whole);
        return own;
    }
};

}  // namespace

TEST_CASE("one pair of currents gives the packs, unless low or equal") {
    CHECK(pack_remark(Amps{-2000}, Amps{-6000}).ends_with("one of 3 packs"));
    CHECK(pack_remark(Amps{0}, Amps{6000}).ends_with("one pack of several"));
    CHECK(pack_remark(Amps{-5800}, Amps{-6000}).empty());
    CHECK(pack_remark(Amps{-300}, Amps{-900}).empty());
    CHECK(pack_remark({}, Amps{6000}).empty());
    CHECK(pack_remark(Amps{6000}, {}).empty());
}

TEST_CASE("a third of the bank's current in three polls means 3 packs") {
    Bank site;
    for (int i = 0; i < 3; ++i) CHECK(site.poll(Amps{-2000}, Amps{-6000}).battery_current == Amps{-2000});
    const SourceReading pack = site.poll(Amps{-2000}, Amps{-6000});
    CHECK(pack.battery_current == Amps{-6000});
    CHECK(pack.battery_power == Watts{-3138});
    CHECK(pack.voltage);
    CHECK(pack.complaint.find("one of 3 packs") != std::string::npos);
    // its contactor opens
    CHECK(site.poll(Amps{0}, Amps{-6000}).battery_power == Watts{-3138});
    for (int i = 1; i <= 4; ++i) {  // the system service does not answer
        SourceReading own;
        own.battery_power = 100_W;
        site.watch.unit(own);
        CHECK(own.battery_power.has_value() == (i <= 3));
    }
}

TEST_CASE("a unit at 0 A while the bank supplies 60 A is one pack") {
    Bank site;
    for (int i = 0; i < 3; ++i) site.poll(Amps{0}, Amps{-6000});
    CHECK(site.poll(Amps{0}, Amps{-6000}).battery_power == Watts{-3138});
}

TEST_CASE("small differences, single polls and small currents prove no pack") {
    Bank site;
    for (int i = 0; i < 10; ++i) CHECK(site.poll(Amps{-5700}, Amps{-6000}).battery_power);      // 3 A apart
    for (int i = 0; i < 10; ++i) CHECK(site.poll(Amps{-19'000}, Amps{-20'000}).battery_power);  // 5 %
    for (int i = 0; i < 10; ++i) CHECK(site.poll(Amps{0}, Amps{-900}).battery_power);           // 9 A in all
    for (int i = 0; i < 9; ++i) CHECK(site.poll(i % 3 == 0 ? Amps{-6000} : Amps{-2000}, Amps{-6000}).battery_power);
}

TEST_CASE("counts as the whole bank after three polls that agree") {
    Bank site;
    for (int i = 0; i < 4; ++i) site.poll(Amps{-2000}, Amps{-6000});
    for (int i = 0; i < 3; ++i) CHECK_FALSE(site.poll(Amps{-6000}, Amps{-6000}).complaint.empty());
    CHECK(site.poll(Amps{-6000}, Amps{-6000}).complaint.empty());
}
