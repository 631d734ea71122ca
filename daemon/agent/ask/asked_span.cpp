#include "daemon/agent/ask/asked_span.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "daemon/agent/ask/question_words.hpp"
#include "drivers/iso_time.hpp"

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;

constexpr std::int64_t day_s = 86'400;
/// 1970-01-01 was a Thursday.
constexpr std::int64_t first_weekday = 3, week_days = 7;
constexpr const char* weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
/// Words for numbers by their value, from 0.
constexpr const char* number_words[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
/// Length of a month in days.
constexpr int month_days = 30;

/// Named time of the day, from and to.
struct DayPart {
    const char *name, *from, *to;
};
constexpr DayPart day_parts[] = {
    {"morning", "T05:00", "T12:00"}, {"afternoon", "T12:00", "T18:00"}, {"evening", "T17:00", "T23:59"}};
constexpr const char *midnight_time = "T00:00", *noon_time = "T12:00", *night_begins = "T18:00", *night_ends = "T08:00";

bool all_digits(const std::string& word) {
    return !word.empty() && word.size() <= 4 &&
           std::all_of(word.begin(), word.end(), [](unsigned char byte) { return std::isdigit(byte) != 0; });
}

/// Returns the date `days` later, or an empty string if it is not a date.
std::string date_after(const std::string& date, std::int64_t days) {
    const auto at = parse_iso_utc(date + "T00:00:00Z");
    return at ? iso_time(*at + days * day_s).substr(0, date.size()) : "";
}

/// Returns the date of the last such day before today, or an empty string if it is not a day of the week.
std::string date_of_weekday(const std::string& name, const std::string& today) {
    const auto found = std::find(std::begin(weekdays), std::end(weekdays), name);
    const auto at = parse_iso_utc(today + "T00:00:00Z");
    if (found == std::end(weekdays) || !at) return "";
    const std::int64_t now = (*at / day_s + first_weekday) % week_days, then = found - std::begin(weekdays);
    const std::int64_t back = (now - then + week_days) % week_days;
    return date_after(today, -(back == 0 ? week_days : back));
}

/// Returns the last or current weekend, from Saturday to the end of Sunday.
AskedSpan weekend_span(const std::string& today) {
    const std::string now = date_after(today, 1), saturday = date_of_weekday("saturday", now), end = date_after(saturday, 2);
    return {saturday + midnight_time, end > today ? "" : end + midnight_time, "", !saturday.empty()};
}

/// Reader of a question's words in order, from a given one.
class Reader {
public:
    Reader(const Words& words, std::size_t at) : words_(&words), at_(at) {}

    const std::string& word() const {
        static const std::string none;
        return at_ < words_->size() ? (*words_)[at_] : none;
    }
    std::size_t at() const { return at_; }
    bool take(std::initializer_list<const char*> any) {
        const bool found = std::any_of(any.begin(), any.end(), [&](const char* it) { return word() == it; });
        at_ += found ? 1 : 0;
        return found;
    }
    void step() { ++at_; }
    Reader tried() const { return *this; }

private:
    const Words* words_;
    std::size_t at_;
};

/// Returns `m`, `h`, `d` or `w` for the unit of a time span, or 0. `of_one`: how many of it the word means.
char span_letter(const std::string& word, int& of_one) {
    const std::pair<const char*, char> letters[] = {{"minute", 'm'}, {"min", 'm'}, {"hour", 'h'}, {"hr", 'h'},
                                                    {"h", 'h'},      {"day", 'd'}, {"week", 'w'}, {"month", 'd'}};
    of_one = word.starts_with("month") ? month_days : 1;
    for (const auto& [name, letter] : letters)
        if (word == name || word == std::string(name) + "s") return letter;
    return 0;
}

/// Reads a number in digits, as a word, or as `a couple of`, and consumes its words.
std::optional<int> take_number(Reader& in) {
    if (all_digits(in.word())) {
        const int read = std::stoi(in.word());
        in.step();
        return read;
    }
    const auto named = std::find(std::begin(number_words), std::end(number_words), in.word());
    if (named != std::end(number_words)) {
        in.step();
        return static_cast<int>(named - std::begin(number_words));
    }
    Reader ahead = in.tried();
    ahead.take({"a"});
    const int vague = ahead.word() == "couple" ? 2 : ahead.word() == "few" ? 3 : 0;
    if (vague == 0) return std::nullopt;
    ahead.step();
    ahead.take({"of"});
    in = ahead;
    return vague;
}

/// Reads `3 days`, `three days`, `72h`, `half hour` or `week` as `3d`, or returns an empty string. With `one_each`, a unit alone
/// means one of it.
std::string take_length(Reader& in, bool one_each) {
    int of_one = 1;
    const std::string joined = in.word();
    const std::size_t figures = std::min(joined.find_first_not_of("0123456789"), joined.size());
    if (figures > 0 && figures < joined.size() && figures <= 4) {
        const char letter = joined.size() == figures + 1 && joined.back() != 'm' && joined.find_first_of("hdw") == figures
                                ? joined.back()
                                : span_letter(joined.substr(figures), of_one);
        if (letter == '\0') return "";
        in.step();
        return std::to_string(std::stoi(joined.substr(0, figures)) * of_one) + letter;
    }
    Reader ahead = in.tried();
    if (ahead.take({"half"})) {
        ahead.take({"a", "an"});
        const bool day = ahead.word() == "day";
        if (!ahead.take({"hour", "day"})) return "";
        in = ahead;
        return day ? "12h" : "30m";
    }
    const auto count = take_number(ahead);
    if (!count && !one_each) return "";
    const char letter = span_letter(ahead.word(), of_one);
    if (letter == '\0' || count == 0) return "";
    ahead.step();
    in = ahead;
    return std::to_string(count.value_or(1) * of_one) + letter;
}

/// Reads `6`, `30`, `pm`, `6pm`, `six` or `noon` as `T06:30`, or returns an empty string if it is not a time of day.
std::string take_time(Reader& in) {
    if (in.take({"midnight"})) return midnight_time;
    if (in.take({"noon", "midday", "lunch", "lunchtime"})) return noon_time;
    Reader ahead = in.tried();
    std::string half;
    const std::string joined = ahead.word();
    int hour = 0;
    if (joined.size() > 2 && joined.size() <= 4 && (joined.ends_with("am") || joined.ends_with("pm")) &&
        all_digits(joined.substr(0, joined.size() - 2))) {
        hour = std::stoi(joined);
        half = joined.substr(joined.size() - 2);
        ahead.step();
    } else {
        if (joined == "a" || joined == "few" || joined == "couple" || (all_digits(joined) && joined.size() > 2)) return "";
        const auto number = take_number(ahead);
        if (!number) return "";
        hour = *number;
    }
    std::string minutes = "00";
    if (half.empty() && all_digits(ahead.word()) && ahead.word().size() == 2) minutes = ahead.word(), ahead.step();
    ahead.take({"o"}), ahead.take({"clock", "oclock"});
    if (half.empty() && (ahead.word() == "pm" || ahead.word() == "am")) half = ahead.word(), ahead.step();
    int of_one = 1;
    if (hour > 23 || minutes > "59" || span_letter(ahead.word(), of_one) != '\0') return "";
    if (!half.empty()) hour = hour % 12 + (half == "pm" ? 12 : 0);
    in = ahead;
    return std::string(hour < 10 ? "T0" : "T") + std::to_string(hour) + ":" + minutes;
}

/// Reads the part of the day that the next word names.
const DayPart* take_part(Reader& in) {
    for (const DayPart& part : day_parts)
        if (in.take({part.name})) return &part;
    return nullptr;
}

/// Reads `since …`: a time of day, a day, a part of it, or a duration.
AskedSpan since_span(Reader& in, const std::string& today) {
    const std::string yesterday = date_after(today, -1);
    Reader ahead = in.tried();
    if (const std::string length = take_length(ahead, false); !length.empty()) {
        ahead.take({"ago"});
        in = ahead;
        return {"", "", length, true};
    }
    if (std::string time = take_time(in); !time.empty()) {
        if (in.take({"yesterday"})) return {yesterday + time, "", "", true};
        if (in.take({"this"}) || in.take({"in"})) in.take({"the"});
        const DayPart* part = take_part(in);
        // handles `since six this evening`
        if (part != nullptr && part->name != day_parts[0].name && time < noon_time)
            time = std::string("T") + std::to_string(std::stoi(time.substr(1)) + 12) + time.substr(3);
        return {today + time, "", "", true};
    }
    if (in.take({"yesterday"})) {
        const DayPart* part = take_part(in);
        in.take({"at"});
        const std::string time = part == nullptr ? take_time(in) : part->from;
        return {yesterday + (time.empty() ? midnight_time : time), "", "", true};
    }
    if (in.take({"today"})) return {today + midnight_time, "", "", true};
    if (const std::string day = date_of_weekday(in.word(), today); !day.empty()) {
        in.step();
        return {day + midnight_time, "", "", true};
    }
    ahead = in.tried();
    const bool last = ahead.take({"last"});
    if (!last) ahead.take({"this"});
    if (last && ahead.take({"night", "evening"})) return in = ahead, AskedSpan{yesterday + night_begins, "", "", true};
    if (last && ahead.take({"week"})) return in = ahead, AskedSpan{"", "", "7d", true};
    const DayPart* part = last ? nullptr : take_part(ahead);
    return part == nullptr ? AskedSpan{} : (in = ahead, AskedSpan{today + part->from, "", "", true});
}

/// Reads `last …`, `past …`: a night, a week, a number of days.
AskedSpan last_span(Reader& in, const std::string& today) {
    const std::string yesterday = date_after(today, -1);
    if (in.take({"night"})) return {yesterday + night_begins, today + night_ends, "", true};
    if (in.take({"evening"})) return {yesterday + day_parts[2].from, yesterday + day_parts[2].to, "", true};
    if (in.take({"weekend"})) return weekend_span(today);
    const std::string length = take_length(in, true);
    return length.empty() ? AskedSpan{} : AskedSpan{"", "", length, true};
}

/// Reads the time span that begins with the next word, or returns an unnamed one. `past`: the question is about the past, so the
/// night is the last one.
AskedSpan next_span(Reader& in, const std::string& today, bool past) {
    const std::string yesterday = date_after(today, -1);
    if (in.take({"today"})) return {today + midnight_time, "", "", true};
    if (in.take({"yesterday"})) {
        if (const DayPart* part = take_part(in)) return {yesterday + part->from, yesterday + part->to, "", true};
        return {yesterday + midnight_time, today + midnight_time, "", true};
    }
    if (in.take({"overnight"})) return {yesterday + night_begins, today + night_ends, "", true};
    if (in.take({"since"})) return since_span(in, today);
    if (in.take({"while"})) {
        const bool asleep =
            in.take({"i", "we"}) && (in.take({"slept"}) || (in.take({"was", "were"}) && in.take({"asleep", "sleeping"})));
        return asleep ? AskedSpan{yesterday + night_begins, today + night_ends, "", true} : AskedSpan{};
    }
    if (in.take({"between"})) {
        const std::string from = take_time(in), to = in.take({"and"}) ? take_time(in) : "";
        return {today + from, today + to, "", !from.empty() && from < to};
    }
    if (in.take({"all"})) {
        if (in.take({"day"})) return {today + midnight_time, "", "", true};
        if (in.take({"weekend"})) return weekend_span(today);
        if (const DayPart* part = take_part(in)) return {today + part->from, today + part->to, "", true};
        return in.take({"week"}) ? AskedSpan{"", "", "7d", true} : AskedSpan{};
    }
    if (in.take({"this"})) {
        if (in.take({"week"})) return {"", "", "7d", true};
        if (in.take({"weekend"})) return weekend_span(today);
        if (in.take({"month"})) return {"", "", std::to_string(month_days) + "d", true};
        const DayPart* part = take_part(in);
        return part == nullptr ? AskedSpan{} : AskedSpan{today + part->from, today + part->to, "", true};
    }
    if (in.take({"last", "past", "previous", "these"})) return last_span(in, today);
    if (!in.take({"for", "over", "during", "through", "on", "at"})) return {};
    const bool named = in.take({"the"});
    if (named && in.take({"weekend"})) return weekend_span(today);
    if (past && in.take({"night"})) return {yesterday + night_begins, today + night_ends, "", true};
    const std::string length = take_length(in, false);
    return length.empty() ? AskedSpan{} : AskedSpan{"", "", length, true};
}

}  // namespace

AskedSpan take_span(Words& words, const std::string& today) {
    const bool past = asks_about_past(words);
    for (std::size_t at = 0; at < words.size(); ++at) {
        Reader in(words, at);
        const AskedSpan span = next_span(in, today, past);
        if (!span.named) continue;
        const auto begin = words.begin() + static_cast<std::ptrdiff_t>(at);
        words.insert(words.erase(begin, words.begin() + static_cast<std::ptrdiff_t>(in.at())), span_mark);
        return span;
    }
    return {};
}

}  // namespace volt::agent
