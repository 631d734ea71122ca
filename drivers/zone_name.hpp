// Names of time zones in this machine's tz database.
#pragma once

#include <string>

namespace volt {

inline constexpr const char* zone_directory = "/usr/share/zoneinfo/";

/// Returns true if `name` is a zone of this machine, or if it has no tz database. Excludes the second set of zones, which counts
/// leap seconds.
bool is_zone_name(const std::string& name);

/// Returns the zone of a city as people write it: "America/Denver" for "denver". Empty if no zone has that city.
std::string zone_of_city(const std::string& city);

}  // namespace volt
