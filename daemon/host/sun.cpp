#include "daemon/host/sun.hpp"

#include <fmt/format.h>

#include <cmath>

#include "daemon/host/clock.hpp"
#include "rules/budget/days.hpp"

namespace volt {

namespace {

constexpr double degree = 3.14159265358979323846 / 180;
constexpr double horizon_deg = -0.833;  // refraction and the radius of the disk
constexpr double axis_deg = 23.4397, perihelion_deg = 102.9372;
constexpr std::int32_t first_day = 10'957;  // 2000-01-01; the formula counts days from noon UTC of this date

double sine(double degrees) { return std::sin(degrees * degree); }
double cosine(double degrees) { return std::cos(degrees * degree); }

}  // namespace

// Uses the equations of the sun's mean motion from the Astronomical Almanac.
std::optional<SunOfDay> sun_of(const SitePlace& place, Utc utc, LocalTime local) {
    const double latitude = static_cast<double>(place.latitude) / SitePlace::steps_a_degree;
    const double longitude = static_cast<double>(place.longitude) / SitePlace::steps_a_degree;
    const double mean_noon = local.day - first_day - longitude / 360;
    const double anomaly = 357.5291 + 0.98560028 * mean_noon;
    const double center = 1.9148 * sine(anomaly) + 0.02 * sine(2 * anomaly) + 0.0003 * sine(3 * anomaly);
    const double ecliptic = anomaly + center + 180 + perihelion_deg;
    const double noon = mean_noon + 0.0053 * sine(anomaly) - 0.0069 * sine(2 * ecliptic);
    const double sine_declination = sine(ecliptic) * sine(axis_deg);
    const double across = cosine(latitude) * std::sqrt(1 - sine_declination * sine_declination);
    const double hour = (sine(horizon_deg) - sine(latitude) * sine_declination) / across;
    if (!(std::abs(hour) < 1)) return std::nullopt;
    const double half_day = std::acos(hour) / degree / 360;
    const std::int64_t offset_s = std::int64_t{local.day} * day_s + local.second_of_day - utc.count() / 1000;
    const auto second_of = [&](double days) {
        const std::int64_t second = std::llround((days + first_day + 0.5) * day_s) + offset_s;
        return static_cast<std::int32_t>(((second % day_s) + day_s) % day_s);
    };
    return SunOfDay{second_of(noon - half_day), second_of(noon + half_day)};
}

std::string zone_doubt(const std::string& zone, const SitePlace& place, Utc utc) {
    const auto clock = ZoneClock::load(zone);
    const auto sun = clock ? sun_of(place, utc, clock->local(utc)) : std::nullopt;
    if (!sun || fits_zone(*sun)) return "";
    const std::int32_t noon = noon_of(*sun);
    return fmt::format("according to {}, the sun is highest at {:02}:{:02} at the site: the time zone or location is wrong", zone,
                       noon / 3600, noon % 3600 / 60);
}

}  // namespace volt
