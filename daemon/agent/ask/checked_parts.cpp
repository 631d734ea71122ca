#include "daemon/agent/ask/checked_parts.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include "daemon/agent/ask/check_numbers.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

/// Maximum depth that the checks read.
constexpr int most_parts_depth = 32;
/// Members to keep whole: the unit of a number, with the field that has it, the names of columns, and a document.
constexpr const char* whole_members[] = {"unit", "field", "columns", "uri"};

bool is_read_whole(const std::string& name) {
    return std::any_of(std::begin(whole_members), std::end(whole_members), [&](const char* it) { return name == it; });
}

/// Returns the parts one per line, so that separate numbers do not merge.
Json parts_of_text(const std::string& text) {
    std::string parts;
    for (const std::string& it : numbers_in(text)) parts += (parts.empty() ? "" : "\n") + it;
    return parts.empty() ? Json() : Json(parts);
}

/// Returns null if there is nothing to check with.
Json parts_of(const Json& value, int depth) {
    if (value.is_number()) return value;
    if (value.is_string()) return parts_of_text(value.get_ref<const std::string&>());
    Json parts;
    if (!value.is_structured() || depth > most_parts_depth) return parts;
    for (const auto& [name, inner] : value.items()) {
        Json kept = value.is_object() && is_read_whole(name) ? inner : parts_of(inner, depth + 1);
        // A value of a row keeps its column.
        if (kept.is_null() && (value.is_object() || inner.is_structured())) continue;
        if (value.is_object()) parts[name] = std::move(kept);
        else parts.push_back(std::move(kept));
    }
    return parts;
}

/// Returns true if the SQL contains this text as a separate number or literal, not as part of another.
bool stands_in(const std::string& sql, const std::string& text) {
    const auto joins = [&](std::size_t at) {
        return at < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[at])) != 0 ||
                                   std::string_view("_.-:").find(sql[at]) != std::string_view::npos);
    };
    for (std::size_t at = sql.find(text); at != std::string::npos; at = sql.find(text, at + 1))
        if ((at == 0 || !joins(at - 1)) && !joins(at + text.size())) return true;
    return false;
}

}  // namespace

Json site_data(const std::string& tool, const Json& arguments, const Json& result) {
    if (tool == "search_memory" || tool == "remember") return {};
    if (tool != "query_history" || !result.is_object() || !result.contains("rows")) return result;
    const Json sql = arguments.is_object() ? arguments.value("sql", Json()) : Json();
    Json kept = result;
    for (Json& row : kept["rows"])
        for (Json& value : row) {
            const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
            if (sql.is_string() && !text.empty() && stands_in(sql.get_ref<const std::string&>(), text)) value = nullptr;
        }
    return kept;
}

Json checked_parts(const Json& result, std::size_t most) {
    Json parts = parts_of(result, 0);
    // A result without anything to check is known, too. It does not count as cut.
    if (parts.is_null()) parts = Json::object();
    return json_text(parts).size() > most ? Json() : parts;
}

}  // namespace volt::agent
