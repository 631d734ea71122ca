// Requests to voltd that proposals may make, and no others. Pure.
#pragma once

#include <string>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Paths in voltd's API of everything that a proposal can change.
inline constexpr const char *preferences_path = "/api/preferences", *miners_path = "/api/miners", *zones_path = "/api/hvac/zones",
                            *override_folder = "/api/overrides/", *mode_path = "/api/mode", *undo_path = "/api/settings/restore";

/// Request that would make a change.
struct WantedChange {
    std::string method{}, path{};
    Json body{};
};

/// Returns the reason this tool may not propose this request, decided before voltd is asked, or an empty string if it may. Leaves
/// values that voltd rejects for everyone to voltd.
std::string request_refusal(const std::string& tool, const WantedChange& wanted);

}  // namespace volt::agent
