#include "daemon/api/router.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "daemon/api/answers.hpp"

namespace volt::api {

namespace {

constexpr std::string_view rest = "{}";

/// What stands for `{}`, or an empty text where the pattern has none; nothing: no match.
std::optional<std::string> match(const std::string& pattern, const std::string& path) {
    const std::size_t place = pattern.find(rest);
    if (place == std::string::npos) return pattern == path ? std::optional<std::string>("") : std::nullopt;
    const std::string_view start(pattern.data(), place), end = std::string_view(pattern).substr(place + rest.size());
    if (!path.starts_with(start) || !path.ends_with(end) || path.size() <= start.size() + end.size())
        return std::nullopt;
    return path.substr(start.size(), path.size() - start.size() - end.size());
}

/// What is not understood may have been meant to change everything.
std::optional<HttpAnswer> refuse_query(const Route& route, const HttpRequest& request) {
    std::string need;
    for (const std::string& key : route.query) need += (need.empty() ? "" : ", ") + key;
    if (need.empty()) need = "no query";
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

HttpAnswer error_answer(int status, const std::string& text) {
    const nlohmann::json object{{"error", text}};
    return {status, object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

void Router::add(std::vector<Route> routes) {
    for (Route& route : routes) routes_.push_back(std::move(route));
}

bool Router::is_open(const std::string& path) const {
    for (const Route& route : routes_)
        if (route.open && match(route.pattern, path)) return true;
    return false;
}

HttpAnswer Router::answer(HttpRequest request) const {
    std::string allowed;
    for (const Route& route : routes_) {
        const auto argument = match(route.pattern, request.path);
        if (!argument) continue;
        if (route.method == request.method) {
            if (auto wrong = refuse_query(route, request)) return *wrong;
            request.argument = *argument;
            return guarded(route, request);
        }
        allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    if (!allowed.empty()) {
        HttpAnswer answer = error_answer(405, "this path does not take " + request.method + ", but " + allowed);
        answer.allow = allowed;
        return answer;
    }
    return error_answer(404, "no such path: " + request.path);
}

}  // namespace volt::api
