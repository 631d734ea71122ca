// Tests of the groups machine, clock and disk.
#include "daemon/ctl/doctor/checks.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt::ctl::doctor;

namespace machine_checks_test {

TEST_CASE("doctor passes and fails each check of the computer") {
    const MachineFacts good{.os_id = "debian",
                            .os_name = "Debian GNU/Linux 12 (bookworm)",
                            .os_version = 12,
                            .under_voltage = false,
                            .cpu_millicelsius = 51'000,
                            .free_kb = 900'000,
                            .has_rtc = true};
    check_each<MachineFacts>(good, machine_checks,
                             {{"machine.os", Outcome::warn, [](auto& it) { it.os_version = 11; }},
                              {"machine.os", Outcome::warn, [](auto& it) { it.os_id = "arch"; }},
                              {"machine.os", Outcome::ok, [](auto& it) { it.os_version.reset(); }},
                              {"machine.os", Outcome::skipped, [](auto& it) { it.os_id.clear(); }},
                              {"machine.power", Outcome::fail, [](auto& it) { it.under_voltage = true; }},
                              {"machine.power", Outcome::skipped, [](auto& it) { it.under_voltage.reset(); }},
                              {"machine.heat", Outcome::ok, [](auto& it) { it.cpu_millicelsius = 80'000; }},
                              {"machine.heat", Outcome::warn, [](auto& it) { it.cpu_millicelsius = 83'400; }, "83 °C"},
                              {"machine.memory", Outcome::ok, [](auto& it) { it.free_kb = 64 * 1024; }},
                              {"machine.memory", Outcome::fail, [](auto& it) { it.free_kb = 64 * 1024 - 1; }, "63 MB"},
                              {"machine.rtc", Outcome::warn, [](auto& it) { it.has_rtc = false; }}});
}

TEST_CASE("doctor passes and fails each check of the clock") {
    const ClockFacts good{.synchronized = true,
                          .site_zone = "America/Los_Angeles",
                          .machine_zone = "America/Los_Angeles",
                          .has_gx = true,
                          .gx_ahead_s = -2,
                          .jump = ""};
    check_each<ClockFacts>(
        good, clock_checks,
        {{"clock.sync", Outcome::fail, [](auto& it) { it.synchronized = false; }},
         {"clock.sync", Outcome::skipped, [](auto& it) { it.synchronized.reset(); }},
         {"clock.sync", Outcome::ok, [](auto& it) { it.synchronized = false, it.vouched = true; }},
         {"clock.zone", Outcome::warn, [](auto& it) { it.machine_zone = "Etc/UTC"; }},
         {"clock.zone", Outcome::fail, [](auto& it) { it.zone_known = false; }, "knows no time zone"},
         {"clock.zone", Outcome::fail, [](auto& it) { it.zone_misread = "2026-07-01 12:00, by voltd 2026-07-01 11:00"; },
          "by voltd"},
         {"clock.zone", Outcome::skipped, [](auto& it) { it.machine_zone.clear(); }},
         {"clock.zone", Outcome::warn, [](auto& it) { it.against_sun = "sun at 23:40"; }, "in America/Los_Angeles: sun at 23:40"},
         {"clock.gx_clock", Outcome::ok, [](auto& it) { it.gx_ahead_s = 120; }},
         {"clock.gx_clock", Outcome::warn, [](auto& it) { it.gx_ahead_s = 121; }, "ahead of"},
         {"clock.gx_clock", Outcome::warn, [](auto& it) { it.gx_ahead_s = -3600; }, "behind"},
         {"clock.gx_clock", Outcome::fail, [](auto& it) { it.gx_ahead_s = -3601; }},
         {"clock.gx_clock", Outcome::skipped, [](auto& it) { it.gx_ahead_s.reset(), it.gx_why = "silent"; }, "silent"},
         {"clock.gx_clock", Outcome::skipped, [](auto& it) { it.has_gx = false, it.gx_ahead_s = 9999; }},
         {"clock.jump", Outcome::warn, [](auto& it) { it.jump = "The clock jumped"; }},
         {"clock.jump", Outcome::skipped, [](auto& it) { it.jump.reset(); }}});
    ClockFacts simulated = good;
    simulated.simulated = true;
    simulated.synchronized = false;
    simulated.gx_ahead_s = 9999;
    for (const Check& check : clock_checks(simulated)) CHECK_MESSAGE(is_calm(check), described(check));
}

TEST_CASE("doctor passes and fails each check of the disk") {
    constexpr std::uint64_t mb = 1'000'000;
    const DiskFacts good{.directory = "/var/lib/voltd",
                         .free_bytes = 4000 * mb,
                         .mb_today = 3,
                         .mb_a_day = 9,
                         .wear = {{"mmcblk0", 2}},
                         .errors = {{"mmcblk0p2", 0}}};
    check_each<DiskFacts>(good, disk_checks,
                          {{"disk.free", Outcome::fail, [](auto& it) { it.free_bytes = 499 * mb; }, "499 MB"},
                           {"disk.free", Outcome::warn, [](auto& it) { it.free_bytes = 600 * mb, it.mb_a_day = 24; }, "25 days"},
                           {"disk.free", Outcome::skipped, [](auto& it) { it.free_bytes.reset(); }},
                           {"disk.kept", Outcome::fail, [](auto& it) { it.in_memory = "overlay"; }},
                           {"disk.kept", Outcome::fail, [](auto& it) { it.file_in_memory = "tmpfs"; }},
                           {"disk.readonly", Outcome::fail, [](auto& it) { it.state_read_only = true; }},
                           {"disk.readonly", Outcome::ok, [](auto& it) { it.root_read_only = true; }},
                           {"disk.rate", Outcome::ok, [](auto& it) { it.mb_a_day = 25; }},
                           {"disk.rate", Outcome::warn, [](auto& it) { it.mb_a_day = 31.5; }, "31.5 MB"},
                           {"disk.rate", Outcome::skipped, [](auto& it) { it.mb_a_day.reset(); }},
                           {"disk.wear", Outcome::ok,
                            [](auto& it) {
                                it.wear = {{"mmcblk0", 8}};
                            }},
                           {"disk.wear", Outcome::warn,
                            [](auto& it) {
                                it.wear = {{"mmcblk1", 1}, {"mmcblk0", 9}};
                            },
                            "mmcblk0 has used up to 90 %"},
                           {"disk.wear", Outcome::skipped, [](auto& it) { it.wear.clear(); }},
                           {"disk.fs_errors", Outcome::fail,
                            [](auto& it) {
                                it.errors.push_back({"sda1", 4});
                            },
                            "4 errors on sda1"},
                           {"disk.fs_errors", Outcome::skipped, [](auto& it) { it.errors.clear(); }}});
}

}  // namespace machine_checks_test
