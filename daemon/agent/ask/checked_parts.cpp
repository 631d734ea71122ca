#include "daemon/agent/ask/checked_parts.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/agent/ask/check_numbers.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

/// As deep as the checks read.
constexpr int most_parts_depth = 32;
/// Members that are read whole: the unit of a number, and a document.
constexpr const char* whole_members[] = {"unit", "uri"};

bool is_read_whole(const std::string& name) {
    return std::any_of(std::begin(whole_members), std::end(whole_members), [&](const char* it) { return name == it; });
}

/// One a line: nothing that was apart becomes one number.
Json parts_of_text(const std::string& text) {
    std::string parts;
    for (const std::string& it : numbers_in(text)) parts += (parts.empty() ? "" : "\n") + it;
    return parts.empty() ? Json() : Json(parts);
}

/// Null: there is nothing to check with.
Json parts_of(const Json& value, int depth) {
    if (value.is_number()) return value;
    if (value.is_string()) return parts_of_text(value.get_ref<const std::string&>());
    Json parts;
    if (!value.is_structured() || depth > most_parts_depth) return parts;
    for (const auto& [name, inner] : value.items()) {
        Json kept = value.is_object() && is_read_whole(name) ? inner : parts_of(inner, depth + 1);
        if (kept.is_null()) continue;
        if (value.is_object()) parts[name] = std::move(kept);
        else parts.push_back(std::move(kept));
    }
    return parts;
}

}  // namespace

Json checked_parts(const Json& result, std::size_t most) {
    Json parts = parts_of(result, 0);
    // Nothing to check with is known too: it is no cut result.
    if (parts.is_null()) parts = Json::object();
    return json_text(parts).size() > most ? Json() : parts;
}

}  // namespace volt::agent
