// Checks whether a Sol-Ark's values agree with each other, to report a wrong scale. Never changes one.
#pragma once

#include <array>
#include <string>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/registers.hpp"
#include "drivers/source.hpp"

namespace volt::modbus::sol_ark {

/// How two ways to the same value agree.
enum class Agreement : std::uint8_t {
    unjudged,  ///< too little flows, or a value is missing
    agrees,    ///< within 15 %
    ten_times_too_small,
    ten_times_too_large,
    disagrees,
};

/// Compares battery power with voltage times current: detects a wrong `battery_current_scale`. Judged above 500 W.
Agreement judge_current_scale(const SourceReading& reading);

/// Compares the inverter (175, never in 10 W) with load minus grid: detects a wrong `power_scale`. Judged above 1000 W.
Agreement judge_power_scale(const SourceReading& reading, const Answers& answers);

/// Likewise for a grid that is counted in other steps than the load. Judged where load minus grid disagrees as they are.
Agreement judge_grid_scale(const SourceReading& reading, const Answers& answers);

/// Reports only what five judged readings in a row agree on.
class ScaleWatch {
public:
    explicit ScaleWatch(const SolArkConfig& config) : config_(config) {}
    /// What looks wrong and which key of voltd.yaml corrects it; empty: nothing.
    std::string check(const SourceReading& reading, const Answers& answers);

private:
    struct Trail {
        Agreement last = Agreement::unjudged;
        int times = 0;
        Agreement reported = Agreement::unjudged;
    };
    static void follow(Trail& trail, Agreement now);

    SolArkConfig config_;
    Trail current_, power_, grid_;
};

}  // namespace volt::modbus::sol_ark
