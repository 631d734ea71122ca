// Ids of new rows.
#pragma once

#include <string>

namespace volt {

/// Returns a random UUID (version 4) in lower case.
std::string make_uuid();

}  // namespace volt
