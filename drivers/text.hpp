// Small text helpers for every folder.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace volt {

/// Returns the lines without their line ends.
inline std::vector<std::string> text_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Returns JSON on one line. Replaces invalid UTF-8, so it never throws.
template <class Json>
std::string json_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Joins the results of `name` for all items, separated by ", ".
template <class List, class Name>
std::string comma_list(const List& list, Name name) {
    std::string text;
    for (const auto& item : list) {
        if (!text.empty()) text += ", ";
        text += name(item);
    }
    return text;
}

/// Joins texts, separated by ", ".
template <class List>
std::string comma_list(const List& list) {
    return comma_list(
        list, [](const auto& item) -> const auto& { return item; });
}

}  // namespace volt
