// Rows of the settings tables with every column, as they are shown and edited. (`Settings` is what the rules need of them.)
#pragma once

#include <string>
#include <vector>

#include "drivers/store/settings/value.hpp"

namespace volt {

/// One row; values in the order of `fields_of(table)`.
struct Record {
    SettingsTable table = SettingsTable::preferences;
    std::vector<FieldValue> values;

    /// `field` must be a column of the table.
    const FieldValue& at(const std::string& field) const;
    FieldValue& at(const std::string& field);
    /// The value as text; empty for NULL.
    std::string text(const std::string& field) const;
    bool flag(const std::string& field) const;
    std::string id() const { return text("id"); }
    /// Slug; `preferences` for these.
    std::string slug() const;
    /// The name a person gave; `preferences` for these.
    std::string name() const;
    bool operator==(const Record&) const = default;
};

/// An empty row: every value NULL.
Record make_record(SettingsTable table);

/// All rows of the three tables; the site's preferences first, miners in order, as the daemon reads them.
struct SettingsState {
    std::vector<Record> preferences, zones, miners;

    std::vector<Record>& rows(SettingsTable table);
    const std::vector<Record>& rows(SettingsTable table) const;
};

const Record* find_id(const std::vector<Record>& rows, const std::string& id);

/// Reads all; the caller holds the transaction.
SqlStatus read_state(Connection& db, SettingsState& into);

/// Writes a row, columns that are NULL and have a default left out; an existing one only in the columns that differ.
SqlStatus insert_record(Connection& db, const Record& record);
SqlStatus update_record(Connection& db, const Record& before, const Record& after);
SqlStatus delete_record(Connection& db, const Record& record);

}  // namespace volt
