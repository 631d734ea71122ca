// Notices when another device answers at the address of the one that was read before (an address given away anew, two
// devices swapped): its values are another battery's.
#pragma once

#include <optional>
#include <string>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

class SerialWatch {
public:
    /// `row`: the text row with the serial number.
    explicit SerialWatch(const Register& row) : row_(row) {}

    /// wrong_device where a serial number is there and is another than the first one seen. One that cannot be read as
    /// a text of six characters or more (older firmware, an empty one) judges nothing.
    std::optional<Failure> judge(const Answers& answers);

private:
    Register row_;
    std::string known_;
};

}  // namespace volt::modbus
