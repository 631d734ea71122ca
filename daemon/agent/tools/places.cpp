#include "daemon/agent/tools/places.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace volt::agent {

namespace {

constexpr const char* no_place = "[place]";
constexpr std::string_view degree_sign = "\xC2\xB0", prime = "\xE2\x80\xB2", double_prime = "\xE2\x80\xB3";
constexpr std::size_t most_between = 4;  ///< bytes between the two numbers of a pair
constexpr int many_decimals = 3;
constexpr std::array<std::string_view, 6> coordinate_words = {"lat", "latitude", "lon", "lng", "longitude", "geo"};

bool is_digit_of_place(char byte) { return std::isdigit(static_cast<unsigned char>(byte)) != 0; }
bool is_letter_of_place(char byte) { return std::isalpha(static_cast<unsigned char>(byte)) != 0; }

/// Number in a text and its marks.
struct FoundNumber {
    std::size_t from = 0, to = 0;  ///< including its marks
    int decimals = 0;
    double value = 0;
    char side = 0;         ///< N, S, E, W
    bool degrees = false;  ///< a degree sign follows
    bool worded = false;   ///< `lat` or a similar word comes before it
};

std::size_t skip_spaces(const std::string& text, std::size_t at, std::size_t most) {
    for (std::size_t i = 0; i < most && at < text.size() && text[at] == ' '; ++i) ++at;
    return at;
}

bool has_at(const std::string& text, std::size_t at, std::string_view part) { return text.compare(at, part.size(), part) == 0; }

/// Returns a letter N, S, E or W at `at` that is not part of a word, else 0.
char side_at(const std::string& text, std::size_t at) {
    if (at >= text.size() || std::string_view("NSEW").find(text[at]) == std::string_view::npos) return 0;
    return at + 1 < text.size() && (is_letter_of_place(text[at + 1]) || is_digit_of_place(text[at + 1])) ? char{0} : text[at];
}

/// Returns the position after minutes and seconds that follow a degree sign.
std::size_t behind_minutes(const std::string& text, std::size_t at) {
    for (int part = 0; part < 2; ++part) {
        const std::size_t begin = skip_spaces(text, at, 1);
        std::size_t end = begin;
        while (end < text.size() && (is_digit_of_place(text[end]) || text[end] == '.')) ++end;
        if (end == begin || end >= text.size()) return at;
        if (text[end] == '\'' || text[end] == '"') at = end + 1;
        else if (has_at(text, end, prime) || has_at(text, end, double_prime)) at = end + prime.size();
        else return at;
    }
    return at;
}

/// Returns the word before `at` in lower case, if only blanks, quotes, `=` and `:` are between.
std::string word_before(const std::string& text, std::size_t at) {
    while (at > 0 && std::string_view(" =:\"'").find(text[at - 1]) != std::string_view::npos) --at;
    std::size_t from = at;
    while (from > 0 && is_letter_of_place(text[from - 1])) --from;
    std::string word = text.substr(from, at - from);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    return word;
}

FoundNumber place_number_at(const std::string& text, std::size_t at) {
    FoundNumber found{.from = at};
    if (at > 0 && (text[at - 1] == '-' || text[at - 1] == '+')) --found.from;
    std::size_t end = at;
    while (end < text.size() && is_digit_of_place(text[end])) ++end;
    if (end + 1 < text.size() && text[end] == '.' && is_digit_of_place(text[end + 1]))
        for (++end; end < text.size() && is_digit_of_place(text[end]); ++end) ++found.decimals;
    found.value = std::strtod(text.substr(at, std::min<std::size_t>(end - at, 20)).c_str(), nullptr);
    found.to = end;
    const std::string word = word_before(text, found.from);
    found.worded = std::find(coordinate_words.begin(), coordinate_words.end(), word) != coordinate_words.end();
    // handles `N52.5200`
    if (found.from > 0 && found.decimals >= many_decimals &&
        std::string_view("NSEW").find(text[found.from - 1]) != std::string_view::npos &&
        (found.from == 1 || !is_letter_of_place(text[found.from - 2])))
        found.side = text[--found.from];
    const std::size_t mark = skip_spaces(text, end, 1);
    found.degrees = has_at(text, mark, degree_sign);
    // A temperature has a degree sign, too.
    const std::size_t unit = mark + degree_sign.size();
    const bool temperature = found.degrees && unit < text.size() && (text[unit] == 'C' || text[unit] == 'F');
    if (temperature) found.degrees = false;
    if (found.degrees) found.to = behind_minutes(text, unit);
    const std::size_t letter = skip_spaces(text, found.to, 1);
    if (const char side = temperature ? char{0} : side_at(text, letter)) found.side = side, found.to = letter + 1;
    return found;
}

std::vector<FoundNumber> place_numbers_in(const std::string& text) {
    std::vector<FoundNumber> all;
    for (std::size_t at = 0; at < text.size();) {
        const bool inside = at > 0 && (is_digit_of_place(text[at - 1]) || text[at - 1] == '.');
        if (!is_digit_of_place(text[at]) || inside) {
            ++at;
            continue;
        }
        all.push_back(place_number_at(text, at));
        at = std::max(all.back().to, at + 1);
    }
    return all;
}

bool are_beside(const std::string& text, const FoundNumber& first, const FoundNumber& second) {
    return second.from >= first.to && second.from - first.to <= most_between &&
           text.substr(first.to, second.from - first.to).find_first_not_of(" ,;/->") == std::string::npos;
}

bool is_of_earth(const FoundNumber& it) { return it.value <= 180; }

}  // namespace

void hide_places(Json& value) {
    if (value.is_string()) value = without_places(value.get_ref<const std::string&>());
    if (value.is_structured())
        for (Json& inner : value) hide_places(inner);
}

std::string without_places(const std::string& text) {
    const std::vector<FoundNumber> numbers = place_numbers_in(text);
    std::vector<bool> places(numbers.size(), false);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const FoundNumber& it = numbers[i];
        if (!is_of_earth(it)) continue;
        const bool north = it.side == 'N' || it.side == 'S';
        // `40.5 W` is a power. A longitude has another mark, too, or follows a latitude.
        if (it.worded ||
            (it.side != 0 && (it.degrees || (north && it.decimals >= 2) || (it.decimals >= many_decimals && it.side != 'W'))))
            places[i] = true;
        if (i == 0 || !are_beside(text, numbers[i - 1], it) || !is_of_earth(numbers[i - 1])) continue;
        const bool fine = it.decimals >= many_decimals && numbers[i - 1].decimals >= many_decimals;
        if (fine) places[i - 1] = true;
        // The longitude after a latitude, and the new value of a change.
        const bool changed = text.find("->", numbers[i - 1].to) < it.from;
        if (fine || (places[i - 1] && (changed || it.decimals >= 2))) places[i] = true;
    }
    std::string kept;
    std::size_t done = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!places[i]) continue;
        const bool joined = i > 0 && places[i - 1] && are_beside(text, numbers[i - 1], numbers[i]);
        if (!joined) kept += text.substr(done, numbers[i].from - done) + no_place;
        done = numbers[i].to;
    }
    return kept + text.substr(done);
}

}  // namespace volt::agent
