#include "daemon/whatif/stored_energy.hpp"

#include <algorithm>
#include <cmath>

namespace volt::whatif {

namespace {

constexpr std::size_t least_rows = 60;
constexpr double least_wh = 500;           // between the emptiest and the fullest moment
constexpr double least_correlation = 0.7;  // below this, the voltage does not show how full the bank is

/// Sums for a straight line through (energy in Wh, voltage in V).
struct Line {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    double least = 0, greatest = 0;
    void add(double wh, double volts) {
        n += 1, x += wh, y += volts;
        xx += wh * wh, xy += wh * volts, yy += volts * volts;
        least = std::min(least, wh), greatest = std::max(greatest, wh);
    }
};

}  // namespace

std::optional<StoredEnergy> stored_energy(const SiteRecord& record) {
    if (!record.fit.curve.empty()) return StoredEnergy{0, record.fit.curve};
    Line line;
    double wh = 0;
    const double ohm = static_cast<double>(record.resistance_mohm) / 1000;
    for (std::size_t i = 0; i < record.rows.size(); ++i) {
        const HeldRow& row = record.rows[i];
        if (!row.battery || row.voltages.empty() || !row.voltages.front()) continue;
        const auto watts = static_cast<double>(row.battery->steps);
        const double volts = static_cast<double>(row.voltages.front()->steps) / 100;
        if (volts <= 0) continue;
        line.add(wh, volts - watts / volts * ohm);
        wh += watts * static_cast<double>(length_of(record, i)) / 3600;
    }
    if (line.n < static_cast<double>(std::max(least_rows, record.rows.size() / 2)) || line.greatest - line.least < least_wh)
        return std::nullopt;
    const double of_x = line.n * line.xx - line.x * line.x, of_y = line.n * line.yy - line.y * line.y;
    const double both = line.n * line.xy - line.x * line.y;
    if (of_x <= 0 || of_y <= 0 || both / std::sqrt(of_x * of_y) < least_correlation) return std::nullopt;
    return StoredEnergy{std::llround(both / of_x * 1e9 / 3600), {}};
}

}  // namespace volt::whatif
