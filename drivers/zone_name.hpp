// Names of time zones, as this machine's tz database has them.
#pragma once

#include <string>

namespace volt {

inline constexpr const char* zone_directory = "/usr/share/zoneinfo/";

/// Whether `name` is a zone of this machine; yes where it has no tz database to ask. Not of its second set, which counts
/// leap seconds.
bool is_zone_name(const std::string& name);

}  // namespace volt
