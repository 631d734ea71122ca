// /ask, /system/stats, /health: questions, and how the answers were.
#pragma once

#include "daemon/agent/ask/ask.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// Questions answered at once; one more gets 503.
inline constexpr int most_questions_at_once = 4;

/// What `place` refers to outlives them.
std::vector<api::Route> ask_routes(const AskPlace& place);

}  // namespace volt::agent
