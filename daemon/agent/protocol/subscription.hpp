// `subscriptions/listen`: which changes a client learns of, and when there is one. Pure but for what the catalog does.
#pragma once

#include <optional>

#include "daemon/agent/protocol/service.hpp"

namespace volt::agent {

/// The code of a refusal for want of room.
inline constexpr int too_busy = -32000;

/// Of a modern client, where something is watched at all.
bool asks_to_listen(const RpcRequest& request, const Catalog& catalog);

/// What a client may listen to: the watched resource, and nothing else that it wants.
struct Subscription {
    std::string refusal{};         ///< empty: none
    std::string acknowledgment{};  ///< comes before any announcement
    bool granted = false;
};
Subscription read_subscription(const RpcRequest& request, const Catalog& catalog);
/// Announces a change to the client whose request had this id.
std::string updated_line(const Json& id, const Catalog& catalog);

/// Looks at the watched resource.
class ResourceWatch {
public:
    /// Whether it is another than at the look before; false where it cannot be had.
    bool has_changed(const Catalog& catalog, const std::atomic<bool>* cancelled);
    /// The next look is the first.
    void forget() { before_.reset(); }

private:
    std::optional<std::string> before_{};
};

}  // namespace volt::agent
