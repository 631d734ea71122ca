// A span of time that a question names. Pure.
#pragma once

#include <string>
#include <vector>

namespace volt::agent {

/// What stands in a question for a span of time.
inline constexpr const char* span_mark = "{span}";

/// As arguments of voltctl.
struct AskedSpan {
    std::string from{}, to{};  ///< local times; empty `from`: `last` is given
    std::string last{};        ///< `3d`
    bool named = false;
};

/// Finds a span (today, last night, this morning, this week, last 3 days, past two weeks, since 6:00, since monday) and puts `{span}` in
/// its place. `today` is the site's date, such as 2025-06-21.
AskedSpan take_span(std::vector<std::string>& words, const std::string& today);

}  // namespace volt::agent
