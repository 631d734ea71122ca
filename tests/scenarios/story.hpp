// A story: a day on site as lines of text, one line per step. README.md describes the format.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt::stories {

/// Error in a line: file, line, the fault and its remedy.
struct BadStory : std::runtime_error {
    BadStory(const std::string& file, int line, const std::string& what)
        : std::runtime_error(file + ":" + std::to_string(line) + ": " + what) {}
};

/// A `key=value` of a step.
struct Word {
    std::string key, value;
    bool all = false;  ///< an expectation for every tick since the previous step
};

struct Step {
    int line = 0;
    std::string text;  ///< as written, without its comment
    Time at{};         ///< since the start of the story
    std::vector<Word> inputs, expected;
};

/// A `set KEY VALUE` before the first step.
struct Setting {
    int line = 0;
    Word word;
};

struct Story {
    std::string file;
    std::int32_t begins_s = 0;  ///< second of the local day of the first step
    std::vector<Setting> settings;
    std::vector<Step> steps;  ///< at least one, rising in time
};

/// Reads a whole story; `file` is for messages. Throws BadStory. At most 1,000 lines.
Story read_story(const std::string& file, std::istream& in);

/// Parses `90s`, `5m`, `1h30m` or `0s`. Returns empty for anything else. At most 31 days.
std::optional<Duration> parse_duration(const std::string& text);
/// Parses a decimal number as a count of steps, with `digits` after the point: ("52.3", 2) is 5230. Returns empty for anything
/// else, and for more digits than the unit has.
std::optional<std::int64_t> parse_steps(const std::string& text, int digits);
/// Returns the part before the first `mark`; `text` keeps the part after it.
std::string cut(std::string& text, char mark);

}  // namespace volt::stories
