// Checks whether a Sol-Ark's values agree with each other, to report a wrong scale. Never changes one.
#pragma once

#include <array>
#include <string>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/registers.hpp"
#include "drivers/source.hpp"

namespace volt::modbus::sol_ark {

/// Agreement of two ways to the same value.
enum class Agreement : std::uint8_t {
    unjudged,  ///< too little power flows, or a value is missing
    agrees,    ///< within 15 %
    ten_times_too_small,
    ten_times_too_large,
    disagrees,
};

/// Compares battery power with voltage times current: detects a wrong `battery_current_scale`. Judged above 500 W.
Agreement judge_current_scale(const SourceReading& reading);

/// Compares the inverter (175, never in 10 W) with load minus grid: detects a wrong `power_scale`. Judged above 1000 W.
Agreement judge_power_scale(const SourceReading& reading, const Answers& answers);

/// Compares them for a grid with other steps than the load. Judged if load minus grid disagrees unscaled.
Agreement judge_grid_scale(const SourceReading& reading, const Answers& answers);

/// Reports only results on which five judged readings in a row agree.
class ScaleWatch {
public:
    explicit ScaleWatch(const SolArkConfig& config) : config_(config) {}
    /// Returns the fault and the key of voltd.yaml that corrects it, or an empty string if none.
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
