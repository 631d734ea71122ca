#include "drivers/mqtt/payload.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <regex>

namespace volt {
namespace {

using nlohmann::json;

/// Counts the depth before parsing, so that a payload of brackets costs nothing.
bool too_deep(const std::string& text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > most_json_depth) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

/// Returns entry `0`, `1` … of a list. most_json_depth bounds the recursion of find().
const json* entry(const json& list, std::string_view number) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (error != std::errc{} || end != number.data() + number.size() || index >= list.size()) return nullptr;
    return &list[index];
}

const json* find(const json& object, std::string_view path) {
    if (object.is_array()) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        const json* one = entry(object, path.substr(0, dot));
        return one == nullptr || dot == path.size() ? one : find(*one, path.substr(dot + 1));
    }
    if (!object.is_object()) return nullptr;
    if (const auto whole = object.find(std::string(path)); whole != object.end()) return &*whole;
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return nullptr;
    const auto first = object.find(std::string(path.substr(0, dot)));
    return first == object.end() ? nullptr : find(*first, path.substr(dot + 1));
}

/// Replaces NaN and infinity by null. JSON has neither, but some firmware writes them: only that field is lost.
std::string without_nan(const std::string& text) {
    std::string result;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') in_string = !in_string;
        if (in_string && c == '\\' && i + 1 < text.size()) {
            result.append(text, i++, 2);
            continue;
        }
        std::size_t length = 0;
        for (const char* word : {"-infinity", "infinity", "-inf", "inf", "-nan", "nan"})
            if (length == 0 && !in_string && same_text(std::string_view(text).substr(i, std::strlen(word)), word))
                length = std::strlen(word);
        if (length == 0) {
            result += c;
            continue;
        }
        result += "null";
        i += length - 1;
    }
    return result;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<json> parse_object(const std::string& payload, std::size_t most) {
    if (payload.size() > most || too_deep(payload)) return std::nullopt;
    json parsed = json::parse(payload, nullptr, false);
    if (parsed.is_discarded()) parsed = json::parse(without_nan(payload), nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    return parsed;
}

const json* member(const json& object, const std::string& key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::optional<double> number_in(const json* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return number_of(value->get_ref<const std::string&>());
    if (!value->is_number()) return std::nullopt;
    const auto number = value->get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<Watts> watts_in(const json* value) {
    const auto number = number_in(value);
    return number ? watts_of(*number) : std::nullopt;
}

std::optional<Watts> power_of(std::string_view text, int unit_w) {
    const auto number = number_of(text);
    return number ? watts_of(*number * unit_w) : std::nullopt;
}

std::optional<std::int64_t> watt_hours(std::optional<double> amount, double wh) {
    if (!amount || !(*amount >= 0) || *amount * wh > 1e12) return std::nullopt;
    return rounded(*amount * wh);
}

std::string printable(std::string_view text) {
    std::string result(text.substr(0, 80));
    for (char& c : result) {
        if (c < ' ' || c > '~') c = '?';
    }
    return result;
}

std::optional<std::string> field_text(const std::string& payload, const std::string& field) {
    if (field.empty()) {
        const std::string_view text = trimmed(payload);
        if (text.size() > most_payload_bytes || !is_utf8(text)) return std::nullopt;
        return std::string(text);
    }
    const auto object = parse_object(payload);
    const json* value = object ? find(*object, field) : nullptr;
    if (value == nullptr || value->is_structured()) return std::nullopt;
    return value->is_string() ? value->get<std::string>() : value->dump();
}

std::optional<double> number_of(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
    return number;
}

std::int64_t rounded(double number) { return static_cast<std::int64_t>(number < 0 ? number - 0.5 : number + 0.5); }

std::optional<Watts> watts_of(double watts) {
    if (!std::isfinite(watts) || watts < -1e6 || watts > 1e6) return std::nullopt;
    return Watts{rounded(watts)};
}

std::optional<Utc> utc_of(const std::string& iso) {
    using namespace std::chrono;
    static const std::regex form(R"((\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d)))");
    std::smatch part;
    if (iso.size() > 40 || !std::regex_match(iso, part, form)) return std::nullopt;
    const auto whole = [&part](std::size_t i) { return part[i].matched ? std::stoi(part[i].str()) : 0; };
    const year_month_day date{year{whole(1)}, month{static_cast<unsigned>(whole(2))}, day{static_cast<unsigned>(whole(3))}};
    if (!date.ok() || whole(4) > 23 || whole(5) > 59 || whole(6) > 60 || whole(9) > 23 || whole(10) > 59) return std::nullopt;
    const milliseconds fraction{part[7].matched ? std::stoi((part[7].str() + "00").substr(0, 3)) : 0};
    const auto offset = hours{whole(9)} + minutes{whole(10)};
    const Utc local =
        sys_days{date}.time_since_epoch() + hours{whole(4)} + minutes{whole(5)} + std::chrono::seconds{whole(6)} + fraction;
    return part[8].str() == "-" ? local + offset : local - offset;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_utf8(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) quoted += c;
    }
    return json::accept(quoted + "\"");
}

}  // namespace volt
