// Triggers of the settings: the test notices each one that is removed or broken.
#include <map>

#include "drivers/store/settings/fields.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace {

using Row = std::map<std::string, std::string>;
using Complaints = std::vector<std::string>;

/// A row to insert for each table, every column different, and values that change every column.
struct Sample {
    const char *table, *insert, *update;
};

constexpr const char* first_id = "00000000-0000-4000-8000-000000000001";
constexpr const char* second_id = "00000000-0000-4000-8000-000000000002";

const Sample samples[] = {
    {"user_preferences",
     "INSERT INTO user_preferences VALUES ('00000000-0000-4000-8000-000000000001', "
     "'00000000-0000-4000-8000-00000000000a', 44.1, 56.1, '[{\"voltage\":44.1,\"soc\":0},{\"voltage\":56.1,\"soc\":100}]', "
     "40.1, 41.1, 42.1, 43.1, 46.1, 47.1, 48.1, 49.1, 50.1, 51.1, 101, 1001, 11, 39.1, 'voltage', 'C', 'Zone/A', 1.5, 2.5, "
     "'balanced', '2001-01-01T00:00:00.000Z', '2001-01-01T00:00:00.000Z', 20001, 16, 501)",
     "id = '00000000-0000-4000-8000-000000000002', user_id = '00000000-0000-4000-8000-00000000000b', "
     "voltage_at_0_percent = 44.2, voltage_at_100_percent = 56.2, voltage_curve = "
     "'[{\"voltage\":44.2,\"soc\":0},{\"voltage\":56.2,\"soc\":100}]', voltage_shutdown = 40.2, voltage_critical_low = "
     "41.2, voltage_low = 42.2, voltage_restart = 43.2, voltage_optimal_min = 46.2, voltage_optimal_max = 47.2, "
     "voltage_float = 48.2, voltage_absorption = 49.2, voltage_full = 50.2, battery_absolute_max = 51.2, "
     "max_battery_discharge_w = 102, inverter_max_w = 1002, internal_resistance_mohm = 12, reserve_voltage = 39.2, "
     "display_mode = 'soc', temperature_unit = 'F', timezone = 'Zone/B', latitude = 1.6, longitude = 2.6, operating_mode = "
     "'off', created_at = '2002-01-01T00:00:00.000Z', bank_wh = 20002, budget_floor_percent = 17, bridge_wh = 502"},
    {"hvac_zones",
     "INSERT INTO hvac_zones VALUES ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000a', "
     "'Zone A', 'zone-a', 'type-a', 40.1, 35.1, 0.1, 5.1, 0, 'fan-a', 'auto', 11, 0, 'miner', 'heater', 'heater-a', 1501, "
     "2001, 0, -1.1, 'sensor-a', 0, '2001-01-01T00:00:00.000Z', '2001-01-01T00:00:00.000Z')",
     "id = '00000000-0000-4000-8000-000000000002', user_id = '00000000-0000-4000-8000-00000000000b', zone_name = 'Zone B', "
     "slug = 'zone-b', zone_type = 'type-b', temp_too_hot = 40.2, temp_hot_ok = 35.2, temp_too_cold = 0.2, temp_cold_ok = "
     "5.2, exhaust_fan_enabled = 1, exhaust_fan_device_id = 'fan-b', fan_speed_mode = 'fixed', fan_max_level = 12, "
     "heating_enabled = 1, heating_priority_1 = 'heater', heating_priority_2 = 'none', heater_device_id = 'heater-b', "
     "heater_power_w = 1502, minimum_solar_for_heating_w = 2002, block_charging_enabled = 1, block_charging_below_c = -1.2, "
     "sensor_id = 'sensor-b', enabled = 1, created_at = '2002-01-01T00:00:00.000Z'"},
    {"miner_profiles",
     "INSERT INTO miner_profiles VALUES ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000a', "
     "'Miner A', 'miner-a', 'model-a', 101.5, 3001, 4, 50.1, 47.1, 45.1, 0, 501, 601, 0, '01:01', '02:01', 0, 701, 801, 5, "
     "1.1, 2.1, 'aggressive', 'relay', 'device-a', 'c0000000-0000-0000-0000-000000000001', 0, "
     "'2001-01-01T00:00:00.000Z', '2001-01-01T00:00:00.000Z')",
     "id = '00000000-0000-4000-8000-000000000002', user_id = '00000000-0000-4000-8000-00000000000b', name = 'Miner B', slug "
     "= 'miner-b', model = 'model-b', hashrate_ths = 102.5, power_draw_w = 3002, priority_level = 6, start_voltage = 50.2, "
     "stop_voltage = 47.2, emergency_stop_voltage = 45.2, require_excess_solar = 1, minimum_excess_w = 502, minimum_solar_w "
     "= 602, require_sunny = 1, preferred_start = '01:02', preferred_end = '02:02', allow_outside_schedule = 1, min_on_s = "
     "702, min_off_s = 802, max_starts_per_hour = 7, max_runtime_h_day = 1.2, max_continuous_h = 2.2, operating_mode = "
     "'opportunistic', device_id = 'device-b', hvac_zone_id = 'c0000000-0000-0000-0000-000000000002', enabled = 1, "
     "created_at = '2002-01-01T00:00:00.000Z'"},
};

Connection with_users() {
    Connection db = new_schema();
    must(db,
         "INSERT INTO users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@a.org'), "
         "('00000000-0000-4000-8000-00000000000b', 'b@b.org')");
    return db;
}

Row row_of(Connection& db, const std::string& table, const std::string& id) {
    Statement row = db.prepare("SELECT * FROM " + table + " WHERE id = ?1");
    row.bind(1, std::string_view(id));
    Row found;
    if (!row.row()) return found;
    for (int i = 0; i < row.columns(); ++i)
        if (row.column_name(i) != "updated_at") found[row.column_name(i)] = row.text(i);
    return found;
}

Row logged(Connection& db, const char* side) {
    Statement value = db.prepare(std::string("SELECT key, value FROM json_each((SELECT ") + side +
                                 " FROM settings_history ORDER BY id DESC LIMIT 1))");
    Row found;
    while (value.row()) found[value.text(0)] = value.text(1);
    return found;
}

class Watch {
public:
    explicit Watch(Connection& db) : db_(db) {}

    /// Runs `sql`, which must leave one entry of the history with these rows, and one revision more.
    void step(const std::string& what, const std::string& table, const std::string& sql, const std::string& before_id,
              const std::string& after_id) {
        const Row before = row_of(db_, table, before_id);
        const std::int64_t entries = number("SELECT count(*) FROM settings_history"),
                           revision = number("SELECT revision FROM settings_revision");
        expect(db_.execute(sql).ok(), what + ": refused");
        const Row after = row_of(db_, table, after_id);
        expect(number("SELECT count(*) FROM settings_history") == entries + 1, what + ": one entry in the history");
        expect(number("SELECT revision FROM settings_revision") == revision + 1, what + ": one revision more");
        expect(logged(db_, "before") == before, what + ": before");
        expect(logged(db_, "after") == after, what + ": after");
        const auto head =
            db_.text("SELECT table_name || ' ' || row_id || ' ' || who FROM settings_history ORDER BY id DESC LIMIT 1");
        expect(head == table + " " + (after_id.empty() ? before_id : after_id) + " sql", what + ": which row, and who");
    }

    void expect(bool holds, const std::string& text) {
        if (!holds) complaints_.push_back(text);
    }
    std::int64_t number(const std::string& sql) { return db_.number(sql).value_or(-1); }
    const Complaints& complaints() const { return complaints_; }

private:
    Connection& db_;
    Complaints complaints_;
};

void try_history(Connection& db, Watch& watch) {
    for (const Sample& it : samples) {
        const std::string table = it.table;
        watch.step(table + " insert", table, it.insert, first_id, first_id);
        // The row did not exist before: the result of row_of is empty, as `before` must be.
        const Row inserted = row_of(db, table, first_id);
        watch.step(table + " update", table, "UPDATE " + table + " SET " + it.update + " WHERE id = '" + first_id + "'", first_id,
                   second_id);
        const Row updated = row_of(db, table, second_id);
        for (const auto& [column, value] : inserted)
            watch.expect(column == "control_method" || updated.at(column) != value, table + "." + column + " was not tried");
        const std::int64_t entries = watch.number("SELECT count(*) FROM settings_history");
        must(db, "UPDATE " + table + " SET created_at = created_at");
        watch.expect(watch.number("SELECT count(*) FROM settings_history") == entries, table + ": no change, no entry");
        watch.step(table + " delete", table, "DELETE FROM " + table + " WHERE id = '" + second_id + "'", second_id, "");
    }
}

void try_updated_at(Connection& db, Watch& watch) {
    for (const std::string table : {"users", "user_preferences", "miner_profiles", "hvac_zones"}) {
        must(db, "UPDATE " + table + " SET updated_at = '2001-01-01T00:00:00.000Z'");
        watch.expect(watch.number("SELECT count(*) FROM " + table + " WHERE updated_at > '2002'") == 0,
                     table + ": updated_at given stays");
        must(db, "UPDATE " + table + " SET created_at = created_at");
        watch.expect(watch.number("SELECT count(*) FROM " + table + " WHERE updated_at < '2002'") == 0,
                     table + ": updated_at moves");
    }
}

struct BadCurve {
    const char *json, *complaint;
};

const BadCurve bad_curves[] = {
    {"x", "a JSON list of 2 to 32 points"},
    {"{}", "a JSON list of 2 to 32 points"},
    {"[]", "a JSON list of 2 to 32 points"},
    {"[{\"voltage\":45,\"soc\":0}]", "a JSON list of 2 to 32 points"},
    {"[1,2]", "in each point the numbers"},
    {"[{\"voltage\":45},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":\"45\",\"soc\":0},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":45,\"soc\":\"0\"},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":4.99,\"soc\":0},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":150.01,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":45,\"soc\":-0.01},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":100.01}]", "in each point the numbers"},
    {"[{\"voltage\":45.005,\"soc\":0},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":50,\"soc\":50.005},{\"voltage\":56,\"soc\":100}]", "in each point the numbers"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":45,\"soc\":50},{\"voltage\":56,\"soc\":100}]", "rise strictly"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":50,\"soc\":0},{\"voltage\":56,\"soc\":100}]", "rise strictly"},
    {"[{\"voltage\":45.01,\"soc\":0},{\"voltage\":56,\"soc\":100}]", "from voltage_at_0_percent"},
    {"[{\"voltage\":45,\"soc\":0.01},{\"voltage\":56,\"soc\":100}]", "from voltage_at_0_percent"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":56.01,\"soc\":100}]", "from voltage_at_0_percent"},
    {"[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":99.99}]", "from voltage_at_0_percent"},
};

std::string many_points(int count) {
    std::string json = "[{\"voltage\":45.0,\"soc\":0}";
    for (int i = 1; i < count - 1; ++i)
        json += ",{\"voltage\":45." + std::to_string(10 + i) + ",\"soc\":" + std::to_string(i) + "}";
    return json + ",{\"voltage\":56.0,\"soc\":100}]";
}

void try_curve(Connection& db, Watch& watch, const std::string& json, const std::string& complaint) {
    must(db, "SAVEPOINT curve");
    const std::string update =
        db.prepare("UPDATE user_preferences SET voltage_curve = ?1").bind(1, std::string_view(json)).run().text;
    must(db, "ROLLBACK TO curve");
    const std::string insert =
        db.prepare(
              "INSERT INTO user_preferences (id, user_id, voltage_curve) VALUES ('00000000-0000-4000-8000-000000000003', "
              "'00000000-0000-4000-8000-00000000000a', ?1)")
            .bind(1, std::string_view(json))
            .run()
            .text;
    must(db, "ROLLBACK TO curve; RELEASE curve");
    const auto fits = [&](const std::string& text) {
        return complaint.empty() ? text.empty()
                                 : text.find("voltage_curve: ") != std::string::npos && text.find(complaint) != std::string::npos;
    };
    watch.expect(fits(update), "update of the curve to " + json + ": " + update);
    watch.expect(fits(insert), "insert of the curve " + json + ": " + insert);
}

void try_curves(Connection& db, Watch& watch) {
    for (const BadCurve& it : bad_curves) try_curve(db, watch, it.json, it.complaint);
    try_curve(db, watch, "[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":100}]", "");
    try_curve(db, watch, many_points(32), "");
    try_curve(db, watch, many_points(33), "a JSON list of 2 to 32 points");
    for (const char* alone : {"voltage_at_0_percent = 45.01", "voltage_at_100_percent = 56.01"}) {
        must(db, "SAVEPOINT curve");
        watch.expect(!db.execute(std::string("UPDATE user_preferences SET ") + alone).ok(),
                     std::string(alone) + " without its curve");
        must(db, "ROLLBACK TO curve; RELEASE curve");
    }
}

Complaints all_complaints(Connection& db) {
    Watch watch(db);
    try_curves(db, watch);
    try_history(db, watch);
    try_updated_at(db, watch);
    return watch.complaints();
}

std::vector<std::string> trigger_names(Connection& db) {
    Statement row = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name");
    std::vector<std::string> names;
    while (row.row()) names.push_back(row.text(0));
    return names;
}

/// Replaces a part of one trigger with another text. Returns false if the part is not in it.
bool break_trigger(Connection& db, const std::string& name, const std::string& part, const std::string& other) {
    std::string sql = db.text("SELECT sql FROM sqlite_master WHERE name = '" + name + "'").value();
    const std::size_t at = sql.find(part);
    if (at == std::string::npos) return false;
    must(db, "DROP TRIGGER " + name);
    must(db, sql.replace(at, part.size(), other));
    return true;
}

}  // namespace

TEST_CASE("triggers maintain history, revision and updated_at for each change") {
    Connection db = with_users();
    for (const std::string& complaint : all_complaints(db)) CHECK_MESSAGE(false, complaint);
}

TEST_CASE("notices each missing trigger") {
    Connection names_from = new_schema();
    const std::vector<std::string> names = trigger_names(names_from);
    CHECK(names.size() == 19);
    for (const std::string& name : names) {
        if (name == "trg_users_delete") continue;  // settings_undo_test tests its effect
        if (name == "trg_backups_bound" || name == "trg_output_proofs_bound")
            continue;  // not part of the history: the schema's own check names them
        Connection db = with_users();
        must(db, "DROP TRIGGER " + name);
        CHECK_MESSAGE(!all_complaints(db).empty(), name);
    }
}

TEST_CASE("notices each wrong column in a history trigger") {
    Connection names_from = new_schema();
    int broken = 0;
    for (const SettingsTable table : settings_tables)
        for (const std::string operation : {"insert", "update", "delete"})
            for (const std::string side : {"old", "new"})
                for (const SettingsField& field : fields_of(table)) {
                    // `control_method` has one possible value, so a wrong one cannot be noticed; of the others one in five is
                    // tested.
                    const std::string name = field.name;
                    if (name == "updated_at" || name == "control_method") continue;
                    if (++broken % 5 != 0) continue;
                    Connection db = with_users();
                    const std::string trigger = "trg_" + std::string(sql_name(table)) + "_history_" + operation;
                    // Column names that begin another one are distinguished by the next character.
                    bool done = false;
                    for (const char* end : {",", ")"})
                        done = done || break_trigger(db, trigger, side + "." + name + end, "'wrong'" + std::string(end));
                    const bool has_side = !(operation == "insert" && side == "old") && !(operation == "delete" && side == "new");
                    CHECK_MESSAGE((done || !has_side), trigger, " ", side, ".", name);
                    Watch watch(db);
                    if (done) try_history(db, watch);
                    if (done) CHECK_MESSAGE(!watch.complaints().empty(), trigger, " ", side, ".", name);
                }
    CHECK(broken > 300);
}

TEST_CASE("notices each curve rule missing in a trigger") {
    // `json_type <> 'array'` is not among them: a value that is not an array has no length between 2 and 32 either.
    const std::pair<std::string, std::string> rules[] = {
        {"NOT json_valid(new.voltage_curve) OR", ""},
        {"NOT BETWEEN 2 AND 32", "NOT BETWEEN 1 AND 32"},
        {"NOT BETWEEN 2 AND 32", "NOT BETWEEN 2 AND 33"},
        {"NOT BETWEEN 5 AND 150", "NOT BETWEEN 4 AND 150"},
        {"NOT BETWEEN 5 AND 150", "NOT BETWEEN 5 AND 151"},
        {"NOT BETWEEN 0 AND 100", "NOT BETWEEN -1 AND 100"},
        {"NOT BETWEEN 0 AND 100", "NOT BETWEEN 0 AND 101"},
        {"round(json_extract(value, '$.voltage') * 100) / 100.0", "json_extract(value, '$.voltage')"},
        {"round(json_extract(value, '$.soc') * 100) / 100.0", "json_extract(value, '$.soc')"},
        {"json_extract(high.value, '$.voltage') <= json_extract(low.value, '$.voltage')", "0"},
        {"json_extract(high.value, '$.soc') <= json_extract(low.value, '$.soc')", "0"},
        {"json_extract(new.voltage_curve, '$[0].voltage') <> new.voltage_at_0_percent", "0"},
        {"json_extract(new.voltage_curve, '$[0].soc') <> 0", "0"},
        {"json_extract(new.voltage_curve, '$[#-1].voltage') <> new.voltage_at_100_percent", "0"},
        {"json_extract(new.voltage_curve, '$[#-1].soc') <> 100", "0"},
    };
    for (const std::string trigger : {"trg_user_preferences_curve_insert", "trg_user_preferences_curve_update"})
        for (const auto& rule : rules) {
            const std::string &part = rule.first, &other = rule.second;
            Connection db = with_users();
            REQUIRE_MESSAGE(break_trigger(db, trigger, part, other), part);
            Watch watch(db);
            try_curves(db, watch);
            CHECK_MESSAGE(!watch.complaints().empty(), trigger, ": ", part);
        }
}
