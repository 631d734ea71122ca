// Every constraint of the settings tables on, under and over its edge, through plain SQL. Compares the program's columns with the
// schema.
#include "drivers/decimal.hpp"
#include "drivers/store/settings/rules.hpp"
#include "drivers/store/settings/write.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Returns the database's error for `field = value` (an SQL literal) in one row, or an empty string if accepted.
std::string answer(Connection& db, SettingsTable table, const std::string& set) {
    must(db, "SAVEPOINT edge");
    const std::string name = sql_name(table);
    const SqlStatus done = db.execute("UPDATE " + name + " SET " + set + " WHERE rowid = (SELECT min(rowid) FROM " + name + ")");
    must(db, "ROLLBACK TO edge; RELEASE edge");
    return done.ok() ? "" : done.text;
}

bool names(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Checks that the column's own rule accepts a value; other rules may still refuse it.
void allowed(Connection& db, SettingsTable table, const SettingsField& field, const std::string& literal) {
    const std::string text = answer(db, table, std::string(field.name) + " = " + literal);
    CHECK_MESSAGE(!names(text, std::string(field.name) + ": " + need_of(field)), std::string(field.name), " = ", literal, ": ",
                  text);
    CHECK_MESSAGE(!names(text, std::string(".") + field.name), std::string(field.name), " = ", literal, ": ", text);
}

/// Checks that the column's own rule refuses a value, by its name.
void refused(Connection& db, SettingsTable table, const SettingsField& field, const std::string& literal) {
    const std::string text = answer(db, table, std::string(field.name) + " = " + literal);
    const bool by_rule = names(text, std::string(field.name) + ": " + need_of(field));
    const bool by_type = names(text, std::string(".") + field.name);
    CHECK_MESSAGE((by_rule || by_type), std::string(field.name), " = ", literal, ": ", text);
}

void try_number(Connection& db, SettingsTable table, const SettingsField& field) {
    const auto literal = [&](std::int64_t steps) { return decimal(steps, field.bounds.decimals); };
    for (const std::int64_t steps : {field.bounds.low, field.bounds.low + 1, field.bounds.high - 1, field.bounds.high})
        allowed(db, table, field, literal(steps));
    for (const std::int64_t steps : {field.bounds.low - 1, field.bounds.high + 1}) refused(db, table, field, literal(steps));
    refused(db, table, field, literal(field.bounds.low + 1) + (field.bounds.decimals == 0 ? ".5" : "5"));
    for (const char* bad : {"'x'", "1e999", "-1e999", "x'00'"}) refused(db, table, field, bad);
}

void try_field(Connection& db, SettingsTable table, const SettingsField& field) {
    const auto quoted = [](std::int64_t length) { return "'" + std::string(static_cast<std::size_t>(length), 'a') + "'"; };
    if (field.nullable) allowed(db, table, field, "NULL");
    else refused(db, table, field, "NULL");
    switch (field.kind) {
        case FieldKind::number: try_number(db, table, field); break;
        case FieldKind::real:
            allowed(db, table, field, std::to_string(field.bounds.low));
            allowed(db, table, field, std::to_string(field.bounds.high));
            refused(db, table, field, std::to_string(field.bounds.low) + " - 0.0001");
            refused(db, table, field, std::to_string(field.bounds.high) + " + 0.0001");
            break;
        case FieldKind::flag:
            for (const char* good : {"0", "1"}) allowed(db, table, field, good);
            for (const char* bad : {"-1", "2", "0.5", "'true'"}) refused(db, table, field, bad);
            break;
        case FieldKind::text:
            allowed(db, table, field, quoted(field.bounds.low));
            allowed(db, table, field, quoted(field.bounds.high));
            if (field.bounds.low > 0) refused(db, table, field, "''");
            refused(db, table, field, quoted(field.bounds.high + 1));
            break;
        case FieldKind::word:
            for (const std::string& word : field.words) allowed(db, table, field, sql_quoted(word));
            for (const char* bad : {"''", "'nonsense'"}) refused(db, table, field, bad);
            refused(db, table, field, sql_quoted(field.words[0] + " "));
            break;
        case FieldKind::clock:
            for (const char* good : {"'00:00'", "'23:59'", "'09:59'", "'20:00'"}) allowed(db, table, field, good);
            for (const char* bad : {"'24:00'", "'29:00'", "'23:60'", "'9:00'", "'09:00 '", "'0900'", "''"})
                refused(db, table, field, bad);
            break;
        case FieldKind::curve:
        case FieldKind::zone: break;  // triggers and a foreign key: tested in triggers_test and schema_test
    }
}

}  // namespace

TEST_CASE("every column of the settings is exact at its edge") {
    Connection db = new_schema();
    must(db, "DROP TRIGGER trg_user_preferences_curve_update");  // it would fire before the column's own rule
    for (const SettingsTable table : settings_tables)
        for (const SettingsField& field : fields_of(table))
            if (!field.fixed) try_field(db, table, field);
}

TEST_CASE("every ordered pair is exact: touching, apart, crossed") {
    Connection db = new_schema();
    for (const SettingsTable table : settings_tables)
        for (const FieldOrder& it : orders_of(table)) {
            const std::string sign = it.order == Order::below ? ": < " : ": <= ", rule = it.low + sign + it.high;
            const auto high = db.text("SELECT " + std::string(it.high) + " FROM " + sql_name(table) + " ORDER BY rowid LIMIT 1");
            const std::int64_t at = whole_steps(std::stod(high.value()), it.decimals).value();
            const auto low_at = [&](std::int64_t steps) {
                return answer(db, table, std::string(it.low) + " = " + decimal(steps, it.decimals));
            };
            CAPTURE(rule);
            CHECK(low_at(at - 1) == "");
            CHECK(names(low_at(at), rule) == (it.order == Order::below));
            CHECK(names(low_at(at + 1), rule));
        }
}

TEST_CASE("the same rules apply to a new row") {
    Connection db = new_schema();
    const auto insert = [&](const std::string& columns, const std::string& values) {
        must(db, "SAVEPOINT edge");
        const SqlStatus done = db.execute(
            "INSERT INTO miner_profiles (id, user_id, name, slug, power_draw_w, start_voltage, stop_voltage, "
            "emergency_stop_voltage" +
            columns +
            ") VALUES ('00000000-0000-4000-8000-000000000001', "
            "'a0000000-0000-0000-0000-000000000001', 'x', 'x', 3000, 50, 49, 48" +
            values + ")");
        must(db, "ROLLBACK TO edge; RELEASE edge");
        return done.text;
    };
    CHECK(insert("", "") == "");
    CHECK(names(insert(", min_on_s", ", 86401"), "min_on_s: 0..86400"));
    CHECK(names(insert(", preferred_end", ", '24:00'"), "preferred_end: HH:MM"));
    CHECK(names(insert(", hvac_zone_id", ", 'c0000000-0000-0000-0000-000000000009'"), "FOREIGN KEY"));
    CHECK(names(insert(", device_id", ", 'primary-s21'"), "UNIQUE"));
}

TEST_CASE("ids and slugs have the right form in each table") {
    Connection db = new_schema();
    for (const SettingsTable table : settings_tables) {
        CHECK(answer(db, table, "id = '0a1b2c3d-4e5f-6789-abcd-ef0123456789'").find("id: a UUID") == std::string::npos);
        for (const char* bad : {"''", "'0a1b2c3d-4e5f-6789-abcd-ef012345678'", "'0a1b2c3d-4e5f-6789-abcd-ef01234567890'",
                                "'0A1b2c3d-4e5f-6789-abcd-ef0123456789'", "'0a1b2c3d+4e5f-6789-abcd-ef0123456789'",
                                "'0a1b2c3g-4e5f-6789-abcd-ef0123456789'", "'0a1b2c3d-4e5f-6789-abcd-ef0123-56789'"})
            CHECK_MESSAGE(names(answer(db, table, std::string("id = ") + bad), "id: a UUID in lower case"), bad);
        if (table == SettingsTable::preferences) continue;
        for (const char* good : {"'a'", "'a-1-b'", "'7'"}) CHECK(answer(db, table, std::string("slug = ") + good) == "");
        CHECK(answer(db, table, "slug = '" + std::string(64, 'a') + "'") == "");
        for (const std::string& bad : {std::string(""), std::string("-a"), std::string("a-"), std::string("a--b"),
                                       std::string("A"), std::string("a_b"), std::string("ä"), std::string(65, 'a')})
            CHECK_MESSAGE(names(answer(db, table, "slug = '" + bad + "'"), "slug: a-z, 0-9 and single - between"), bad);
        CHECK(
            names(answer(db, table, "slug = (SELECT slug FROM " + std::string(sql_name(table)) + " ORDER BY rowid DESC LIMIT 1)"),
                  "UNIQUE"));
    }
}

TEST_CASE("the program's columns match the schema") {
    Connection db = new_schema();
    for (const SettingsTable table : settings_tables) {
        const std::string sql =
            db.text("SELECT sql FROM sqlite_master WHERE name = '" + std::string(sql_name(table)) + "'").value();
        Statement column = db.prepare("SELECT name, \"notnull\", dflt_value FROM pragma_table_info(?1)");
        column.bind(1, std::string_view(sql_name(table)));
        const Edit<Record> defaults = default_record(db, table);
        REQUIRE(defaults);
        for (const SettingsField& field : fields_of(table)) {
            CAPTURE(field.name);
            REQUIRE(column.row());
            CHECK(column.text(0) == field.name);
            CHECK(std::string_view(field.about).ends_with('.'));
            if (field.fixed) continue;
            CHECK(field.nullable == (column.integer(1) == 0));
            CHECK(field.required == (column.integer(1) == 1 && column.is_null(2)));
            if (!field.required) CHECK(shown(field, defaults.value().at(field.name)) == field.fallback);
            if (field.kind != FieldKind::curve && field.kind != FieldKind::zone)
                CHECK(names(sql, "\"" + std::string(field.name) + ": " + need_of(field) + "\""));
        }
        CHECK_FALSE(column.row());
    }
}
