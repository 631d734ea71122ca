// The requests to voltd that proposals may be, and no others. Pure.
#pragma once

#include <string>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Where voltd's API has what a proposal changes.
inline constexpr const char *preferences_path = "/api/preferences", *miners_path = "/api/miners", *zones_path = "/api/hvac/zones",
                            *override_folder = "/api/overrides/", *mode_path = "/api/mode", *undo_path = "/api/settings/restore";

/// The request that would make a change.
struct WantedChange {
    std::string method{}, path{};
    Json body{};
};

/// Why a proposal of this tool cannot be this request, decided before voltd is asked; empty: it can. Values that voltd refuses for
/// everybody are left to it.
std::string request_refusal(const std::string& tool, const WantedChange& wanted);

}  // namespace volt::agent
