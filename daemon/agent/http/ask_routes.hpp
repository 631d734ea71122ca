// /ask, /system/stats, /health: questions, and statistics of the answers.
#pragma once

#include "daemon/agent/ask/ask.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Maximum questions answered at once; one more gets 503.
inline constexpr int most_questions_at_once = 4;

/// Returns the routes. Everything `place` refers to must outlive them.
std::vector<api::Route> ask_routes(const AskPlace& place);

}  // namespace volt::agent
