#include "daemon/host/zone_rule.hpp"

#include <date/date.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace volt {

namespace {

using std::chrono::seconds;

constexpr std::size_t most_file_bytes = 65'536;  ///< the longest zone of the tz database has under 4 kB
constexpr int longest_h = 167;                   ///< limit for a time of change, either sign

}  // namespace

/// Parses a TZ text from its beginning. `good` remains true while the form is valid.
class ZoneRule::Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}
    bool good = true;

    bool at_end() const { return rest_.empty(); }
    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(bool met) { good = good && met; }

    /// Reads `MST` or `<-03>`.
    void name() {
        const bool quoted = take('<');
        std::size_t length = 0;
        while (length < rest_.size() &&
               (quoted ? rest_[length] != '>' : std::isalpha(static_cast<unsigned char>(rest_[length])) != 0))
            ++length;
        rest_.remove_prefix(length);
        need(length >= 3 && (!quoted || take('>')));
    }
    int number(int least, int most) {
        std::size_t length = 0;
        int value = 0;
        for (; length < 3 && length < rest_.size() && std::isdigit(static_cast<unsigned char>(rest_[length])) != 0; ++length)
            value = value * 10 + (rest_[length] - '0');
        rest_.remove_prefix(length);
        need(length > 0 && value >= least && value <= most);
        return value;
    }
    /// Reads `[+-]hh[:mm[:ss]]`.
    seconds time(int most_hours) {
        const int sign = take('-') ? -1 : 1;
        if (sign > 0) take('+');
        int total = number(0, most_hours) * 3600;
        if (take(':')) total += number(0, 59) * 60;
        if (take(':')) total += number(0, 59);
        return seconds{sign * total};
    }
    Change change() {
        Change change;
        need(take(','));
        if (take('M')) {
            change.month = number(1, 12);
            need(take('.'));
            change.week = number(1, 5);
            need(take('.'));
            change.day = number(0, 6);
        } else if (take('J')) {
            change.form = 'J';
            change.day = number(1, 365);
        } else {
            change.form = 'n';
            change.day = number(0, 365);
        }
        change.time = take('/') ? time(longest_h) : seconds{7200};
        return change;
    }

private:
    std::string_view rest_;
};

Utc ZoneRule::Change::local(int year) const {
    using namespace date;
    const sys_days first{date::year{year} / January / 1};
    sys_days at = first + days{day};
    if (form == 'J') at = first + days{day - (date::year{year}.is_leap() && day >= 60 ? 0 : 1)};
    if (form == 'M') {
        const year_month_weekday_last last =
            date::year{year} / date::month{static_cast<unsigned>(month)} / weekday{static_cast<unsigned>(day)}[date::last];
        const year_month_weekday listed = date::year{year} / date::month{static_cast<unsigned>(month)} /
                                          weekday{static_cast<unsigned>(day)}[static_cast<unsigned>(week)];
        at = week == 5 ? sys_days{last} : sys_days{listed};
    }
    return at.time_since_epoch() + time;
}

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
    constexpr int longest_offset_h = 24;
    Reader reader(text);
    ZoneRule rule;
    reader.name();
    rule.standard_ = -reader.time(longest_offset_h);  // POSIX counts positive to the west of Greenwich
    if (reader.good && !reader.at_end()) {
        reader.name();
        rule.summer_ = rule.standard_ + std::chrono::hours{1};
        if (!reader.take(',')) {
            rule.summer_ = -reader.time(longest_offset_h);
            reader.need(reader.take(','));
        }
        if (!reader.good) return std::nullopt;
        Reader changes(text.substr(text.find(',')));
        std::array<Change, 2> both{changes.change(), changes.change()};
        reader.need(changes.good && changes.at_end());
        rule.changes_ = both;
    }
    return reader.good ? std::optional(rule) : std::nullopt;
}

ZoneSpan ZoneRule::at(Utc utc) const {
    if (!changes_) return {Utc::min(), Utc::max(), standard_};
    const int year = static_cast<int>(date::year_month_day{date::floor<date::days>(date::sys_time<Utc>{utc})}.year());
    std::array<ZoneSpan, 6> spans;  // from the year before to the year after
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const bool to_summer = i % 2 == 0;
        const Utc wall = (*changes_)[i % 2].local(year - 1 + static_cast<int>(i / 2));
        spans[i].begin = wall - (to_summer ? standard_ : summer_);
        spans[i].offset = to_summer ? summer_ : standard_;
    }
    std::sort(spans.begin(), spans.end(), [](const ZoneSpan& a, const ZoneSpan& b) { return a.begin < b.begin; });
    std::size_t now = 0;
    while (now + 1 < spans.size() && spans[now + 1].begin <= utc) ++now;
    spans[now].end = now + 1 < spans.size() ? spans[now + 1].begin : Utc::max();
    return spans[now];
}

Utc ZoneRule::utc(Utc wall) const {
    const auto [less, more] = std::minmax(standard_, changes_ ? summer_ : standard_);
    for (const seconds offset : {more, less})  // the larger one comes first on the wall clock
        if (at(wall - offset).offset == offset) return wall - offset;
    return at(wall - less).begin;
}

std::optional<ZoneRule> rule_of_zone_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes(most_file_bytes, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    // From version 2 on a file ends with its rule between two line feeds.
    if (!bytes.starts_with("TZif") || bytes.size() < 8 || bytes[4] < '2' || !bytes.ends_with('\n')) return std::nullopt;
    bytes.pop_back();
    const std::size_t begin = bytes.rfind('\n');
    return begin == std::string::npos ? std::nullopt : ZoneRule::parse(std::string_view(bytes).substr(begin + 1));
}

}  // namespace volt
