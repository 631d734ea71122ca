// Checks of the computer: machine, clock, disk.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"

namespace volt::ctl::doctor {

namespace machine_rows {

namespace {

constexpr int oldest_debian = 12;
constexpr std::int64_t hottest_millicelsius = 80'000, least_memory_kb = 64 * 1024;
constexpr std::int64_t gx_apart_warn_s = 120, gx_apart_fail_s = 3600;
constexpr std::uint64_t megabyte = 1'000'000, least_free = 500 * megabyte;
constexpr double most_mb_a_day = 25, days_of_room = 30;
constexpr std::int64_t worn_tenths = 9;  // JEDEC: 9 means 80 to 90 % of the life

Opinion os(const MachineFacts& facts) {
    if (facts.os_id.empty()) return skipped("/etc/os-release cannot be read");
    const bool known = facts.os_id == "debian" || facts.os_id == "raspbian";
    if (known && facts.os_version.value_or(oldest_debian) >= oldest_debian) return ok(facts.os_name);
    return warn(fmt::format("{} is not tested with voltd", facts.os_name),
                fmt::format("use Debian {0} or later, or the Raspberry Pi OS made from it", oldest_debian));
}

Opinion power(const MachineFacts& facts) {
    if (!facts.under_voltage) return skipped("this computer does not report under-voltage");
    if (!*facts.under_voltage) return ok("the supply voltage of this computer is sufficient");
    return fail("the supply voltage of this computer was too low just now: files and SD card may be damaged",
                "use the manufacturer's power supply, a short thick cable and fewer USB devices");
}

Opinion heat(const MachineFacts& facts) {
    if (!facts.cpu_millicelsius) return skipped("this computer does not report its temperature");
    const std::string text = fmt::format("the CPU is at {:.0f} °C", static_cast<double>(*facts.cpu_millicelsius) / 1000);
    if (*facts.cpu_millicelsius <= hottest_millicelsius) return ok(text);
    return warn(text + ": it slows down and ages fast", "ventilate the case, add a heat sink, or move it to a cooler place");
}

Opinion memory(const MachineFacts& facts) {
    if (!facts.free_kb) return skipped("/proc/meminfo cannot be read");
    const std::string text = fmt::format("{} MB of memory are free", *facts.free_kb / 1024);
    if (*facts.free_kb >= least_memory_kb) return ok(text);
    return fail(text + ": the kernel may end programs", "ps aux --sort=-rss | head, then stop what is not needed");
}

Opinion rtc(const MachineFacts& facts) {
    if (facts.has_rtc) return ok("there is a real-time clock");
    return warn("there is no real-time clock: after a power cut without internet, schedules wait",
                "add an RTC module (a Raspberry Pi 5: its battery), or keep the internet connection on the battery");
}

Opinion sync(const ClockFacts& facts) {
    if (facts.simulated) return skipped("voltd runs with a simulated clock");
    if (facts.vouched) return ok("voltd.yaml declares the clock correct (clock: trusted)");
    if (!facts.synchronized) return skipped("cannot determine whether the clock is synchronized");
    if (*facts.synchronized) return ok("the clock is synchronized");
    return fail("the clock is not synchronized: schedules and days wait", "sudo timedatectl set-ntp true, then timedatectl");
}

Opinion zone(const ClockFacts& facts) {
    if (!facts.zone_known)
        return fail(fmt::format("this computer knows no time zone {}: schedules wait", facts.site_zone),
                    "voltctl prefs set timezone=" + (facts.machine_zone.empty() ? "NAME" : facts.machine_zone) +
                        "; or sudo apt install tzdata (old names: tzdata-legacy)");
    if (!facts.zone_misread.empty())
        return fail(fmt::format("the time in {} is {}", facts.site_zone, facts.zone_misread),
                    "sudo apt install --reinstall tzdata; sudo systemctl restart voltd");
    if (!facts.against_sun.empty())
        return warn(fmt::format("the site is in {}: {}", facts.site_zone, facts.against_sun),
                    "voltctl prefs set timezone=AREA/CITY, and site_place in voltd.yaml");
    if (facts.site_zone.empty() || facts.machine_zone.empty())
        return skipped("the time zones of site and computer are not known");
    if (facts.site_zone == facts.machine_zone) return ok("site and computer are in " + facts.site_zone);
    return warn(fmt::format("the site is in {}, this computer in {}: journal and voltd show different times", facts.site_zone,
                            facts.machine_zone),
                "sudo timedatectl set-timezone " + facts.site_zone + ", or: voltctl prefs set timezone=" + facts.machine_zone);
}

Opinion gx_clock(const ClockFacts& facts) {
    if (!facts.has_gx) return skipped("there is no GX in voltd.yaml");
    if (facts.simulated) return skipped("voltd runs with a simulated clock");
    if (!facts.gx_ahead_s) return skipped("the clock of the GX was not read: " + facts.gx_why);
    const std::int64_t apart = std::abs(*facts.gx_ahead_s);
    const std::string text =
        fmt::format("the clock of the GX is {} s {} this computer's", apart, *facts.gx_ahead_s < 0 ? "behind" : "ahead of");
    if (apart <= gx_apart_warn_s) return ok(text);
    const std::string remedy = "timedatectl; on the GX: Settings, Date & time. Trust the one with internet";
    return apart > gx_apart_fail_s ? fail(text, remedy) : warn(text, remedy);
}

Opinion jump(const ClockFacts& facts) {
    if (!facts.jump) return skipped("voltd could not be asked whether the clock jumped");
    if (facts.jump->empty()) return ok("the clock did not jump while voltd was running");
    return warn(*facts.jump, "timedatectl; if this repeats at each boot, add an RTC module");
}

Opinion free(const DiskFacts& facts) {
    if (!facts.free_bytes) return skipped("the free space of " + facts.directory + " is not known");
    const std::string text = fmt::format("{} MB are free at {}", *facts.free_bytes / megabyte, facts.directory);
    const std::string remedy = "sudo apt clean; sudo journalctl --vacuum-size=100M; then df -h";
    if (*facts.free_bytes < least_free) return fail(text, remedy);
    const double rate = facts.mb_a_day.value_or(0);
    if (rate > 0 && static_cast<double>(*facts.free_bytes / megabyte) < days_of_room * rate)
        return warn(fmt::format("{}: full within {:.0f} days at the rate of the last week", text,
                                static_cast<double>(*facts.free_bytes / megabyte) / rate),
                    remedy);
    return ok(text);
}

Opinion kept(const DiskFacts& facts) {
    if (!facts.file_in_memory.empty())
        return fail(fmt::format("{} is in memory ({}): it is lost at the next boot", facts.file, facts.file_in_memory),
                    "keep the file on a disk, such as a USB stick, or switch the overlay off: sudo raspi-config");
    if (facts.in_memory.empty()) return ok(facts.directory + " is on a disk");
    return fail(fmt::format("{} is in memory ({}): settings are lost at the next boot", facts.directory, facts.in_memory),
                "put `database:` on a disk, such as a USB stick, or switch the overlay off: sudo raspi-config");
}

Opinion readonly(const DiskFacts& facts) {
    if (facts.state_read_only)
        return fail(facts.directory + " is mounted read-only: nothing is stored, and overrides are lost at a restart",
                    "sudo dmesg | grep -i ext4; a card that fell back to read-only is at its end: replace it");
    if (facts.root_read_only) return ok("the root file system is read-only, but the database is on a writable one");
    return ok("the file systems are writable");
}

Opinion rate(const DiskFacts& facts) {
    if (!facts.mb_a_day) return skipped("the database has no record of bytes written yet");
    const std::string text = fmt::format("voltd wrote at most {:.1f} MB a day in the last week", *facts.mb_a_day);
    if (*facts.mb_a_day <= most_mb_a_day) return ok(text);
    return warn(fmt::format("{}; {:.0f} MB is normal", text, most_mb_a_day),
                "mount with lazytime; voltctl decisions shows a load that switches too often");
}

const DeviceFigure* largest(const std::vector<DeviceFigure>& figures) {
    const auto found = std::max_element(figures.begin(), figures.end(),
                                        [](const DeviceFigure& a, const DeviceFigure& b) { return a.value < b.value; });
    return found == figures.end() ? nullptr : &*found;
}

Opinion wear(const DiskFacts& facts) {
    const DeviceFigure* worst = largest(facts.wear);
    if (worst == nullptr) return skipped("no card or disk here reports its wear");
    const std::string text = fmt::format("{} has used up to {} % of its life", worst->device, worst->value * 10);
    if (worst->value < worn_tenths) return ok(text);
    return warn(text, "back up (voltctl db backup) and replace it soon");
}

Opinion fs_errors(const DiskFacts& facts) {
    const DeviceFigure* worst = largest(facts.errors);
    if (worst == nullptr) return skipped("there is no ext4 file system here");
    if (worst->value == 0) return ok("ext4 recorded no errors");
    return fail(fmt::format("ext4 recorded {} errors on {}", worst->value, worst->device),
                "back up (voltctl db backup), then check it at boot: sudo touch /forcefsck; replace the card if they return");
}

constexpr CheckRow<MachineFacts> machine[] = {{"os", os}, {"power", power}, {"heat", heat}, {"memory", memory}, {"rtc", rtc}};
constexpr CheckRow<ClockFacts> clock[] = {{"sync", sync}, {"zone", zone}, {"gx_clock", gx_clock}, {"jump", jump}};
constexpr CheckRow<DiskFacts> disk[] = {{"free", free}, {"kept", kept}, {"readonly", readonly},
                                        {"rate", rate}, {"wear", wear}, {"fs_errors", fs_errors}};

}  // namespace

}  // namespace machine_rows

std::vector<Check> machine_checks(const MachineFacts& facts) { return judged("machine", machine_rows::machine, facts); }
std::vector<Check> clock_checks(const ClockFacts& facts) { return judged("clock", machine_rows::clock, facts); }
std::vector<Check> disk_checks(const DiskFacts& facts) { return judged("disk", machine_rows::disk, facts); }

void add_machine_names(Catalog& catalog) {
    catalog.push_back({"machine", names_in(machine_rows::machine)});
    catalog.push_back({"clock", names_in(machine_rows::clock)});
    catalog.push_back({"disk", names_in(machine_rows::disk)});
}

}  // namespace volt::ctl::doctor
