#include "daemon/agent/protocol/service.hpp"

#include <algorithm>

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t list_ttl_ms = 3'600'000, state_ttl_ms = 1'000;
constexpr std::size_t most_completions = 100;

/// Exception that ends a method with a protocol error.
struct RpcFault {
    int code = internal_error;
    std::string text;
    Json data;
};

/// Omits subscriptions for the handshake revisions, whose methods for them are not supported.
Json capabilities(bool can_listen) {
    const Json none = Json::object(), listening{{"subscribe", true}};
    return {{"tools", none}, {"resources", can_listen ? listening : none}, {"prompts", none}, {"completions", none}};
}

/// Adds how long a client may cache a result. The handshake revisions do not support it.
Json cached(const RpcRequest& request, Json result, std::int64_t ttl_ms, const char* scope) {
    if (request.era == Era::legacy) return result;
    result["ttlMs"] = ttl_ms;
    result["cacheScope"] = scope;
    return result;
}

Json initialize(const RpcRequest& request, const Catalog& catalog) {
    const auto wanted = request.params.find("protocolVersion");
    const char* revision = legacy_revisions[0];
    for (const char* known : legacy_revisions)
        if (wanted != request.params.end() && *wanted == known) revision = known;
    return {{"protocolVersion", revision},
            {"capabilities", capabilities(false)},
            {"serverInfo", server_info()},
            {"instructions", catalog.instructions}};
}

Json discover(const RpcRequest& request, const Catalog& catalog) {
    return cached(request,
                  {{"supportedVersions", Json::array({modern_revision})},
                   {"capabilities", capabilities(!catalog.watched.empty())},
                   {"instructions", catalog.instructions}},
                  list_ttl_ms, "public");
}

/// Returns everything on one page.
Json listed(const RpcRequest& request, const char* key, const Json& list) {
    if (request.params.contains("cursor")) throw RpcFault{invalid_params, "this list has only one page; omit cursor", {}};
    return cached(request, Json{{key, list}}, list_ttl_ms, "public");
}

std::string text_param(const Json& params, const char* key) {
    const auto found = params.find(key);
    if (found == params.end() || !found->is_string()) throw RpcFault{invalid_params, std::string(key) + " must be a string", {}};
    return found->get<std::string>();
}

Json arguments_of(const Json& params) {
    const auto found = params.find("arguments");
    if (found == params.end()) return Json::object();
    if (!found->is_object()) throw RpcFault{invalid_params, "arguments must be an object", {}};
    return *found;
}

/// Returns the item of a list with this name.
const Json& named(const Json& list, const std::string& name, const char* what) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Json& it) { return it.at("name") == name; });
    if (found == list.end()) throw RpcFault{invalid_params, std::string("unknown ") + what + ": " + name, {}};
    return *found;
}

Json text_block(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

Json call(const RpcRequest& request, const Catalog& catalog, const CallTime& time) {
    const std::string name = text_param(request.params, "name");
    CallTime of_client = time;
    of_client.client = client_name(request.client);
    const auto is = [&](const Json& it) { return it.at("name") == name; };
    const bool offered = std::any_of(catalog.tools.begin(), catalog.tools.end(), is);
    if (!offered && catalog.unlisted) catalog.unlisted(name, of_client);
    named(catalog.tools, name, "tool");
    const ToolOutcome outcome = catalog.call(name, arguments_of(request.params), of_client);
    if (!outcome.error.empty()) return {{"content", Json::array({text_block(outcome.error)})}, {"isError", true}};
    return {{"content", Json::array({text_block(json_text(outcome.answer))})},
            {"structuredContent", outcome.answer},
            {"isError", false}};
}

Json read(const RpcRequest& request, const Catalog& catalog, const CallTime& time) {
    const std::string uri = text_param(request.params, "uri");
    CallTime of_client = time;
    of_client.client = client_name(request.client);
    const auto content = catalog.read(uri, of_client);
    if (!content) throw RpcFault{invalid_params, "unknown resource", {{"uri", uri}}};
    Json item{{"uri", uri}};
    item.update(*content);
    return cached(request, Json{{"contents", Json::array({item})}}, state_ttl_ms, "private");
}

Json prompt(const RpcRequest& request, const Catalog& catalog) {
    const std::string name = text_param(request.params, "name");
    const Json& known = named(catalog.prompts, name, "prompt");
    const Json arguments = arguments_of(request.params);
    for (const Json& argument : known.value("arguments", Json::array())) {
        const auto given = arguments.find(argument.at("name").get<std::string>());
        if (given == arguments.end() ? argument.value("required", false) : !given->is_string())
            throw RpcFault{invalid_params, "argument " + argument.at("name").get<std::string>() + " must be a string", {}};
    }
    const std::string text = catalog.prompt(known.at("name"), arguments);
    return {{"description", known.at("description")},
            {"messages", Json::array({Json{{"role", "user"}, {"content", text_block(text)}}})}};
}

/// Rejects a reference that names no prompt and no template.
void check_reference(const Json& reference, const Catalog& catalog) {
    const std::string type = reference.is_object() ? text_param(reference, "type") : "";
    if (type == "ref/prompt") {
        named(catalog.prompts, text_param(reference, "name"), "prompt");
    } else if (type == "ref/resource") {
        const std::string uri = text_param(reference, "uri");
        const auto is = [&](const Json& it) { return it.at("uriTemplate") == uri; };
        if (std::none_of(catalog.resource_templates.begin(), catalog.resource_templates.end(), is))
            throw RpcFault{invalid_params, "unknown resource template", {{"uri", uri}}};
    } else {
        throw RpcFault{invalid_params, "ref must be a ref/prompt or a ref/resource", {}};
    }
}

Json complete(const RpcRequest& request, const Catalog& catalog, const CallTime& time) {
    check_reference(request.params.value("ref", Json()), catalog);
    const auto argument = request.params.find("argument");
    if (argument == request.params.end() || !argument->is_object())
        throw RpcFault{invalid_params, "argument must be an object", {}};
    std::vector<std::string> values = catalog.complete(text_param(*argument, "name"), text_param(*argument, "value"), time);
    const std::size_t total = values.size();
    values.resize(std::min(total, most_completions));
    return {{"completion", {{"values", values}, {"total", total}, {"hasMore", total > values.size()}}}};
}

Json result_of(const RpcRequest& request, const Catalog& catalog, const CallTime& time) {
    const std::string& method = request.method;
    if (request.era == Era::legacy && method == "initialize") return initialize(request, catalog);
    if (request.era == Era::legacy && method == "ping") return Json::object();
    if (request.era == Era::modern && method == "server/discover") return discover(request, catalog);
    if (method == "tools/list") return listed(request, "tools", catalog.tools);
    if (method == "tools/call") return call(request, catalog, time);
    if (method == "resources/list") return listed(request, "resources", catalog.resources);
    if (method == "resources/templates/list") return listed(request, "resourceTemplates", catalog.resource_templates);
    if (method == "resources/read") return read(request, catalog, time);
    if (method == "prompts/list") return listed(request, "prompts", catalog.prompts);
    if (method == "prompts/get") return prompt(request, catalog);
    if (method == "completion/complete") return complete(request, catalog, time);
    throw RpcFault{unknown_method, "unknown method", {}};
}

}  // namespace

Answered answer_request(const RpcRequest& request, const Catalog& catalog, const CallTime& time) {
    try {
        return {result_line(request, result_of(request, catalog, time))};
    } catch (const RpcFault& fault) {
        return {error_line(request.id, fault.code, fault.text, fault.data), fault.code};
    } catch (const std::exception& error) { return {error_line(request.id, internal_error, error.what()), internal_error}; }
}

std::string answer_line(const RpcRequest& request, const Catalog& catalog, const CallTime& time) {
    return answer_request(request, catalog, time).line;
}

}  // namespace volt::agent
