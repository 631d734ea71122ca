// Small things about text that every folder needs.
#pragma once

#include <string>

namespace volt {

/// JSON on one line; bytes that are no UTF-8 are replaced, so it never throws.
template <class Json>
std::string json_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What `name` gives for each item, separated by ", ".
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
