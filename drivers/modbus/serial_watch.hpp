// Detects another device at a known address (an address reassigned, two devices swapped), whose values belong to another battery,
// and one device that answers as two, whose values would count twice.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Serial number of each source. Shared by several polling threads.
class SerialNumbers {
public:
    /// Returns the other source that has this number, or an empty string if none: then it belongs to `source` from now on.
    std::string claim(const std::string& source, const std::string& serial);

private:
    std::mutex mutex_;
    std::map<std::string, std::string> serials_;  ///< by source
};

class SerialWatch {
public:
    /// Makes a watch. `row`: the text row with the serial number. `serials`: numbers of the sources that must not be the same
    /// device, if any.
    explicit SerialWatch(const Register& row, std::string source = {}, std::shared_ptr<SerialNumbers> serials = nullptr)
        : row_(row), source_(std::move(source)), serials_(std::move(serials)) {}

    /// Returns wrong_device if a serial number differs from the first one seen, or belongs to another source. A number that
    /// cannot be read as a text of six characters or more (older firmware, an empty one) is not judged.
    std::optional<Failure> judge(const Answers& answers);

private:
    Register row_;
    std::string source_;
    std::shared_ptr<SerialNumbers> serials_;
    std::string known_;
};

}  // namespace volt::modbus
