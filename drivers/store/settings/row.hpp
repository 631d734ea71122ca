// One row of a settings table, read without trust: each column checked for type, range and whole steps.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/store/settings/fields.hpp"
#include "drivers/store/settings/rules.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// A column that cannot be used gives its `fallback` and is added to the problems.
class SettingsRow {
public:
    explicit SettingsRow(const Statement& row) : row_(row) {}

    std::int64_t steps(const char* name, Bounds bounds, std::int64_t fallback);
    /// NULL gives nothing.
    std::optional<std::int64_t> steps_or_null(const char* name, Bounds bounds);
    bool flag(const char* name, bool fallback);
    double real(const char* name, double low, double high, double fallback);
    /// Text of at least `least` and at most 64 characters; NULL gives an empty one where `least` is 0.
    std::string text(const char* name, std::size_t least);
    /// `HH:MM` as a second of the day.
    std::int32_t second_of_day(const char* name);
    template <class Enum>
    Enum word(const char* name, const std::vector<std::pair<const char*, Enum>>& words, Enum fallback) {
        const std::string found = raw(name);
        std::string need;
        for (const auto& [text, value] : words) {
            if (found == text) return value;
            need += (need.empty() ? "" : ", ") + std::string(text);
        }
        add(name, found, need);
        return fallback;
    }

    void add(std::string field, std::string value, std::string need);
    void add(std::vector<SettingProblem> more);
    const std::vector<SettingProblem>& problems() const { return problems_; }
    /// The column as text, `NULL` where it is that, `(missing)` where it is not there.
    std::string raw(const char* name) const;

private:
    const Statement& row_;
    std::vector<SettingProblem> problems_;
};

}  // namespace volt
