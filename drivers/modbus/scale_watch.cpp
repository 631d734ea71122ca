#include "drivers/modbus/scale_watch.hpp"

#include <cstdlib>

#include "drivers/modbus/sol_ark_registers.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::sol_ark {
namespace {

constexpr std::int64_t least_battery_w = 500, least_inverter_w = 1000;
constexpr int times_to_report = 5;

bool near(std::int64_t value, std::int64_t expected) { return std::abs(value - expected) * 100 <= std::abs(expected) * 15; }

Agreement compare(std::int64_t value, std::int64_t expected) {
    if (near(value, expected)) return Agreement::agrees;
    if (near(value * 10, expected)) return Agreement::ten_times_too_small;
    if (near(value, expected * 10)) return Agreement::ten_times_too_large;
    return Agreement::disagrees;
}

bool is_tenfold(Agreement agreement) {
    return agreement == Agreement::ten_times_too_small || agreement == Agreement::ten_times_too_large;
}

}  // namespace

Agreement judge_current_scale(const SourceReading& reading) {
    if (!reading.voltage || !reading.battery_current || !reading.battery_power) return Agreement::unjudged;
    const std::int64_t power = reading.battery_power->steps;
    if (std::abs(power) <= least_battery_w) return Agreement::unjudged;
    return compare(reading.voltage->steps * reading.battery_current->steps / 10'000, power);
}

Agreement judge_power_scale(const SourceReading& reading, const Answers& answers) {
    const auto inverter = value_of<Watts>(inverter_power, answers);
    if (!inverter || !reading.load || !reading.grid || std::abs(inverter->steps) <= least_inverter_w) {
        return Agreement::unjudged;
    }
    return compare(reading.load->steps - reading.grid->steps, inverter->steps);
}

Agreement judge_grid_scale(const SourceReading& reading, const Answers& answers) {
    const Agreement both = judge_power_scale(reading, answers);
    if (both != Agreement::disagrees) return both == Agreement::unjudged ? both : Agreement::agrees;
    const std::int64_t inverter = value_of<Watts>(inverter_power, answers)->steps;
    if (near(reading.load->steps - reading.grid->steps * 10, inverter)) return Agreement::ten_times_too_small;
    if (near(reading.load->steps - reading.grid->steps / 10, inverter)) return Agreement::ten_times_too_large;
    return Agreement::disagrees;
}

void ScaleWatch::follow(Trail& trail, Agreement now) {
    if (now == Agreement::unjudged) return;
    trail.times = now == trail.last ? trail.times + 1 : 1;
    trail.last = now;
    if (trail.times >= times_to_report) trail.reported = now;
}

std::string ScaleWatch::check(const SourceReading& reading, const Answers& answers) {
    follow(current_, judge_current_scale(reading));
    follow(power_, judge_power_scale(reading, answers));
    follow(grid_, judge_grid_scale(reading, answers));
    std::string text;
    if (is_tenfold(current_.reported)) {
        text = "battery power differs from voltage times current by a factor of ten: battery_current_scale looks wrong; try ";
        text += config_.battery_current_step_ma == 10 ? "0.1" : "0.01";
    }
    if (is_tenfold(power_.reported)) {
        text += text.empty() ? "" : "; ";
        text += "load minus grid differs from the inverter's power by a factor of ten: power_scale looks wrong; try ";
        text += config_.power_scale == 1 ? "10" : "1";
    } else if (is_tenfold(grid_.reported)) {
        text += text.empty() ? "" : "; ";
        text += "the grid's power alone differs by a factor of ten: grid_power_scale looks wrong; try ";
        text += grid_.reported == Agreement::ten_times_too_small ? "10" : "1";
    }
    return text;
}

}  // namespace volt::modbus::sol_ark
