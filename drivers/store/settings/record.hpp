// Rows of the settings tables with every column, for display and editing. (`Settings` has only the columns that the rules need.)
#pragma once

#include <string>
#include <vector>

#include "drivers/store/settings/value.hpp"

namespace volt {

/// A row with its values in the order of `fields_of(table)`.
struct Record {
    SettingsTable table = SettingsTable::preferences;
    std::vector<FieldValue> values;

    /// Return the value of `field`, which must be a column of the table.
    const FieldValue& at(const std::string& field) const;
    FieldValue& at(const std::string& field);
    /// Returns the value as text, empty for NULL.
    std::string text(const std::string& field) const;
    bool flag(const std::string& field) const;
    std::string id() const { return text("id"); }
    /// Returns the slug, or `preferences`.
    std::string slug() const;
    /// Returns the name that a person gave, or `preferences`.
    std::string name() const;
    bool operator==(const Record&) const = default;
};

/// Returns an empty row: every value is NULL.
Record make_record(SettingsTable table);

/// All rows of the three tables, the site's preferences first, miners in the daemon's order.
struct SettingsState {
    std::vector<Record> preferences, zones, miners;

    std::vector<Record>& rows(SettingsTable table);
    const std::vector<Record>& rows(SettingsTable table) const;
};

const Record* find_id(const std::vector<Record>& rows, const std::string& id);

/// Reads all rows. The caller has the transaction.
SqlStatus read_state(Connection& db, SettingsState& into);

/// Write a row. An insert omits NULL columns with a default; an update writes only columns that differ.
SqlStatus insert_record(Connection& db, const Record& record);
SqlStatus update_record(Connection& db, const Record& before, const Record& after);
SqlStatus delete_record(Connection& db, const Record& record);

}  // namespace volt
