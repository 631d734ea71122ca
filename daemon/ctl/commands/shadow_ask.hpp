// The report of shadow mode over a database, for the commands that show it.
#pragma once

#include <optional>

#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/views/text.hpp"
#include "daemon/report/runs.hpp"

namespace volt::ctl::shadow {

/// Now by the clock of the voltd that answers on its socket, else by this computer's. Seconds since 1970 UTC.
std::int64_t site_now_s(const AddressOptions& options);

/// As shadow_json() makes it; local times are the site's from here on. Prints an error and returns nothing where it fails; `code` is 1 then.
std::optional<Json> ask_report(const Program& program, const DatabaseChoice& choice, CountedRange range, int& code);

}  // namespace volt::ctl::shadow
