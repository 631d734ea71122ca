#include "tests/scenarios/story.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace volt::stories {

namespace {

constexpr std::size_t most_lines = 1000;
constexpr Duration longest = 31 * 24h;
constexpr std::int64_t day_s = 86400;

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> split(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

/// Removes the comment, which begins with `#` at the start of the line or after a space.
std::string without_comment(const std::string& line) {
    for (std::size_t i = 0; i < line.size(); ++i)
        if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
    return line;
}

bool all_digits(const std::string& text) {
    return !text.empty() && text.size() <= 12 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// Parses `HH:MM` or `HH:MM:SS` as the second of the day.
std::optional<std::int32_t> parse_clock(std::string text) {
    std::int32_t second = 0;
    int parts = 0;
    const std::int32_t limits[] = {24, 60, 60};
    while (!text.empty() && parts < 3) {
        const std::string part = cut(text, ':');
        if (part.size() != 2 || !all_digits(part)) return std::nullopt;
        const std::int32_t value = std::stoi(part);
        if (value >= limits[parts]) return std::nullopt;
        second = second * 60 + value;
        ++parts;
    }
    if (parts < 2 || !text.empty()) return std::nullopt;
    return parts == 2 ? second * 60 : second;
}

class Reader {
public:
    Reader(const std::string& file, std::istream& in) : in_(in) { story_.file = file; }

    Story read() {
        for (std::string line; std::getline(in_, line);) {
            if (++line_ > static_cast<int>(most_lines)) fail("a story has at most 1,000 lines");
            const std::string text = trimmed(without_comment(line));
            if (!text.empty()) take(text);
        }
        if (story_.steps.empty()) fail("a story needs at least one step: TIME [INPUT=VALUE ...] [| EXPECTED=VALUE ...]");
        if (story_.steps.back().expected.empty()) fail("the last step expects nothing: what was the story for?");
        return std::move(story_);
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw BadStory(story_.file, line_, what); }

    Word word(const std::string& text) const {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
            fail("'" + text + "' is not of the form NAME=VALUE");
        return {text.substr(0, equals), text.substr(equals + 1), false};
    }

    void take_setting(const std::vector<std::string>& words) {
        if (!story_.steps.empty()) fail("settings stand before the first step; within one write set.KEY=VALUE");
        if (words.size() != 3) fail("write: set KEY VALUE");
        story_.settings.push_back({line_, {words[1], words[2], false}});
    }

    Time time_of(const std::string& text) {
        if (text.front() == '+') {
            const auto later = parse_duration(text.substr(1));
            if (!later) fail("'" + text + "' is not a time: +90s, +5m, +1h30m, HH:MM or HH:MM:SS");
            if (story_.steps.empty()) fail("the first step needs a time of day: HH:MM or HH:MM:SS");
            if (*later <= 0s) fail("a step must be later than the one before");
            return story_.steps.back().at + *later;
        }
        const auto clock = parse_clock(text);
        if (!clock) fail("'" + text + "' is not a time: +90s, +5m, +1h30m, HH:MM or HH:MM:SS");
        if (story_.steps.empty()) {
            story_.begins_s = *clock;
            return 0s;
        }
        const Time before = story_.steps.back().at;
        const std::int64_t now = (story_.begins_s + before.count() / 1000) % day_s;
        const std::int64_t ahead = (*clock - now + day_s) % day_s;
        if (ahead == 0) fail("a step must be later than the one before");
        return before + std::chrono::seconds{ahead};
    }

    void take(const std::string& text) {
        std::vector<std::string> words = split(text);
        if (words.front() == "set") return take_setting(words);
        Step step;
        step.line = line_;
        step.text = text;
        step.at = time_of(words.front());
        bool expects = false;
        for (std::size_t i = 1; i < words.size(); ++i) {
            std::string one = words[i];
            if (one == "|") {
                if (expects) fail("one '|' divides a step: inputs before it, what is expected behind it");
                expects = true;
                continue;
            }
            const bool all = expects && one.rfind("all:", 0) == 0;
            if (all) one = one.substr(4);
            Word found = word(one);
            found.all = all;
            (expects ? step.expected : step.inputs).push_back(found);
        }
        if (expects && step.expected.empty()) fail("nothing is expected behind '|'");
        story_.steps.push_back(std::move(step));
    }

    std::istream& in_;
    Story story_;
    int line_ = 0;
};

}  // namespace

std::string cut(std::string& text, char mark) {
    const auto place = text.find(mark);
    const std::string head = text.substr(0, place);
    text = place == std::string::npos ? std::string{} : text.substr(place + 1);
    return head;
}

std::optional<Duration> parse_duration(const std::string& text) {
    Duration sum{};
    std::string number;
    Duration before = longest + 1s;  // units must be in descending order
    for (const char c : text) {
        if (std::isdigit(static_cast<unsigned char>(c))) {
            number += c;
            continue;
        }
        const Duration unit = c == 'h' ? Duration(1h) : c == 'm' ? Duration(1min) : c == 's' ? Duration(1s) : Duration(0s);
        if (unit == 0s || unit >= before || number.empty() || number.size() > 7) return std::nullopt;
        sum += unit * std::stoll(number);
        before = unit;
        number.clear();
    }
    if (text.empty() || !number.empty() || sum > longest) return std::nullopt;
    return sum;
}

std::optional<std::int64_t> parse_steps(const std::string& text, int digits) {
    std::string rest = text;
    const bool negative = !rest.empty() && rest.front() == '-';
    if (negative) rest.erase(0, 1);
    const bool point = rest.find('.') != std::string::npos;
    const std::string whole = cut(rest, '.');
    if (!all_digits(whole) || (point && !all_digits(rest)) || rest.size() > static_cast<std::size_t>(digits)) return std::nullopt;
    rest.resize(static_cast<std::size_t>(digits), '0');
    const std::int64_t steps = std::stoll(whole + rest);
    return negative ? -steps : steps;
}

Story read_story(const std::string& file, std::istream& in) { return Reader(file, in).read(); }

}  // namespace volt::stories
