#include "daemon/report/tally.hpp"

namespace volt {

double hours_of(std::int64_t seconds) { return static_cast<double>((seconds + 18) / 36) / 100; }

double kwh_of(std::int64_t watt_seconds) { return static_cast<double>((watt_seconds + 18'000) / 36'000) / 100; }

double percent_of(std::int64_t part, std::int64_t whole) { return whole > 0 ? static_cast<double>(part * 1000 / whole) / 10 : 0; }

}  // namespace volt
