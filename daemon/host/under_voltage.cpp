#include "daemon/host/under_voltage.hpp"

#include <filesystem>
#include <fstream>

namespace volt {

namespace {

constexpr int most_sensors = 64;  // maximum sensors of a computer; further ones are ignored

std::string text_in(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string text;
    file >> text;
    return text;
}

}  // namespace

std::optional<bool> under_voltage_now(const std::string& hwmon) {
    std::error_code failed;
    int count = 0;
    for (std::filesystem::directory_iterator entry(hwmon, failed), end; !failed && entry != end && count < most_sensors;
         entry.increment(failed), ++count) {
        if (text_in(entry->path() / "name") != "rpi_volt") continue;
        const std::string alarm = text_in(entry->path() / "in0_lcrit_alarm");
        if (alarm == "0" || alarm == "1") return alarm == "1";
    }
    return std::nullopt;
}

bool UnderVoltage::update(Time now) {
    if (under_voltage_now(hwmon_).value_or(false)) seen_ = now;
    if (seen_ && now - *seen_ >= kept) seen_.reset();
    return seen_.has_value();
}

}  // namespace volt
