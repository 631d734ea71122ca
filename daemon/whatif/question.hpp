// Questions of the API and voltctl, and their answers.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "daemon/whatif/read_record.hpp"

namespace volt::whatif {

/// Reads `{"changes":{…},"from":…,"to":…}`, or `"hours"` from 1 to 72. Default: the 24 h before `now`.
Edit<WhatifQuery> query_of(const nlohmann::ordered_json& body, Utc now);
/// Returns a range between least_range_s and longest_range_s, or rejects it with the wrong field.
Edit<WhatifQuery> query_of_range(Utc from, Utc to);

/// Reads, replays and compares. Calls `go_on` after each row; if it returns false, the answer covers only the part so far.
Edit<nlohmann::ordered_json> answer_to(Connection& db, const Config& config, const WhatifQuery& query,
                                       const std::function<bool()>& go_on);
/// Returns up to three changes of voltages, `{…,"suggestions":[{"load","changes":{…},"gained_kwh","lowest_v":{…}}]}`. Slow: it
/// runs many replays.
Edit<nlohmann::ordered_json> suggestions_for(Connection& db, const Config& config, const WhatifQuery& query,
                                             const std::function<bool()>& go_on);

}  // namespace volt::whatif
