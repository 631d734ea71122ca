#include "daemon/config/config_changes.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "daemon/config/problem.hpp"
#include "daemon/config/yaml_tree.hpp"

namespace volt {

namespace {

using Values = std::map<std::string, std::string>;

/// Returns the name of a list entry: its id, else its index.
std::string name_of(const YamlNode& item, std::size_t index) {
    if (item.kind == YamlNode::Kind::map)
        for (std::size_t i = 0; i < item.items.size(); ++i)
            if (item.keys[i].text == "id") return item.items[i].text;
    return std::to_string(index);
}

void flatten(const YamlNode& node, const std::string& path, Values& values) {
    if (node.kind == YamlNode::Kind::scalar || node.items.empty()) values[path] = node.text;
    if (node.kind == YamlNode::Kind::map)
        for (std::size_t i = 0; i < node.items.size(); ++i)
            flatten(node.items[i], path.empty() ? node.keys[i].text : path + "." + node.keys[i].text, values);
    if (node.kind == YamlNode::Kind::sequence)
        for (std::size_t i = 0; i < node.items.size(); ++i)
            flatten(node.items[i], fmt::format("{}[{}]", path, name_of(node.items[i], i)), values);
}

Values values_of(std::string_view text) {
    Report report("");
    Values values;
    if (const auto tree = parse_yaml(text, report); tree && tree->kind == YamlNode::Kind::map) flatten(*tree, "", values);
    return values;
}

std::string shown_in(const Values& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? "default" : shown(found->second);
}

}  // namespace

std::vector<std::string> changed_keys(std::string_view before, std::string_view after) {
    const Values old = values_of(before), fresh = values_of(after);
    if (old.empty() || fresh.empty()) return {};
    std::set<std::string> keys;
    for (const Values* values : {&old, &fresh})
        for (const auto& [key, value] : *values) keys.insert(key);
    std::vector<std::string> changes;
    std::size_t more = 0;
    for (const std::string& key : keys) {
        const std::string was = shown_in(old, key), is = shown_in(fresh, key);
        if (was == is) continue;
        if (changes.size() < most_changes_listed)
            changes.push_back(fmt::format("{}: {} -> {}", shown(key).substr(1, shown(key).size() - 2), was, is));
        else ++more;
    }
    if (more > 0) changes.push_back(fmt::format("and {} more", more));
    return changes;
}

}  // namespace volt
