// Units that a text may name. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::agent {

enum class UnitKind : std::uint8_t {
    voltage,
    current,
    power,
    energy,
    charge,
    share,
    temperature,
    warmth,
    time,
    resistance,
    frequency,
    hashrate,
    speed
};

/// Unit: `factor` times the kind's base unit, after subtracting `offset`.
struct NumberUnit {
    const char* name;
    UnitKind kind;
    double factor, offset = 0;
};

/// Returns all units.
const std::vector<NumberUnit>& known_units();
/// Returns the unit at `at`, after blanks or a dash; `end` is after it.
const NumberUnit* unit_at(const std::string& text, std::size_t at, std::size_t& end);
/// Returns true if a word continues here: with a letter, but not with a dash, a quote or another mark outside ASCII.
bool is_word_at(const std::string& text, std::size_t at);
char lower_letter(char byte);
/// Returns the position after the few blanks that may be between a number and its unit.
std::size_t behind_blanks(const std::string& text, std::size_t at);

}  // namespace volt::agent
