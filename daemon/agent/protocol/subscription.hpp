// `subscriptions/listen`: the changes that a client is notified of, and their detection. Pure except for the catalog's actions.
#pragma once

#include <optional>

#include "daemon/agent/protocol/service.hpp"

namespace volt::agent {

/// Error code of a rejection for lack of capacity.
inline constexpr int too_busy = -32000;

/// Returns true for a modern client if a resource is watched.
bool asks_to_listen(const RpcRequest& request, const Catalog& catalog);

/// Subscription of a client: to the watched resource only, whatever else it requests.
struct Subscription {
    std::string refusal{};         ///< empty if accepted
    std::string acknowledgment{};  ///< sent before any announcement
    bool granted = false;
};
Subscription read_subscription(const RpcRequest& request, const Catalog& catalog);
/// Announces a change to the client whose request had this id.
std::string updated_line(const Json& id, const Catalog& catalog);

/// Polls the watched resource.
class ResourceWatch {
public:
    /// Returns true if it differs from the previous poll. Returns false if it is not available.
    bool has_changed(const Catalog& catalog, const std::atomic<bool>* cancelled);
    /// Makes the next poll the first.
    void forget() { before_.reset(); }

private:
    std::optional<std::string> before_{};
};

}  // namespace volt::agent
