// /conversations, /memory: what agent.db keeps.
#pragma once

#include "daemon/agent/tools/kept_json.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::agent {

/// `store` outlives them.
std::vector<api::Route> kept_routes(AgentStore& store);

/// A whole number in decimal digits; nothing: it is none.
std::optional<std::int64_t> whole_number(const std::string& text);
/// `limit` of the query, 1 to `most`; `usual` where it is not given. Not empty: the refusal.
std::optional<api::HttpAnswer> limit_of(const api::HttpRequest& request, std::size_t usual, std::size_t most, std::size_t& limit);

}  // namespace volt::agent
