// Sunrise and sunset at the site's place.
#pragma once

#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "rules/time.hpp"

namespace volt {

/// Of the local day, within about a minute: the upper edge of the sun at a flat horizon. Nothing where it does not rise or set that
/// day.
std::optional<SunOfDay> sun_of(const SitePlace& place, Utc utc, LocalTime local);

/// Why this time zone cannot be that of the place, by the height of the sun; empty: it can, or there is no such zone.
std::string zone_doubt(const std::string& zone, const SitePlace& place, Utc utc);

}  // namespace volt
