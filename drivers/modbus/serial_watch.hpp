// Detects when another device answers at a known address (an address reassigned, two
// devices swapped): its values are another battery's. And when one device answers as two: its values would be doubled.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Which source has which serial number. Used by several polling threads.
class SerialNumbers {
public:
    /// The other source that has this number; empty: none, and it is `source`'s from now on.
    std::string claim(const std::string& source, const std::string& serial);

private:
    std::mutex mutex_;
    std::map<std::string, std::string> serials_;  ///< by source
};

class SerialWatch {
public:
    /// `row`: the text row with the serial number. `serials`: of the sources that must not be one device, if any.
    explicit SerialWatch(const Register& row, std::string source = {}, std::shared_ptr<SerialNumbers> serials = nullptr)
        : row_(row), source_(std::move(source)), serials_(std::move(serials)) {}

    /// wrong_device where a serial number is there and is another than the first one seen, or another source's. One
    /// that cannot be read as a text of six characters or more (older firmware, an empty one) judges nothing.
    std::optional<Failure> judge(const Answers& answers);

private:
    Register row_;
    std::string source_;
    std::shared_ptr<SerialNumbers> serials_;
    std::string known_;
};

}  // namespace volt::modbus
