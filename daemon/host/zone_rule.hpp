// Rule at the end of a time zone file, for times after its last listed change ("slim" files list no future ones). RFC 9636, 3.3.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "rules/time.hpp"

namespace volt {

/// Offset from UTC and how long it holds.
struct ZoneSpan {
    Utc begin{}, end{};
    std::chrono::seconds offset{};
};

/// POSIX TZ text, such as `MST7MDT,M3.2.0,M11.1.0`: one offset, or two with the yearly moments of change. Pure.
class ZoneRule {
public:
    /// Returns nothing for a text of another form.
    static std::optional<ZoneRule> parse(std::string_view text);
    ZoneSpan at(Utc utc) const;
    /// Returns the first moment at which the wall clock shows this. A time that a change skips becomes that of the change.
    Utc utc(Utc wall) const;

private:
    /// Day of a year in one of the three forms, and seconds of local time before the change.
    struct Change {
        char form = 'M';  ///< M: month, week, weekday; J: day without February 29; n: day from 0
        int month = 0, week = 0, day = 0;
        std::chrono::seconds time{};
        Utc local(int year) const;
    };
    class Reader;

    std::chrono::seconds standard_{}, summer_{};
    std::optional<std::array<Change, 2>> changes_{};  ///< to summer time, and back
};

/// Returns the rule of a zone file, or nothing if it has none.
std::optional<ZoneRule> rule_of_zone_file(const std::string& path);

}  // namespace volt
