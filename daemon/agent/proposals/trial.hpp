// Trial of a change with voltd: what it would change and switch, without doing it.
#pragma once

#include <functional>
#include <optional>

#include "daemon/agent/proposals/request.hpp"
#include "daemon/ctl/talk/api_client.hpp"

namespace volt::agent {

/// Status of a rejection because a row was changed since `If-Match`.
inline constexpr int row_moved = 412;

struct Trial {
    std::string error{};         ///< voltd's error or the reason to refuse the proposal, or empty on success
    bool moved = false;          ///< a row was changed since `seen`
    Json diff = Json::array();   ///< `{"table","row","what","fields":{name:{"before","after"}}}` for each row
    Json would = Json::array();  ///< `{"output","order","reason","load","text"}` for each output
    std::int64_t newest = 0;     ///< newest settings_history.id before it
    double full_v = 0;           ///< voltage_at_100_percent
};

using Send = std::function<ctl::ApiReply(const api::HttpRequest& request)>;

/// Tries a change. `seen`: the newest change that the proposal knew.
Trial try_change(const Send& send, const WantedChange& wanted, std::optional<std::int64_t> seen);
/// Tries a change only if this tool may propose it: when it is made, and again when it is approved.
Trial try_proposal(const Send& send, const std::string& tool, const WantedChange& wanted, std::optional<std::int64_t> seen);
/// Returns true if two trials change the same fields in the same way, and switch the same outputs.
bool same_effect(const Json& diff, const Json& would, const Trial& trial);

/// Returns one line for each changed field, and for each switched output.
std::vector<std::string> effect_lines(const Json& diff, const Json& would);

}  // namespace volt::agent
