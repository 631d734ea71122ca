// The object of topic `budget`.
#pragma once

#include "daemon/explain/json_parts.hpp"

namespace volt::json {

/// Wh rounded down, `dawn` and `dusk` local; null without a budget.
Object budget(const SiteView& view);

}  // namespace volt::json
