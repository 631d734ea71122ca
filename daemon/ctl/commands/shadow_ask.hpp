// Report of shadow mode over a database, for the commands that show it.
#pragma once

#include <optional>

#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/views/text.hpp"
#include "daemon/report/runs.hpp"

namespace volt::ctl::shadow {

/// Returns the time of the voltd that answers on its socket, else of this computer. Seconds since 1970 UTC.
std::int64_t site_now_s(const AddressOptions& options);

/// Returns the report in the format of shadow_json(). From here on, local times are the site's. On failure prints an error, sets
/// `code` to 1 and returns nothing.
std::optional<Json> ask_report(const Program& program, const DatabaseChoice& choice, CountedRange range, int& code);

}  // namespace volt::ctl::shadow
