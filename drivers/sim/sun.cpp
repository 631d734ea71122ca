#include "drivers/sim/sun.hpp"

#include <cmath>

namespace volt::sim {

namespace {

constexpr double day_ms = 86'400'000.0;
constexpr double j2000_days = 10957.5;  // 2000-01-01 12:00 UTC in days since 1970
constexpr double sine_of_obliquity = 0.39777;
constexpr double tilt_cosine = 0.93969, tilt_sine = 0.34202;
constexpr double losses = 0.93;  // heat, cables, dust

double days_since_2000(std::int64_t utc_ms) { return static_cast<double>(utc_ms) / day_ms - j2000_days; }

double mean_anomaly(double days) { return (357.528 + 0.9856003 * days) / 360.0; }

/// Returns solar time minus clock time, in days: the orbit is elliptical and tilted.
double equation_of_time(double days) {
    const double anomaly = mean_anomaly(days);
    return (-7.659 * sine(anomaly) + 9.863 * sine(2 * anomaly + 0.57187)) / 1440.0;
}

double solar_turns(std::int64_t utc_ms, double longitude) {
    const double days = days_since_2000(utc_ms);
    return days + 0.5 + longitude / 360.0 + equation_of_time(days);
}

}  // namespace

double sine(double turns) {
    double x = turns - static_cast<double>(static_cast<std::int64_t>(turns));
    if (x > 0.5) x -= 1.0;
    if (x < -0.5) x += 1.0;
    if (x > 0.25) x = 0.5 - x;
    if (x < -0.25) x = -0.5 - x;
    const double a = x * 6.283185307179586;
    const double s = a * a;
    return a * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880 - s / 39916800)))));
}

double cosine(double turns) { return sine(turns + 0.25); }

SunVector sun_at(std::int64_t utc_ms, double latitude, double longitude) {
    const double days = days_since_2000(utc_ms);
    const double anomaly = mean_anomaly(days);
    const double ecliptic = (280.460 + 0.9856474 * days + 1.915 * sine(anomaly) + 0.020 * sine(2 * anomaly)) / 360.0;
    const double sine_declination = sine_of_obliquity * sine(ecliptic);
    const double cosine_declination = std::sqrt(1 - sine_declination * sine_declination);
    const double hour_angle = solar_turns(utc_ms, longitude) - 0.5;
    const double sine_place = sine(latitude / 360.0);
    const double cosine_place = cosine(latitude / 360.0);
    SunVector sun;
    sun.up = sine_place * sine_declination + cosine_place * cosine_declination * cosine(hour_angle);
    sun.south = sine_place * cosine_declination * cosine(hour_angle) - cosine_place * sine_declination;
    sun.east = -cosine_declination * sine(hour_angle);
    return sun;
}

double solar_hour(std::int64_t utc_ms, double longitude) {
    const double turns = solar_turns(utc_ms, longitude);
    const double part = turns - static_cast<double>(static_cast<std::int64_t>(turns));
    return 24.0 * (part < 0 ? part + 1.0 : part);
}

double panel_share(const SunVector& sun, double transmission) {
    if (sun.up <= 0) return 0;
    const double facing = sun.up * tilt_cosine + sun.south * tilt_sine;
    const double direct = 1.15 * sun.up / (sun.up + 0.18) * (facing > 0 ? facing : 0);
    const double diffuse = (0.08 + 0.20 * (1 - transmission)) * sun.up;
    const double share = losses * (direct * transmission + diffuse);
    return share < 1 ? share : 1;
}

}  // namespace volt::sim
