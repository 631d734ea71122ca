// Tests of facts from the kernel's files, below a directory of the test.
#include <doctest/doctest.h>

#include <filesystem>

#include "daemon/ctl/doctor/gather.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::ctl::doctor;
using volt::testing::TempDir;
using volt::testing::write_file;

namespace computer_facts_test {

namespace {

struct Root {
    TempDir dir;
    void put(const std::string& path, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(dir / path).parent_path());
        write_file(dir / path, text);
    }
    Subject subject() const {
        Subject made;
        made.root = dir.path();
        made.database = dir / "voltd.db";
        return made;
    }
};

}  // namespace

TEST_CASE("finds no facts on an empty machine") {
    const Root root;
    const MachineFacts machine = machine_facts(root.subject());
    CHECK(machine.os_id.empty());
    CHECK_FALSE(machine.under_voltage);
    CHECK_FALSE(machine.cpu_millicelsius);
    CHECK_FALSE(machine.free_kb);
    CHECK_FALSE(machine.has_rtc);
    const DiskFacts disk = disk_facts(root.subject());
    CHECK(disk.free_bytes);
    CHECK(disk.wear.empty());
    CHECK(disk.errors.empty());
    CHECK_FALSE(disk.mb_a_day);
}

TEST_CASE("reads the files of a Raspberry Pi") {
    const Root root;
    root.put("etc/os-release",
             "PRETTY_NAME=\"Raspbian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=raspbian\nID_LIKE=debian\n");
    root.put("sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
    root.put("sys/class/hwmon/hwmon1/name", "rpi_volt\n");
    root.put("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
    root.put("sys/class/thermal/thermal_zone0/temp", "51540\n");
    root.put("sys/class/thermal/thermal_zone1/temp", "62000\n");
    root.put("sys/class/rtc/rtc0/name", "rtc-ds1307\n");
    root.put("proc/meminfo", "MemTotal:        3884000 kB\nMemFree:          100000 kB\nMemAvailable:    1200000 kB\n");
    root.put("sys/block/mmcblk0/device/life_time", "0x02 0x0b\n");
    root.put("sys/block/sda/size", "1\n");
    root.put("sys/fs/ext4/mmcblk0p2/errors_count", "3\n");
    const MachineFacts machine = machine_facts(root.subject());
    CHECK(machine.os_id == "raspbian");
    CHECK(machine.os_name == "Raspbian GNU/Linux 12 (bookworm)");
    CHECK(machine.os_version == 12);
    CHECK(machine.under_voltage == true);
    CHECK(machine.cpu_millicelsius == 62000);
    CHECK(machine.has_rtc);
    CHECK(machine.free_kb == 1'200'000);
    const DiskFacts disk = disk_facts(root.subject());
    REQUIRE(disk.wear.size() == 1);
    CHECK(disk.wear.front().device == "mmcblk0");
    CHECK(disk.wear.front().value == 11);
    REQUIRE(disk.errors.size() == 1);
    CHECK(disk.errors.front().value == 3);
}

TEST_CASE("counts a dip that voltd remembers as under-voltage") {
    const Root root;
    Subject subject = root.subject();
    subject.voltd.status["alarm/under_voltage"] = {{"text", "x"}};
    CHECK(machine_facts(subject).under_voltage == true);
}

}  // namespace computer_facts_test
