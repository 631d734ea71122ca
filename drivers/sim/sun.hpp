// Position of the sun and power of a clear sky, without libm: + - * / and sqrt only.
#pragma once

#include <cstdint>

namespace volt::sim {

/// Return the sine and cosine of an angle in turns (1.0 = 360 degrees); a polynomial, accurate to 1e-7.
double sine(double turns);
double cosine(double turns);

/// Unit vector toward the sun from a place; `up` below 0 is night.
struct SunVector {
    double up = 0;
    double south = 0;
    double east = 0;
};

/// Returns the position by time and place (degrees, north and east positive), within half a degree.
SunVector sun_at(std::int64_t utc_ms, double latitude, double longitude);

/// Returns the local solar time of a place in hours, 0..24.
double solar_hour(std::int64_t utc_ms, double longitude);

/// Returns the output of panels tilted 20 degrees to the south as a share of their rating. `transmission`: 1 clear, 0 black
/// cloud.
double panel_share(const SunVector& sun, double transmission);

}  // namespace volt::sim
