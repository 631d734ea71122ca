#include "daemon/agent/protocol/subscription.hpp"

#include <algorithm>
#include <utility>

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char *listen_method = "subscriptions/listen", *subscription_key = "io.modelcontextprotocol/subscriptionId";

/// Returns a notification for the subscription with this id.
std::string notification_line(const Json& id, const char* name, Json params) {
    params["_meta"] = {{subscription_key, id}};
    return json_text(Json{{"jsonrpc", "2.0"}, {"method", std::string("notifications/") + name}, {"params", std::move(params)}});
}

}  // namespace

bool asks_to_listen(const RpcRequest& request, const Catalog& catalog) {
    return request.era == Era::modern && request.method == listen_method && !catalog.watched.empty();
}

Subscription read_subscription(const RpcRequest& request, const Catalog& catalog) {
    const Json wanted = request.params.value("notifications", Json());
    const Json uris = wanted.is_object() ? wanted.value("resourceSubscriptions", Json::array()) : Json();
    if (!uris.is_array())
        return {
            error_line(request.id, invalid_params, "notifications must be an object, and resourceSubscriptions in it a list")};
    const bool granted = std::any_of(uris.begin(), uris.end(), [&](const Json& it) { return it == catalog.watched; });
    Json grants = Json::object();
    if (granted) grants["resourceSubscriptions"] = Json::array({catalog.watched});
    return {"", notification_line(request.id, "subscriptions/acknowledged", {{"notifications", std::move(grants)}}), granted};
}

std::string updated_line(const Json& id, const Catalog& catalog) {
    return notification_line(id, "resources/updated", {{"uri", catalog.watched}});
}

bool ResourceWatch::has_changed(const Catalog& catalog, const std::atomic<bool>* cancelled) {
    try {
        CallTime time;
        time.cancelled = cancelled;
        std::string now = catalog.look(time);
        const bool changed = before_ && *before_ != now;
        before_ = std::move(now);
        return changed;
    } catch (const std::exception&) { return false; }
}

}  // namespace volt::agent
