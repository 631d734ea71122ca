// JSON object of the topic `budget`.
#pragma once

#include "daemon/explain/json_parts.hpp"

namespace volt::json {

/// Returns the budget with Wh rounded down and local `dawn` and `dusk`, or null without a budget.
Object budget(const SiteView& view);

}  // namespace volt::json
