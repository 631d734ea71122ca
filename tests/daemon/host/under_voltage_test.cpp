#include "daemon/host/under_voltage.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/process.hpp"

using namespace volt;

namespace {

/// Directory like /sys/class/hwmon with two chips, the second one the Pi's.
struct Hwmon {
    testing::TempDir dir;
    Hwmon() {
        std::filesystem::create_directory(dir / "hwmon0");
        std::filesystem::create_directory(dir / "hwmon1");
        testing::write_file(dir / "hwmon0/name", "cpu_thermal\n");
        testing::write_file(dir / "hwmon0/in0_lcrit_alarm", "1\n");
        testing::write_file(dir / "hwmon1/name", "rpi_volt\n");
        alarm("0");
    }
    void alarm(const std::string& value) const { testing::write_file(dir / "hwmon1/in0_lcrit_alarm", value + "\n"); }
};

}  // namespace

TEST_CASE("reads only the Pi's own chip") {
    const Hwmon hwmon;
    CHECK(under_voltage_now(hwmon.dir.path()) == false);
    hwmon.alarm("1");
    CHECK(under_voltage_now(hwmon.dir.path()) == true);
    hwmon.alarm("x");
    CHECK_FALSE(under_voltage_now(hwmon.dir.path()));
    CHECK_FALSE(under_voltage_now("/no/such/directory"));
}

TEST_CASE("shows a brief dip for ten minutes") {
    const Hwmon hwmon;
    UnderVoltage watch(hwmon.dir.path());
    CHECK_FALSE(watch.update(10s));
    hwmon.alarm("1");
    CHECK(watch.update(15s));
    hwmon.alarm("0");
    CHECK(watch.update(20s));
    CHECK(watch.update(15s + UnderVoltage::kept - 1ms));
    CHECK_FALSE(watch.update(15s + UnderVoltage::kept));
}
