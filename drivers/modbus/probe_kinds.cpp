#include "drivers/modbus/probe_kinds.hpp"

#include <algorithm>
#include <array>

#include "drivers/modbus/gx_registers.hpp"
#include "drivers/modbus/sol_ark_registers.hpp"

namespace volt::modbus {
namespace {

struct Doubt {
    std::uint16_t address;
    const char* text;
};

constexpr std::array sol_ark_doubts{
    Doubt{0, "3 or 0x0300 for a 12K/15K is unproven; 2 (string), 4 (micro), 5 to 8, 0x05xx and 0x06xx (three-phase) are refused"},
    Doubt{166, "sources disagree on the sign"},
    Doubt{167, "10 W per step on some firmware"},
    Doubt{168, "10 W per step on some firmware"},
    Doubt{169, "10 W per step on some firmware: power_scale, or grid_power_scale where the load fits"},
    Doubt{176, "10 W per step on some firmware"},
    Doubt{177, "10 W per step on some firmware"},
    Doubt{178, "10 W per step on some firmware: power_scale"},
    Doubt{189, "power of PV4, or a battery state code: not used"},
    Doubt{190, "shown with its sign inverted (positive = charging); check while the battery charges"},
    Doubt{191, "0.1 A per step on some firmware: battery_current_scale; sign inverted like 190"},
    Doubt{232, "meaning proven only on the related Deye inverters"},
};

constexpr std::array zero_doubts{
    // for a GX, if the word is 0
    Doubt{262, "0.0 may also be a missing sensor"},
    Doubt{61, "0.0 may also be a missing sensor"},
    Doubt{307, "0 A is a stop order only while 305 is plausible"},
    Doubt{308, "0 A is a stop order only while 305 is plausible"},
    Doubt{1297, "0 may also mean no such signal"},
    Doubt{1298, "0 may also mean no such signal"},
    Doubt{57, "0 may also mean no VE.Bus BMS"},
    Doubt{58, "0 may also mean no VE.Bus BMS"},
    Doubt{807, "0 may also mean no second relay"},
};

template <class Doubts>
std::string find_doubt(const Doubts& doubts, std::uint16_t address) {
    for (const Doubt& doubt : doubts) {
        if (doubt.address == address) return doubt.text;
    }
    return {};
}

std::string value_of_row(const Register& row, const Answers& answers, const Decoded& value) {
    if (row.type == WordType::spacer) return "reserved";
    if (row.type == WordType::text) return decode_text(row, answers).value_or("-");
    switch (value.state) {
        case Decode::good: return to_text(row.unit, value.steps);
        case Decode::no_data: return "no data";
        case Decode::implausible: return "implausible";
        case Decode::not_read: return "-";
    }
    return "-";
}

}  // namespace

std::span<const ProbeKind> gx_kinds() {
    static const std::array kinds{
        ProbeKind{"system", 840, gx::system_map(), 0},
        ProbeKind{"battery", 259, gx::battery_map(), 0},
        ProbeKind{"vebus", 26, gx::vebus_map(), 0},
        ProbeKind{"solarcharger", 771, gx::solarcharger_map(), 0},
        ProbeKind{"temperature", 3300, gx::temperature_map(), 0},
    };
    return kinds;
}

const ProbeKind& sol_ark_kind() {
    static const ProbeKind kind{"sol_ark", 183, sol_ark::map(), 6};
    return kind;
}

const std::vector<int>& gx_units() {
    static const std::vector<int> units = [] {
        std::vector<int> list{100, 225, 226, 224, 223, 227, 228, 242, 246};
        for (int unit = 204; unit <= 247; ++unit) {
            if (std::find(list.begin(), list.end(), unit) == list.end()) list.push_back(unit);
        }
        for (int unit = 1; unit <= 32; ++unit) list.push_back(unit);
        return list;
    }();
    return units;
}

const std::vector<int>& rare_gx_units() {
    static const std::vector<int> units = [] {
        std::vector<int> list;
        for (int unit = 33; unit <= 203; ++unit)
            if (std::ranges::find(gx_units(), unit) == gx_units().end()) list.push_back(unit);
        return list;
    }();
    return units;
}

const std::vector<int>& sol_ark_units() {
    static const std::vector<int> units{1, 0, 2, 3};
    return units;
}

std::string doubt_about(const ProbeKind& kind, const Register& row, const Decoded& value) {
    if (&kind == &sol_ark_kind()) return find_doubt(sol_ark_doubts, row.address);
    if (value.state == Decode::no_data) return "a GX reports 0 for what it does not have";
    if (!value.good() || value.steps != 0) return {};
    return find_doubt(zero_doubts, row.address);
}

ProbedRow row_as_answered(const ProbeKind& kind, const Register& row, const Answers& answers) {
    const auto words = words_of(row, answers);
    const Decoded value = decode(row, answers);
    return {
        row.address, row.name, {words.begin(), words.end()}, value_of_row(row, answers, value), doubt_about(kind, row, value)};
}

}  // namespace volt::modbus
