#include "daemon/ctl/views/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "daemon/explain/phrase.hpp"
#include "drivers/hidden.hpp"
#include "drivers/iso_time.hpp"

namespace volt::ctl {

namespace {

const char* code_of(Colour colour) {
    switch (colour) {
        case Colour::plain: return "";
        case Colour::bold: return "\033[1m";
        case Colour::dim: return "\033[2m";
        case Colour::green: return "\033[32m";
        case Colour::yellow: return "\033[33m";
        case Colour::red: return "\033[1;31m";
        case Colour::cyan: return "\033[36m";
    }
    return "";
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// Removes control and invisible characters of names, which must not reach the terminal.
std::string harmless(const std::string& text) { return without_hidden(text, ' '); }

}  // namespace

std::string Paint::operator()(Colour colour, const std::string& text) const {
    return on && colour != Colour::plain ? code_of(colour) + text + "\033[0m" : text;
}

std::size_t width_of(const std::string& text) {
    std::size_t width = 0;
    bool escape = false;
    for (const char byte : text) {
        if (byte == '\033') escape = true;
        else if (escape) escape = byte != 'm';
        else if (begins_character(byte)) ++width;
    }
    return width;
}

std::string clipped(const std::string& text, std::size_t width) {
    if (width_of(text) <= width) return text;
    std::string cut;
    std::size_t taken = 0;
    bool escape = false, coloured = false;
    for (const char byte : text) {
        if (byte == '\033') escape = coloured = true;
        if (!escape && begins_character(byte) && ++taken >= width) break;
        if (escape && byte == 'm') escape = false;
        cut += byte;
    }
    return width == 0 ? "" : cut + "…" + (coloured ? "\033[0m" : "");
}

std::string padded(const std::string& text, std::size_t width) {
    const std::string fitting = clipped(text, width);
    return fitting + std::string(width - width_of(fitting), ' ');
}

/// Returns the end of the word at `from`. A number keeps its unit: "35.0 °C".
static std::size_t word_end(const std::string& text, std::size_t from) {
    constexpr std::size_t longest_unit = 3;
    std::size_t end = std::min(text.find(' ', from), text.size());
    if (end < text.size() && end > from && text[end - 1] >= '0' && text[end - 1] <= '9') {
        const std::size_t unit = std::min(text.find(' ', end + 1), text.size());
        if (width_of(text.substr(end + 1, unit - end - 1)) <= longest_unit) end = unit;
    }
    return end;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    std::vector<std::string> lines{""};
    const std::size_t least = text.find_first_not_of(' ') == std::string::npos ? 0 : text.find_first_not_of(' ');
    std::size_t at = least;
    lines.back() = text.substr(0, least);
    while (at < text.size()) {
        const std::size_t end = word_end(text, at);
        const std::string word = text.substr(at, end - at);
        const bool begins = lines.back().find_first_not_of(' ') == std::string::npos;
        if (!begins && width_of(lines.back()) + 1 + width_of(word) > width) lines.push_back(std::string(indent, ' ') + word);
        else lines.back() += (begins ? "" : " ") + word;
        at = end + 1;
    }
    return lines;
}

std::string spread(const std::string& text, const std::string& more, std::size_t width) {
    const std::size_t used = width_of(text) + width_of(more);
    return text + std::string(used + 1 < width ? width - used : 1, ' ') + more;
}

std::vector<std::string> flowed(const std::vector<std::string>& items, std::size_t width) {
    std::vector<std::string> lines;
    for (const std::string& item : items) {
        const bool fits = !lines.empty() && width_of(lines.back()) + 3 + width_of(item) <= width;
        if (fits) lines.back() += "   " + item;
        else lines.push_back("  " + item);
    }
    return lines;
}

std::string word(const Json& object, const char* key) {
    const auto found = object.find(key);
    return object.is_object() && found != object.end() && found->is_string() ? harmless(found->get<std::string>()) : "";
}

std::optional<double> number(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (!object.is_object() || found == object.end() || !found->is_number()) return std::nullopt;
    return found->get<double>();
}

bool flag(const Json& object, const char* key) {
    const auto found = object.find(key);
    return object.is_object() && found != object.end() && found->is_boolean() && found->get<bool>();
}

const Json& part(const Json& object, std::string_view key) {
    static const Json nothing = Json::object();
    const auto found = object.find(key);
    return object.is_object() && found != object.end() ? *found : nothing;
}

std::string volts(const std::optional<double>& value) { return value ? fmt::format("{:.2f} V", *value) : "-"; }
std::string watts(const std::optional<double>& value) { return value ? phrase(Watts{std::llround(*value)}) : "-"; }
std::string degrees(const std::optional<double>& value, bool fahrenheit) {
    if (value && fahrenheit) return fmt::format("{:.1f} °F", *value * 1.8 + 32);
    return value ? fmt::format("{:.1f} °C", *value) : "-";
}

std::optional<std::int64_t> seconds_of(const std::string& iso) {
    int year = 0, hour = 0, minute = 0, second = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(iso.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return days * 86400 + hour * 3600 + minute * 60 + second;
}

std::string site_moment(const std::string& iso, const Json& status) {
    const auto at = seconds_of(iso), now = seconds_of(word(status, "at")), local = seconds_of(word(status, "local"));
    if (!at || !now || !local) return iso;
    const std::int64_t moment = *at + *local - *now;
    const bool today = moment / 86'400 == *local / 86'400;
    return (today ? "" : iso_date(moment) + " ") + clock_time(moment);
}

std::string span_of(const std::string& from, const std::string& to) {
    const auto begin = seconds_of(from), end = seconds_of(to);
    return begin && end ? phrase(std::chrono::seconds(*end - *begin)) : "";
}

}  // namespace volt::ctl
