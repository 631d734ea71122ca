// Facts about the computer, from files of its kernel.
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "daemon/ctl/doctor/gather.hpp"
#include "daemon/host/under_voltage.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::ctl::doctor {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_entries = 64;  // maximum of a kernel directory; further ones are ignored
constexpr int days_looked_at = 7;

std::optional<std::int64_t> number_in(const fs::path& path) {
    std::ifstream file(path);
    std::int64_t value = 0;
    file >> std::setbase(0) >> value;  // also reads 0x01
    return file ? std::optional(value) : std::nullopt;
}

std::vector<fs::path> entries_of(const fs::path& directory) {
    std::vector<fs::path> paths;
    std::error_code failed;
    for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end && paths.size() < most_entries;
         entry.increment(failed))
        paths.push_back(entry->path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// Reads `KEY=value` or `KEY="value"` of os-release.
std::string release_value(const std::string& line, const std::string& key) {
    if (!line.starts_with(key + "=")) return {};
    std::string value = line.substr(key.size() + 1);
    std::erase(value, '"');
    return value;
}

void read_release(const std::string& root, MachineFacts& facts) {
    std::ifstream file(root + "/etc/os-release");
    for (std::string line; std::getline(file, line);) {
        if (const std::string id = release_value(line, "ID"); !id.empty()) facts.os_id = id;
        if (const std::string name = release_value(line, "PRETTY_NAME"); !name.empty()) facts.os_name = name;
        int version = 0;
        if (std::istringstream text(release_value(line, "VERSION_ID")); text >> version) facts.os_version = version;
    }
    if (facts.os_name.empty()) facts.os_name = facts.os_id;
}

std::optional<std::int64_t> free_memory_kb(const std::string& root) {
    std::ifstream file(root + "/proc/meminfo");
    std::string key;
    for (std::int64_t value = 0; file >> key >> value; file.ignore(80, '\n'))
        if (key == "MemAvailable:") return value;
    return std::nullopt;
}

/// Returns the larger of the two estimates of an eMMC, `0x01 0x02`.
std::optional<std::int64_t> life_in(const fs::path& path) {
    std::ifstream file(path);
    std::int64_t first = 0, second = 0;
    file >> std::hex >> first >> second;
    return file ? std::optional(std::max(first, second)) : std::nullopt;
}

bool is_read_only(const std::string& path) {
    struct statvfs found {};
    return ::statvfs(path.c_str(), &found) == 0 && (found.f_flag & ST_RDONLY) != 0;
}

void read_written(const std::string& database, DiskFacts& facts) {
    auto reader = open_reader(database);
    const auto days =
        reader ? read_written_per_day(reader.value(), days_looked_at) : Result<std::vector<WrittenDay>>(reader.failure());
    if (!days || days.value().empty()) return;
    facts.mb_today = days.value().front().megabytes;
    facts.mb_a_day = 0;
    for (const WrittenDay& day : days.value()) facts.mb_a_day = std::max(*facts.mb_a_day, day.megabytes);
}

}  // namespace

MachineFacts machine_facts(const Subject& subject) {
    MachineFacts facts;
    read_release(subject.root, facts);
    facts.under_voltage = under_voltage_now(subject.root + hwmon_directory);
    for (const fs::path& zone : entries_of(subject.root + "/sys/class/thermal"))
        if (const auto value = number_in(zone / "temp"))
            facts.cpu_millicelsius = std::max(facts.cpu_millicelsius.value_or(*value), *value);
    facts.free_kb = free_memory_kb(subject.root);
    facts.has_rtc = !entries_of(subject.root + "/sys/class/rtc").empty();
    // voltd remembers even a brief dip.
    if (subject.voltd.status.contains("alarm/under_voltage")) facts.under_voltage = true;
    return facts;
}

DiskFacts disk_facts(const Subject& subject) {
    DiskFacts facts;
    facts.directory = directory_of(subject.database);
    struct statvfs found {};
    if (::statvfs(facts.directory.c_str(), &found) == 0)
        facts.free_bytes = static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
    facts.in_memory = memory_file_system(subject.database);
    facts.file = subject.config_path;
    facts.file_in_memory = memory_file_system(subject.config_path);
    facts.root_read_only = is_read_only(subject.root + "/");
    facts.state_read_only = is_read_only(facts.directory);
    read_written(subject.database, facts);
    for (const fs::path& block : entries_of(subject.root + "/sys/block"))
        if (const auto life = life_in(block / "device" / "life_time")) facts.wear.push_back({block.filename(), *life});
    for (const fs::path& mounted : entries_of(subject.root + "/sys/fs/ext4"))
        if (const auto errors = number_in(mounted / "errors_count")) facts.errors.push_back({mounted.filename(), *errors});
    return facts;
}

}  // namespace volt::ctl::doctor
