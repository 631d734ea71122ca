#include <cassert>
#include <cstddef>

#include "rules/readings/readings.hpp"

namespace volt {

namespace {

/// Interpolates between two points and rounds to the nearest step. Requires `x1 > x0` and `y1 >= y0`.
std::int64_t between(std::int64_t x, std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1) {
    const std::int64_t run = x1 - x0;
    return y0 + ((x - x0) * (y1 - y0) * 2 + run) / (2 * run);
}

}  // namespace

Percent soc_of(Volts voltage, const std::vector<CurvePoint>& curve) {
    assert(curve.size() >= 2);
    if (voltage <= curve.front().voltage) return curve.front().soc;
    for (std::size_t i = 1; i < curve.size(); ++i) {
        const CurvePoint& low = curve[i - 1];
        const CurvePoint& high = curve[i];
        if (voltage <= high.voltage)
            return {between(voltage.steps, low.voltage.steps, low.soc.steps, high.voltage.steps, high.soc.steps)};
    }
    return curve.back().soc;
}

Volts voltage_of(Percent soc, const std::vector<CurvePoint>& curve) {
    assert(curve.size() >= 2);
    if (soc <= curve.front().soc) return curve.front().voltage;
    for (std::size_t i = 1; i < curve.size(); ++i) {
        const CurvePoint& low = curve[i - 1];
        const CurvePoint& high = curve[i];
        if (soc <= high.soc) return {between(soc.steps, low.soc.steps, low.voltage.steps, high.soc.steps, high.voltage.steps)};
    }
    return curve.back().voltage;
}

}  // namespace volt
