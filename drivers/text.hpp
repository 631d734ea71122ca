// Small text helpers for every folder.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace volt {

/// Without their ends.
inline std::vector<std::string> text_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// JSON on one line; invalid UTF-8 is replaced, so it never throws.
template <class Json>
std::string json_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The result of `name` for each item, separated by ", ".
template <class List, class Name>
std::string comma_list(const List& list, Name name) {
    std::string text;
    for (const auto& item : list) {
        if (!text.empty()) text += ", ";
        text += name(item);
    }
    return text;
}

/// Texts, separated by ", ".
template <class List>
std::string comma_list(const List& list) {
    return comma_list(
        list, [](const auto& item) -> const auto& { return item; });
}

}  // namespace volt
