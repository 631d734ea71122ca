#include "daemon/host/under_voltage.hpp"

#include <filesystem>
#include <fstream>

namespace volt {

namespace {

constexpr int most_sensors = 64;  // of a computer; further ones are ignored

std::string word_in(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

}  // namespace

std::optional<bool> under_voltage_now(const std::string& hwmon) {
    std::error_code failed;
    int looked_at = 0;
    for (std::filesystem::directory_iterator entry(hwmon, failed), end; !failed && entry != end && looked_at < most_sensors;
         entry.increment(failed), ++looked_at) {
        if (word_in(entry->path() / "name") != "rpi_volt") continue;
        const std::string alarm = word_in(entry->path() / "in0_lcrit_alarm");
        if (alarm == "0" || alarm == "1") return alarm == "1";
    }
    return std::nullopt;
}

bool UnderVoltage::look(Time now) {
    if (under_voltage_now(hwmon_).value_or(false)) seen_ = now;
    if (seen_ && now - *seen_ >= kept) seen_.reset();
    return seen_.has_value();
}

}  // namespace volt
