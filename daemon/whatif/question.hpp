// A question as the API and voltctl ask it, and its answer.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "daemon/whatif/read_record.hpp"

namespace volt::whatif {

/// `{"changes":{…},"from":…,"to":…}` or `"hours"`, 1 to 72; left out: the 24 h before `now`.
Edit<WhatifQuery> query_of(const nlohmann::ordered_json& body, Utc now);
/// A range of at most longest_range_s, at least least_range_s; refused with the field that is wrong.
Edit<WhatifQuery> query_of_range(Utc from, Utc to);

/// Reads, replays and compares. `go_on` is asked after each row; false: the answer is that of the part until then.
Edit<nlohmann::ordered_json> answer_to(Connection& db, const Config& config, const WhatifQuery& query,
                                       const std::function<bool()>& go_on);
/// Up to three changes of voltages, `{…,"suggestions":[{"load","changes":{…},"gained_kwh","lowest_v":{…}}]}`. Slow: many replays.
Edit<nlohmann::ordered_json> suggestions_for(Connection& db, const Config& config, const WhatifQuery& query,
                                             const std::function<bool()>& go_on);

}  // namespace volt::whatif
