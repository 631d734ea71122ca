// Small text helpers for every folder.
#pragma once

#include <string>

namespace volt {

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
