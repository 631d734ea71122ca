#include "drivers/store/schema/difference.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "drivers/text.hpp"

namespace volt {

namespace {

using Lines = std::vector<std::string>;

void put(Lines& into, char mark, const std::string& line) { into.push_back(std::string(1, mark) + " " + line); }

/// Returns `longest[i][j]`: lines that the rest of `a` from i and of `b` from j have in common, in order.
std::vector<std::vector<std::size_t>> common_lengths(const Lines& a, const Lines& b) {
    std::vector<std::vector<std::size_t>> longest(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            longest[i][j] = a[i] == b[j] ? longest[i + 1][j + 1] + 1 : std::max(longest[i + 1][j], longest[i][j + 1]);
    return longest;
}

void put_difference(Lines& into, const Lines& a, const Lines& b) {
    const auto longest = common_lengths(a, b);
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            put(into, ' ', a[i++]);
            ++j;
        } else if (i < a.size() && (j == b.size() || longest[i + 1][j] >= longest[i][j + 1])) {
            put(into, '-', a[i++]);
        } else {
            put(into, '+', b[j++]);
        }
    }
}

}  // namespace

std::vector<SchemaObject> schema_of(Connection& db) {
    std::vector<SchemaObject> objects;
    Statement query = db.prepare(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY type = 'view', type = 'trigger', type = 'index', name");
    while (query.row()) objects.push_back({query.text(0), query.text(1), query.text(2)});
    return objects;
}

std::vector<std::string> schema_difference(const std::vector<SchemaObject>& before, const std::vector<SchemaObject>& after) {
    using Key = std::pair<std::string, std::string>;
    std::map<Key, const SchemaObject*> known;
    for (const SchemaObject& it : before) known[{it.type, it.name}] = &it;
    Lines lines;
    for (const SchemaObject& it : after) {
        const auto found = known.find({it.type, it.name});
        if (found != known.end() && found->second->sql != it.sql)
            put_difference(lines, text_lines(found->second->sql), text_lines(it.sql));
        else if (found == known.end()) put_difference(lines, {}, text_lines(it.sql));
        if (found != known.end()) known.erase(found);
    }
    for (const auto& [key, gone] : known) put_difference(lines, text_lines(gone->sql), {});
    return lines;
}

}  // namespace volt
