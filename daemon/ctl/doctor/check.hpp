// Check: one result of `voltctl doctor`. A group is a table of small pure functions over its facts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace volt::ctl::doctor {

enum class Outcome : std::uint8_t { ok, warn, fail, skipped };
/// Returns `ok`, `warn`, `fail` or `skipped`.
const char* name_of(Outcome outcome);

/// Result of one function of a table.
struct Opinion {
    Outcome outcome = Outcome::ok;
    std::string text;      ///< one sentence with numbers
    std::string remedy{};  ///< command or action for the owner, or empty if none
};

inline Opinion ok(std::string text) { return {Outcome::ok, std::move(text)}; }
inline Opinion warn(std::string text, std::string remedy) { return {Outcome::warn, std::move(text), std::move(remedy)}; }
inline Opinion fail(std::string text, std::string remedy) { return {Outcome::fail, std::move(text), std::move(remedy)}; }
inline Opinion skipped(std::string text, std::string remedy = {}) {
    return {Outcome::skipped, std::move(text), std::move(remedy)};
}

struct Check {
    std::string id;  ///< `gx.reach`; for one of several things `outputs.primary-s21.lease`. Stable
    Opinion opinion;
    std::int64_t ms = 0;  ///< time to gather the facts of its group
};

/// Row of a group's table.
template <class Facts>
struct CheckRow {
    const char* name;
    Opinion (*judge)(const Facts&);
};

/// Runs every row of the table, as `<prefix>.<name>`.
template <class Facts, std::size_t count>
std::vector<Check> judged(const std::string& prefix, const CheckRow<Facts> (&table)[count], const Facts& facts) {
    std::vector<Check> checks;
    for (const CheckRow<Facts>& row : table) checks.push_back({prefix + "." + row.name, row.judge(facts)});
    return checks;
}

/// Returns the names of a table, for the manual.
template <class Facts, std::size_t count>
std::vector<std::string> names_in(const CheckRow<Facts> (&table)[count]) {
    std::vector<std::string> names;
    for (const CheckRow<Facts>& row : table) names.emplace_back(row.name);
    return names;
}

}  // namespace volt::ctl::doctor
