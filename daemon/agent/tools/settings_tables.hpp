// Tables of settings by the names that tools use.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/agent/proposals/request.hpp"
#include "drivers/store/settings/fields.hpp"

namespace volt::agent {

struct TableWord {
    const char* word;
    SettingsTable table;
    const char* path;  ///< of the API
};
inline constexpr TableWord table_names[] = {{"preferences", SettingsTable::preferences, preferences_path},
                                            {"miners", SettingsTable::miners, miners_path},
                                            {"zones", SettingsTable::zones, zones_path}};
inline const std::vector<const char*> table_words = {"preferences", "miners", "zones"};

/// Returns the table. The word is one of table_words, because the inputs are checked.
inline const TableWord& table_named(const std::string& word) {
    return *std::find_if(std::begin(table_names), std::end(table_names), [&](const TableWord& it) { return word == it.word; });
}

}  // namespace volt::agent
