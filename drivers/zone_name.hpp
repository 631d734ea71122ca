// Names of time zones in this machine's tz database.
#pragma once

#include <string>

namespace volt {

inline constexpr const char* zone_directory = "/usr/share/zoneinfo/";

/// Whether `name` is a zone of this machine; true if it has no tz database. Excludes the second set of zones, which counts leap
/// seconds.
bool is_zone_name(const std::string& name);

/// The zone of a city as people write it: "America/Denver" of "denver"; empty: none has that city.
std::string zone_of_city(const std::string& city);

}  // namespace volt
