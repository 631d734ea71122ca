#include "drivers/modbus/gx_alarms.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "drivers/modbus/gx_registers.hpp"

namespace volt::modbus::gx {
namespace {

void add(std::string& list, const std::string& item) { list += (list.empty() ? "" : ", ") + item; }

/// Collects the rows called /Alarms/<name>. Values other than 1 and 2 are unknown firmware codes, or reserved.
Complaint alarms_of(std::span<const Register> map, const Answers& answers) {
    static const std::string prefix = "/Alarms/";
    Complaint found;
    for (const Register& row : map) {
        const std::string name = row.name;
        const Decoded state = decode(row, answers);
        if (!name.starts_with(prefix) || !state.good() || (state.steps != 1 && state.steps != 2)) continue;
        found.level = std::max(found.level, static_cast<int>(state.steps));
        add(found.text,
            (state.steps == 1 ? "warning " : "alarm ") + name.substr(prefix.size()) + " (" + std::to_string(row.address) + ")");
    }
    return found;
}

}  // namespace

Complaint battery_complaint(const Answers& answers) { return alarms_of(battery_map(), answers); }

Complaint vebus_complaint(const Answers& answers) {
    Complaint found = alarms_of(vebus_map(), answers);
    const Decoded error = decode(multi_error, answers);
    if (error.good() && error.steps != 0) {
        add(found.text, "VE.Bus error " + std::to_string(error.steps));
        found.level = 2;
    }
    return found;
}

}  // namespace volt::modbus::gx
