#include "drivers/store/settings/record.hpp"

#include <cassert>

namespace volt {

namespace {

/// Returns the order used by read_settings().
const char* order_of(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return "user_id <> 'a0000000-0000-0000-0000-000000000001', created_at, id";
        case SettingsTable::zones: return "created_at, id";
        case SettingsTable::miners: return "priority_level, created_at, id";
    }
    return "id";
}

SqlStatus read_rows(Connection& db, SettingsTable table, std::vector<Record>& into) {
    Statement row = db.prepare(std::string("SELECT * FROM ") + sql_name(table) + " ORDER BY " + order_of(table));
    while (row.row()) {
        Record record{table, {}};
        for (const SettingsField& field : fields_of(table))
            record.values.push_back(read_value(db, row, row.column(field.name), field));
        into.push_back(std::move(record));
    }
    return row.status();
}

}  // namespace

const FieldValue& Record::at(const std::string& field) const {
    const int index = field_index(table, field);
    assert(index >= 0);
    return values[static_cast<std::size_t>(index)];
}

FieldValue& Record::at(const std::string& field) {
    const int index = field_index(table, field);
    assert(index >= 0);
    return values[static_cast<std::size_t>(index)];
}

std::string Record::text(const std::string& field) const {
    const FieldValue& value = at(field);
    if (std::holds_alternative<std::monostate>(value)) return {};
    return shown(field_at(table, field), value);
}

bool Record::flag(const std::string& field) const {
    const bool* value = std::get_if<bool>(&at(field));
    return value != nullptr && *value;
}

std::string Record::slug() const { return table == SettingsTable::preferences ? noun_of(table) : text("slug"); }

std::string Record::name() const { return table == SettingsTable::preferences ? noun_of(table) : text(name_column(table)); }

Record make_record(SettingsTable table) { return {table, std::vector<FieldValue>(fields_of(table).size())}; }

std::vector<Record>& SettingsState::rows(SettingsTable table) {
    switch (table) {
        case SettingsTable::preferences: return preferences;
        case SettingsTable::zones: return zones;
        case SettingsTable::miners: return miners;
    }
    return preferences;
}

const std::vector<Record>& SettingsState::rows(SettingsTable table) const {
    return const_cast<SettingsState*>(this)->rows(table);
}

const Record* find_id(const std::vector<Record>& rows, const std::string& id) {
    for (const Record& row : rows)
        if (row.id() == id) return &row;
    return nullptr;
}

SqlStatus read_state(Connection& db, SettingsState& into) {
    for (const SettingsTable table : settings_tables)
        if (SqlStatus done = read_rows(db, table, into.rows(table)); !done.ok()) return done;
    return {};
}

SqlStatus insert_record(Connection& db, const Record& record) {
    const std::vector<SettingsField>& fields = fields_of(record.table);
    std::vector<std::size_t> given;
    std::string columns, places;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (std::holds_alternative<std::monostate>(record.values[i])) continue;
        given.push_back(i);
        columns += (columns.empty() ? "" : ", ") + std::string(fields[i].name);
        places += (places.empty() ? "?" : ", ?") + std::to_string(given.size());
    }
    Statement insert =
        db.prepare(std::string("INSERT INTO ") + sql_name(record.table) + " (" + columns + ") VALUES (" + places + ")");
    for (std::size_t i = 0; i < given.size(); ++i)
        bind_value(insert, static_cast<int>(i + 1), fields[given[i]], record.values[given[i]]);
    return insert.run();
}

SqlStatus update_record(Connection& db, const Record& before, const Record& after) {
    const std::vector<SettingsField>& fields = fields_of(after.table);
    std::vector<std::size_t> changed;
    std::string sets;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (before.values[i] == after.values[i]) continue;
        changed.push_back(i);
        sets += (sets.empty() ? "" : ", ") + std::string(fields[i].name) + " = ?" + std::to_string(changed.size());
    }
    if (changed.empty()) return {};
    const int last = static_cast<int>(changed.size()) + 1;
    Statement update =
        db.prepare(std::string("UPDATE ") + sql_name(after.table) + " SET " + sets + " WHERE id = ?" + std::to_string(last));
    for (std::size_t i = 0; i < changed.size(); ++i)
        bind_value(update, static_cast<int>(i + 1), fields[changed[i]], after.values[changed[i]]);
    return update.bind(last, before.id()).run();
}

SqlStatus delete_record(Connection& db, const Record& record) {
    return db.prepare(std::string("DELETE FROM ") + sql_name(record.table) + " WHERE id = ?1").bind(1, record.id()).run();
}

}  // namespace volt
