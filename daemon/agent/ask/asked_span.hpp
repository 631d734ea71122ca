// Time span that a question names. Pure.
#pragma once

#include <string>
#include <vector>

namespace volt::agent {

/// Placeholder for a time span in a question.
inline constexpr const char* span_mark = "{span}";

/// Time span as arguments of voltctl.
struct AskedSpan {
    std::string from{}, to{};  ///< local times; empty `from`: see `last`
    std::string last{};        ///< `3d`
    bool named = false;
};

/// Finds a time span (today, last night, this morning, this week, last 3 days, past two weeks, since 6:00, since monday) and
/// replaces it with `{span}`. `today` is the site's date, such as 2025-06-21.
AskedSpan take_span(std::vector<std::string>& words, const std::string& today);

}  // namespace volt::agent
