// Sunrise and sunset at the site's location.
#pragma once

#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "rules/time.hpp"

namespace volt {

/// Returns sunrise and sunset of the local day, to about a minute: the sun's upper edge at a flat horizon. Empty if the sun does
/// not rise or set that day.
std::optional<SunOfDay> sun_of(const SitePlace& place, Utc utc, LocalTime local);

/// Returns the reason this time zone cannot be that of the location, by the sun's height, or "" if it can or the zone is unknown.
std::string zone_doubt(const std::string& zone, const SitePlace& place, Utc utc);

}  // namespace volt
