#include "daemon/agent/protocol/message.hpp"

#include <algorithm>

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char *version_key = "io.modelcontextprotocol/protocolVersion",
                     *capabilities_key = "io.modelcontextprotocol/clientCapabilities",
                     *client_key = "io.modelcontextprotocol/clientInfo", *server_key = "io.modelcontextprotocol/serverInfo";

constexpr std::size_t most_client_bytes = 40;

bool is_id(const Json& value) { return value.is_string() || value.is_number_integer(); }

/// Returns the `_meta` of a request, or null if it has none.
const Json& meta_of(const Json& params) {
    static const Json none;
    const auto found = params.find("_meta");
    return found == params.end() ? none : *found;
}

bool is_modern(const RpcRequest& request) {
    const Json& meta = meta_of(request.params);
    return request.method == "server/discover" ||
           (meta.is_object() && (meta.contains(version_key) || meta.contains(capabilities_key) || meta.contains(client_key)));
}

/// Returns the name in the `clientInfo` of `initialize`, or of each modern request.
std::string client_of(const RpcRequest& request) {
    const bool first = request.method == "initialize";
    const Json& place = first ? request.params : meta_of(request.params);
    const auto info = place.is_object() ? place.find(first ? "clientInfo" : client_key) : place.end();
    if (!place.is_object() || info == place.end() || !info->is_object()) return {};
    const auto name = info->find("name");
    return name != info->end() && name->is_string() ? client_name(name->get<std::string>()) : "";
}

/// Returns the error in the envelope of a modern request, or an empty string.
std::string envelope_refusal(const RpcRequest& request) {
    const Json& meta = meta_of(request.params);
    const auto lacks = [&](const char* key, bool (Json::*is)() const) {
        return !meta.is_object() || !meta.contains(key) || !(meta.at(key).*is)();
    };
    const auto missing = [&](const char* key) {
        return error_line(request.id, invalid_params, std::string("params._meta lacks ") + key);
    };
    if (lacks(version_key, &Json::is_string)) return missing(version_key);
    if (meta.at(version_key) != modern_revision)
        return error_line(request.id, unsupported_revision, "this revision of MCP is not supported",
                          {{"supported", Json::array({modern_revision})}, {"requested", meta.at(version_key)}});
    return lacks(capabilities_key, &Json::is_object) ? missing(capabilities_key) : "";
}

McpMessage refused(std::string line) {
    McpMessage message;
    message.refusal = std::move(line);
    return message;
}

McpMessage notification(const Json& object, const Json& params) {
    McpMessage message;
    const auto id = params.find("requestId");
    if (object.at("method") == "notifications/cancelled" && id != params.end() && is_id(*id)) message.cancelled = *id;
    return message;
}

}  // namespace

std::size_t depth_of(std::string_view text) {
    std::size_t depth = 0, deepest = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') ++i;
        else if (text[i] == '"') quoted = !quoted;
        else if (!quoted && (text[i] == '{' || text[i] == '[')) deepest = std::max(deepest, ++depth);
        else if (!quoted && (text[i] == '}' || text[i] == ']') && depth > 0) --depth;
    }
    return deepest;
}

McpMessage read_message(std::string_view line) {
    if (line.size() > most_message_bytes) return refused(too_long_line());
    if (depth_of(line) > most_message_depth)
        return refused(
            error_line(nullptr, invalid_request, "nested deeper than " + std::to_string(most_message_depth) + " levels"));
    const Json object = Json::parse(line, nullptr, false);
    if (object.is_discarded()) return refused(error_line(nullptr, parse_error, "not JSON"));
    if (!object.is_object()) return refused(error_line(nullptr, invalid_request, "not an object; batches are not supported"));
    const auto method = object.find("method"), id = object.find("id"), params = object.find("params");
    const Json known_id = id != object.end() && is_id(*id) ? *id : Json(nullptr);
    if (method == object.end() && (object.contains("result") || object.contains("error"))) return {};
    if (!object.contains("jsonrpc") || object.at("jsonrpc") != "2.0")
        return refused(error_line(known_id, invalid_request, "jsonrpc must be \"2.0\""));
    if (method == object.end() || !method->is_string())
        return refused(error_line(known_id, invalid_request, "method must be a string"));
    const bool bad_params = params != object.end() && !params->is_object();
    const Json given = params == object.end() || bad_params ? Json::object() : *params;
    if (id == object.end()) return notification(object, given);
    if (known_id.is_null()) return refused(error_line(nullptr, invalid_request, "id must be a string or a whole number"));
    if (bad_params) return refused(error_line(known_id, invalid_params, "params must be an object"));
    RpcRequest request{known_id, method->get<std::string>(), given};
    if (is_modern(request)) request.era = Era::modern;
    if (request.era == Era::modern)
        if (std::string refusal = envelope_refusal(request); !refusal.empty()) return refused(std::move(refusal));
    request.client = client_of(request);
    McpMessage message;
    message.request = std::move(request);
    return message;
}

std::string client_name(const std::string& given) {
    std::string name;
    for (const char byte : given.substr(0, most_client_bytes)) name += byte >= ' ' && byte <= '~' ? byte : '?';
    return name.empty() ? "unnamed" : name;
}

std::string too_long_line() {
    return error_line(nullptr, invalid_request, "longer than " + std::to_string(most_message_bytes) + " bytes");
}

std::string result_line(const RpcRequest& request, Json result) {
    if (request.era == Era::modern) {
        result["resultType"] = "complete";
        result["_meta"][server_key] = server_info();
    }
    return json_text(Json{{"jsonrpc", "2.0"}, {"id", request.id}, {"result", std::move(result)}});
}

std::string error_line(const Json& id, int code, const std::string& text, const Json& data) {
    Json line{{"jsonrpc", "2.0"}};
    if (!id.is_null()) line["id"] = id;
    line["error"] = {{"code", code}, {"message", text}};
    if (!data.is_null()) line["error"]["data"] = data;
    return json_text(line);
}

Json server_info() { return {{"name", "volt-agent"}, {"title", "voltd"}, {"version", VOLT_VERSION}}; }

}  // namespace volt::agent
