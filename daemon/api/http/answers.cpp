#include "daemon/api/http/answers.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace volt::api {

namespace {

constexpr std::size_t deepest = 8;

/// Returns true if brackets nest deeper than any body we read. The library's parser has no such limit.
bool is_deep(const std::string& body) {
    std::size_t depth = 0;
    bool quoted = false, escaped = false;
    for (const char c : body) {
        if (quoted) {
            if (!escaped && c == '"') quoted = false;
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest) return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

/// Parses JSON. The library silently keeps the last of two members with one name; `doubled` names such a member.
Object parse(const std::string& body, std::string& doubled) {
    std::vector<std::set<std::string>> open;
    const auto look = [&](int, Object::parse_event_t event, Object& parsed) {
        if (event == Object::parse_event_t::object_start) open.emplace_back();
        if (event == Object::parse_event_t::object_end) open.pop_back();
        if (event != Object::parse_event_t::key) return true;
        const auto name = parsed.get<std::string>();
        if (!open.back().insert(name).second) doubled = name;
        return true;
    };
    return Object::parse(body, look, false);
}

}  // namespace

HttpAnswer ok_answer(const Object& object, int status) { return {status, json_text(object)}; }

HttpAnswer field_error(int status, const std::string& text, const std::string& field, const std::string& need) {
    Object object{{"error", text}};
    if (!field.empty()) object["field"] = field;
    if (!need.empty()) object["need"] = need;
    return {status, json_text(object)};
}

HttpAnswer loop_is_late() { return error_answer(503, "the control loop did not answer in time; nothing was changed"); }

std::optional<HttpAnswer> read_body(const std::string& body, Object& object) {
    object = Object::object();
    if (body.find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
    std::string doubled;
    if (!is_deep(body)) object = parse(body, doubled);
    else object = nullptr;
    if (!object.is_object()) return error_answer(400, "the body must be a JSON object");
    if (doubled.empty()) return std::nullopt;
    return field_error(400, doubled + " is given twice", doubled, "each field once");
}

std::optional<HttpAnswer> refuse_unknown(const Object& body, std::initializer_list<const char*> known) {
    for (const auto& [key, value] : body.items()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        return field_error(400, "unknown field: " + key, key, comma_list(known));
    }
    return std::nullopt;
}

std::int64_t most_of(const HttpRequest& request, std::int64_t others) {
    return request.caller.role == Role::owner ? most_listed : others;
}

std::string value_of(const HttpRequest& request, const char* key) {
    const auto found = request.query.find(key);
    return found == request.query.end() ? "" : found->second;
}

std::optional<HttpAnswer> read_flag(const HttpRequest& request, const char* name, bool& flag) {
    const auto given = request.query.find(name);
    flag = given != request.query.end() && (given->second == "1" || given->second == "true");
    if (given == request.query.end() || flag || given->second == "0" || given->second == "false") return std::nullopt;
    return field_error(400, std::string(name) + ": '" + given->second + "' must be 1 or 0", name, "1 or 0");
}

std::optional<HttpAnswer> read_dry_run(const HttpRequest& request, bool& dry_run) {
    return read_flag(request, "dry_run", dry_run);
}

}  // namespace volt::api
