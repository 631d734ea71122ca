#include "daemon/api/http/router.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "daemon/api/http/answers.hpp"
#include "drivers/text.hpp"

namespace volt::api {

namespace {

constexpr std::string_view rest = "{}";
constexpr const char* no_role = "sign in, or send a valid key or token: Authorization: Bearer …";

/// Returns the error for a role without this right.
const char* words_of(const Caller& caller) {
    switch (caller.role) {
        case Role::view: return "this key or session may only read";
        case Role::propose: return "this key may only read and try";
        case Role::operate:
            if (caller.by_key) return "a key may not do this: sign in, or use voltctl on the machine itself";
            [[fallthrough]];
        default: return "only the owner may do this: voltctl on the machine itself";
    }
}

/// Returns the text that matches `{}`, or an empty text if the pattern has none. Returns nothing if there is no match.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path) {
    const std::size_t place = pattern.find(rest);
    if (place == std::string_view::npos) return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
    const std::string_view start = pattern.substr(0, place), end = pattern.substr(place + rest.size());
    if (!path.starts_with(start) || !path.ends_with(end) || path.size() <= start.size() + end.size()) return std::nullopt;
    return path.substr(start.size(), path.size() - start.size() - end.size());
}

/// Returns true for `/ui/` and the pattern `/ui/{}`.
bool is_folder_of(std::string_view path, std::string_view pattern) {
    return pattern.size() == path.size() + rest.size() && pattern.starts_with(path) && pattern.ends_with(rest);
}

/// Rejects an unknown query: it may have been meant to change everything.
std::optional<HttpAnswer> refuse_query(const Route& route, const HttpRequest& request) {
    const std::string need = route.query.empty() ? "no query" : comma_list(route.query);
    if (!request.repeated.empty())
        return field_error(400, "the query has " + request.repeated + " twice", request.repeated, "each key once");
    for (const auto& [key, value] : request.query)
        if (std::find(route.query.begin(), route.query.end(), key) == route.query.end())
            return field_error(400, "unknown query: " + key, key, need);
    return std::nullopt;
}

HttpAnswer guarded(const Route& route, const HttpRequest& request) {
    try {
        return route.handler(request);
    } catch (const std::exception& error) { return error_answer(500, error.what()); } catch (...) {
        return error_answer(500, "internal error");
    }
}

}  // namespace

HttpAnswer error_answer(int status, const std::string& text) { return {status, json_text(nlohmann::json{{"error", text}})}; }

void Router::add(std::vector<Route> routes) {
    for (Route& route : routes) routes_.push_back(std::move(route));
}

Router::Found Router::find(const HttpRequest& request) const {
    Found found;
    for (const Route& route : routes_) {
        const auto argument = match(route.pattern, request.path);
        // A folder has the access of its content, but no content of its own.
        if (!argument && !is_folder_of(request.path, route.pattern)) continue;
        found.open = found.open || may(grants_(route.method, route.pattern), request.caller, false);
        if (!argument) continue;
        found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
        if (route.method != request.method || found.route != nullptr) continue;
        found.route = &route;
        found.argument = *argument;
    }
    return found;
}

std::optional<HttpAnswer> Router::refuse(const HttpRequest& request) const {
    const Found found = find(request);
    // A caller without a role must not learn which paths exist.
    if (request.caller.role == Role::none && !found.open) return error_answer(401, no_role);
    if (found.allowed.empty()) return error_answer(404, "no such path: " + request.path);
    if (found.route == nullptr) {
        HttpAnswer answer = error_answer(405, "this path does not take " + request.method + ", but " + found.allowed);
        answer.allow = found.allowed;
        return answer;
    }
    const auto dry = request.query.find("dry_run");
    const bool dry_run = dry != request.query.end() && (dry->second == "1" || dry->second == "true");
    if (may(grants_(found.route->method, found.route->pattern), request.caller, dry_run)) return std::nullopt;
    if (request.caller.role == Role::none) return error_answer(401, no_role);
    return error_answer(403, words_of(request.caller));
}

std::size_t Router::most_body(const HttpRequest& request) const {
    const Found found = find(request);
    return found.route != nullptr && found.route->body == Body::json ? found.route->most_body : 0;
}

std::chrono::seconds Router::time(const HttpRequest& request) const {
    const Found found = find(request);
    return found.route != nullptr ? found.route->time : std::chrono::seconds{};
}

HttpAnswer Router::answer(HttpRequest request) const {
    if (auto refused = refuse(request)) return *refused;
    const Found found = find(request);
    if (auto wrong = refuse_query(*found.route, request)) return *wrong;
    request.argument = found.argument;
    return guarded(*found.route, request);
}

}  // namespace volt::api
