#include "daemon/ctl/init/yaml_text.hpp"

#include <algorithm>
#include <cctype>

#include "drivers/text.hpp"

namespace volt::ctl::init {

namespace {

constexpr std::size_t widest_flow = 100;

/// Returns true for letters, digits and characters that are harmless in a bare text, unless YAML reads it as a number, a flag or
/// null.
bool may_be_bare(const std::string& text) {
    const auto is_plain = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '/' || c == '.' || c == ' ';
    };
    if (text.empty() || std::isalpha(static_cast<unsigned char>(text.front())) == 0 || text.back() == ' ') return false;
    if (!std::all_of(text.begin(), text.end(), is_plain)) return false;
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const char* word : {"on", "off", "yes", "no", "y", "n", "true", "false", "null", "inf", "nan"})
        if (lower == word) return false;
    return true;
}

/// Returns true for a text with three dots, which YAML does not read as a number.
bool is_address(const std::string& text) {
    return std::count(text.begin(), text.end(), '.') == 3 && text.find("..") == std::string::npos &&
           text.find_first_not_of("0123456789.") == std::string::npos && text.front() != '.' && text.back() != '.';
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

}  // namespace

std::string yaml_scalar(const Json& value) {
    if (!value.is_string()) return json_text(value);
    const auto& text = value.get_ref<const std::string&>();
    return may_be_bare(text) || is_address(text) ? text : json_text(value);
}

std::string yaml_flow(const Json& value) {
    if (!value.is_structured()) return yaml_scalar(value);
    std::string inside;
    for (const auto& [key, item] : value.items()) {
        if (!inside.empty()) inside += ", ";
        inside += (value.is_object() ? key + ": " : "") + yaml_flow(item);
    }
    if (value.is_array()) return "[" + inside + "]";
    return inside.empty() ? "{}" : "{ " + inside + " }";
}

std::string yaml_member(const std::string& key, const Json& value, std::size_t indent) {
    const std::string head = spaces(indent) + key + ":";
    const bool rows = value.is_array() && !value.empty() && value.front().is_object();
    if (!value.is_object() && !rows) return head + " " + yaml_flow(value) + "\n";
    if (value.empty()) return head + " " + yaml_flow(value) + "\n";
    std::string text = head + "\n";
    if (value.is_object()) {
        for (const auto& [name, item] : value.items()) text += yaml_member(name, item, indent + 2);
        return text;
    }
    for (const Json& row : value) {
        const std::string flow = yaml_flow(row);
        if (flow.size() <= widest_flow) {
            text += spaces(indent + 2) + "- " + flow + "\n";
            continue;
        }
        std::string block;
        for (const auto& [name, item] : row.items()) block += yaml_member(name, item, indent + 4);
        block.replace(indent + 2, 2, "- ");
        text += block;
    }
    return text;
}

}  // namespace volt::ctl::init
