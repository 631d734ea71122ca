#include "daemon/agent/protocol/http_post.hpp"

#include <algorithm>
#include <cctype>

namespace volt::agent {

namespace {

/// Returns true for `application/json`, with or without parameters.
bool is_json_type(std::string type) {
    type = type.substr(0, type.find(';'));
    type.erase(type.find_last_not_of(" \t") + 1);
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return type == "application/json";
}

/// Returns the member of the params that Mcp-Name repeats, or null if the method has none.
const char* name_member(const std::string& method) {
    if (method == "tools/call" || method == "prompts/get") return "name";
    return method == "resources/read" ? "uri" : nullptr;
}

std::string mismatch(const RpcRequest& request, const std::string& header, const std::string& need) {
    return error_line(request.id, header_mismatch, header + " is missing, or does not match the body: " + need);
}

/// Checks a modern request. Names and URIs here are printable ASCII, so the encoding for others in Mcp-Name is not supported.
std::string modern_refusal(const RpcRequest& request, const McpPost& post) {
    if (post.revision != modern_revision) return mismatch(request, "MCP-Protocol-Version", modern_revision);
    if (post.method != request.method) return mismatch(request, "Mcp-Method", request.method);
    const char* member = name_member(request.method);
    const auto named = member == nullptr ? request.params.end() : request.params.find(member);
    if (named == request.params.end() || !named->is_string() || *named == post.name) return {};
    return mismatch(request, "Mcp-Name", "params." + std::string(member));
}

/// Checks a legacy request. `initialize` has no header yet. In later requests the header, if present, is one of these.
std::string legacy_refusal(const RpcRequest& request, const McpPost& post) {
    const auto is = [&](const char* known) { return post.revision == known; };
    if (post.revision.empty() || std::any_of(std::begin(legacy_revisions), std::end(legacy_revisions), is)) return {};
    if (post.revision == modern_revision)
        return error_line(request.id, invalid_params, "params._meta lacks io.modelcontextprotocol/protocolVersion");
    Json supported = Json::array({modern_revision});
    for (const char* known : legacy_revisions) supported.push_back(known);
    return error_line(request.id, unsupported_revision, "this revision of MCP is not supported",
                      {{"supported", std::move(supported)}, {"requested", post.revision}});
}

/// Rejects a body of an unknown revision under another revision's header as a mismatch, which a proxy would not notice otherwise.
std::string body_refusal(const std::string& refusal, const McpPost& post) {
    const Json line = Json::parse(refusal, nullptr, false);
    const Json error = line.value("error", Json::object());
    const bool other = error.value("code", 0) == unsupported_revision && !post.revision.empty() &&
                       error.value("/data/requested"_json_pointer, post.revision) != post.revision;
    if (!other) return refusal;
    return error_line(line.value("id", Json()), header_mismatch, "MCP-Protocol-Version does not match the body");
}

}  // namespace

McpReply answer_post(const McpPost& post, const Catalog& catalog, const CallTime& time) {
    constexpr int accepted = 202, bad_request = 400, not_found = 404, unsupported_type = 415;
    if (!is_json_type(post.content_type))
        return {unsupported_type, error_line(nullptr, invalid_request, "the Content-Type must be application/json")};
    const McpMessage message = read_message(post.body);
    if (!message.refusal.empty()) return {bad_request, body_refusal(message.refusal, post)};
    if (!message.request) return {accepted, {}};
    const bool modern = message.request->era == Era::modern;
    std::string refusal = modern ? modern_refusal(*message.request, post) : legacy_refusal(*message.request, post);
    if (!refusal.empty()) return {bad_request, std::move(refusal)};
    if (asks_to_listen(*message.request, catalog)) {
        Subscription wanted = read_subscription(*message.request, catalog);
        if (!wanted.refusal.empty()) return {200, std::move(wanted.refusal)};
        return {200, std::move(wanted.acknowledgment), wanted.granted ? message.request->id : Json()};
    }
    Answered answered = answer_request(*message.request, catalog, time);
    return {modern && answered.code == unknown_method ? not_found : 200, std::move(answered.line)};
}

}  // namespace volt::agent
