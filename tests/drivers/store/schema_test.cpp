// The schema itself: every rule on, under and over its edge, the default rows, the triggers, the views.
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace {

struct Edge {
    const char* table;
    const char* set;  ///< assignments tried on the first default row
    bool allowed;
};

SqlStatus try_update(Connection& db, const Edge& edge) {
    must(db, "SAVEPOINT edge");
    SqlStatus done = db.execute(std::string("UPDATE ") + edge.table + " SET " + edge.set +
                                " WHERE rowid = (SELECT min(rowid) FROM " + edge.table + ")");
    must(db, "ROLLBACK TO edge; RELEASE edge");
    return done;
}

void check_edges(Connection& db, const std::vector<Edge>& edges) {
    for (const Edge& edge : edges) {
        const SqlStatus done = try_update(db, edge);
        CHECK_MESSAGE(done.ok() == edge.allowed, edge.table, ": ", edge.set, ": ", done.text);
        // A refusal names the column.
        if (!done.ok() && !edge.allowed) {
            const std::string column = std::string(edge.set).substr(0, std::string(edge.set).find(' '));
            CHECK_MESSAGE(done.text.find(column) != std::string::npos, edge.set, ": ", done.text);
        }
    }
}

/// Checks values just inside and just outside of a range, for one column.
void check_range(Connection& db, const char* table, const std::string& column, const std::string& low, const std::string& under,
                 const std::string& high, const std::string& over) {
    for (const auto& [value, allowed] : {std::pair{low, true}, {under, false}, {high, true}, {over, false}}) {
        const std::string set = column + " = " + value;
        check_edges(db, {{table, set.c_str(), allowed}});
    }
}

}  // namespace

TEST_CASE("preferences: limit steps, range and type of every voltage") {
    Connection db = new_schema();
    for (const char* column : {"voltage_shutdown", "voltage_critical_low", "voltage_low", "voltage_restart",
                               "voltage_optimal_min", "voltage_optimal_max", "voltage_float", "voltage_absorption",
                               "voltage_full", "battery_absolute_max", "voltage_at_0_percent", "voltage_at_100_percent"}) {
        const std::string name(column);
        for (const char* bad : {"NULL", "4.99", "150.01", "50.005", "1e999", "-1e999", "'x'"})
            check_edges(db, {{"user_preferences", (name + " = " + bad).c_str(), false}});
    }
    check_edges(db, {
                        {"user_preferences", "reserve_voltage = NULL", true},
                        {"user_preferences", "reserve_voltage = 5", true},
                        {"user_preferences", "reserve_voltage = 4.99", false},
                        {"user_preferences", "reserve_voltage = 150", true},
                        {"user_preferences", "reserve_voltage = 150.01", false},
                        {"user_preferences", "reserve_voltage = 48.005", false},
                        {"user_preferences", "voltage_shutdown = 5.0", true},
                        {"user_preferences", "battery_absolute_max = 150.0", true},
                        {"user_preferences", "voltage_low = '47.5'", true},  // STRICT converts numeric text
                    });
}

TEST_CASE("preferences: enforce every ordered pair") {
    Connection db = new_schema();
    // The pair is moved to around 52.00, and voltages below and above are moved out of its way.
    const std::vector<std::string> order = {"voltage_shutdown",    "voltage_critical_low", "voltage_low",   "voltage_restart",
                                            "voltage_optimal_min", "voltage_optimal_max",  "voltage_float", "voltage_absorption",
                                            "voltage_full",        "battery_absolute_max"};
    const std::vector<bool> equal_allowed = {false, true, false, true, false, true, false, true, true};
    for (std::size_t pair = 0; pair + 1 < order.size(); ++pair) {
        const auto assignments = [&](double low, double high) {
            std::string set;
            for (std::size_t i = 0; i < order.size(); ++i) {
                const double value = i < pair        ? 40 + static_cast<double>(i)
                                     : i == pair     ? low
                                     : i == pair + 1 ? high
                                                     : 60 + static_cast<double>(i);
                set += (set.empty() ? "" : ", ") + order[i] + " = " + std::to_string(value);
            }
            return set;
        };
        CAPTURE(order[pair]);
        CHECK(try_update(db, {"user_preferences", assignments(52.00, 52.01).c_str(), true}).ok());
        CHECK(try_update(db, {"user_preferences", assignments(52.00, 52.00).c_str(), true}).ok() == equal_allowed[pair]);
        const SqlStatus crossed = try_update(db, {"user_preferences", assignments(52.01, 52.00).c_str(), false});
        CHECK_FALSE(crossed.ok());
        CHECK(crossed.text.find(order[pair] + ": <") != std::string::npos);
    }
}

TEST_CASE("preferences: enforce other ranges and words") {
    Connection db = new_schema();
    check_range(db, "user_preferences", "max_battery_discharge_w", "0", "-1", "100000", "100001");
    check_range(db, "user_preferences", "inverter_max_w", "500", "499", "200000", "200001");
    check_range(db, "user_preferences", "budget_floor_percent", "0", "-1", "60", "61");
    check_range(db, "user_preferences", "bridge_wh", "0", "-1", "20000", "20001");
    check_range(db, "user_preferences", "bank_wh", "10000", "499", "1000000", "1000001");
    check_range(db, "user_preferences", "internal_resistance_mohm", "0", "-1", "200", "201");
    check_range(db, "user_preferences", "latitude", "-90", "-90.01", "90", "90.01");
    check_range(db, "user_preferences", "longitude", "-180", "-180.01", "180", "180.01");
    check_edges(db, {
                        {"user_preferences", "display_mode = 'soc'", true},
                        {"user_preferences", "display_mode = 'SOC'", false},
                        {"user_preferences", "temperature_unit = 'F'", true},
                        {"user_preferences", "temperature_unit = 'K'", false},
                        {"user_preferences", "operating_mode = 'aggressive'", true},
                        {"user_preferences", "operating_mode = 'conservative'", true},
                        {"user_preferences", "operating_mode = 'off'", true},
                        {"user_preferences", "operating_mode = 'on'", false},
                        {"user_preferences", "timezone = 'UTC'", true},
                        {"user_preferences", "timezone = ''", false},
                        {"user_preferences", "inverter_max_w = 12000.5", false},
                        {"user_preferences", "latitude = NULL", false},
                    });
}

TEST_CASE("curve: has 2 to 32 rising points with calibrated ends") {
    Connection db = new_schema();
    const auto curve = [](int points) {
        std::string json = "[";
        for (int i = 0; i < points; ++i) {
            const double soc = i + 1 == points ? 100 : i;
            const double volts = i + 1 == points ? 56 : 45 + 0.1 * i;
            json += (i > 0 ? "," : "") + std::string("{\"voltage\":") + std::to_string(volts) +
                    ",\"soc\":" + std::to_string(soc) + "}";
        }
        return "voltage_curve = '" + json + "]'";
    };
    check_edges(
        db, {
                {"user_preferences", curve(1).c_str(), false},
                {"user_preferences", curve(2).c_str(), true},
                {"user_preferences", curve(32).c_str(), true},
                {"user_preferences", curve(33).c_str(), false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45'", false},
                {"user_preferences", "voltage_curve = '{}'", false},
                {"user_preferences", "voltage_curve = 'null'", false},
                {"user_preferences", "voltage_curve = '[45,56]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":56}]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":\"45\",\"soc\":0},{\"voltage\":56,\"soc\":100}]'", false},
                {"user_preferences",
                 "voltage_curve = "
                 "'[{\"voltage\":45,\"soc\":0},{\"voltage\":50.005,\"soc\":9},{\"voltage\":56,\"soc\":100}]'",
                 false},
                {"user_preferences",
                 "voltage_curve = "
                 "'[{\"voltage\":45,\"soc\":0},{\"voltage\":50,\"soc\":9.005},{\"voltage\":56,\"soc\":100}]'",
                 false},
                {"user_preferences",
                 "voltage_curve = "
                 "'[{\"voltage\":45,\"soc\":0},{\"voltage\":45.01,\"soc\":0.01},{\"voltage\":56,\"soc\":100}]'",
                 true},
                {"user_preferences",
                 "voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":45,\"soc\":1},{\"voltage\":56,\"soc\":100}]'", false},
                {"user_preferences",
                 "voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":50,\"soc\":0},{\"voltage\":56,\"soc\":100}]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45.01,\"soc\":0},{\"voltage\":56,\"soc\":100}]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45,\"soc\":1},{\"voltage\":56,\"soc\":100}]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":56.01,\"soc\":100}]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":99}]'", false},
                {"user_preferences", "voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":100.01}]'", false},
            });
    const SqlStatus alone = db.execute("UPDATE user_preferences SET voltage_at_0_percent = 45.01");
    CHECK(alone.text.find("voltage_curve") != std::string::npos);
    CHECK_FALSE(db.execute("UPDATE user_preferences SET voltage_at_100_percent = 55.99").ok());
    must(db,
         "UPDATE user_preferences SET voltage_at_0_percent = 44.5, "
         "voltage_curve = '[{\"voltage\":44.5,\"soc\":0},{\"voltage\":56,\"soc\":100}]'");
    must(db, "INSERT INTO users (id, email) VALUES ('a0000000-0000-0000-0000-000000000002', 'b@b.org')");
    CHECK_FALSE(db.execute("INSERT INTO user_preferences (id, user_id, voltage_curve) VALUES "
                           "('b0000000-0000-0000-0000-000000000002', 'a0000000-0000-0000-0000-000000000002', '[]')")
                    .ok());
}

TEST_CASE("miners: enforce ranges, order, words, times and slugs") {
    Connection db = new_schema();
    check_range(db, "miner_profiles", "power_draw_w", "1", "0", "20000", "20001");
    check_range(db, "miner_profiles", "priority_level", "1", "0", "10", "11");
    check_range(db, "miner_profiles", "min_on_s", "0", "-1", "86400", "86401");
    check_range(db, "miner_profiles", "min_off_s", "0", "-1", "86400", "86401");
    check_range(db, "miner_profiles", "max_starts_per_hour", "1", "0", "60", "61");
    check_range(db, "miner_profiles", "max_runtime_h_day", "0.001", "0", "24", "24.001");
    check_range(db, "miner_profiles", "max_continuous_h", "0.001", "0.0005", "24", "24.001");
    check_range(db, "miner_profiles", "emergency_stop_voltage", "5", "4.99", "46.99", "47.00");
    check_range(db, "miner_profiles", "stop_voltage", "45.01", "45.00", "49.99", "50.00");
    check_range(db, "miner_profiles", "start_voltage", "47.01", "47.00", "150", "150.01");
    check_edges(db, {
                        {"miner_profiles", "start_voltage = 50.005", false},
                        {"miner_profiles", "max_runtime_h_day = NULL", true},
                        {"miner_profiles", "max_runtime_h_day = 1.0005", false},
                        {"miner_profiles", "minimum_solar_w = NULL", true},
                        {"miner_profiles", "minimum_solar_w = -1", false},
                        {"miner_profiles", "minimum_excess_w = NULL", false},
                        {"miner_profiles", "preferred_start = '23:59'", true},
                        {"miner_profiles", "preferred_start = '24:00'", false},
                        {"miner_profiles", "preferred_start = '00:60'", false},
                        {"miner_profiles", "preferred_end = '9:00'", false},
                        {"miner_profiles", "preferred_end = '09:00 '", false},
                        {"miner_profiles", "enabled = 2", false},
                        {"miner_profiles", "operating_mode = 'opportunistic'", true},
                        {"miner_profiles", "operating_mode = 'conservative'", false},
                        {"miner_profiles", "control_method = 'firmware'", false},
                        {"miner_profiles", "slug = 'a-b-1'", true},
                        {"miner_profiles", "slug = '-a'", false},
                        {"miner_profiles", "slug = 'a-'", false},
                        {"miner_profiles", "slug = 'a--b'", false},
                        {"miner_profiles", "slug = 'A'", false},
                        {"miner_profiles", "slug = ''", false},
                        {"miner_profiles", "slug = 'dump-load-s19-1'", false},
                        {"miner_profiles", "name = ''", false},
                        {"miner_profiles", "id = 'D0000000-0000-0000-0000-000000000001'", false},
                        {"miner_profiles", "id = 'd0000000-0000-0000-0000-00000000000'", false},
                        {"miner_profiles", "hashrate_ths = NULL", true},
                        {"miner_profiles", "hashrate_ths = -0.1", false},
                    });
}

TEST_CASE("miners: an output belongs to one enabled row") {
    Connection db = new_schema();
    const std::string second = " WHERE slug = 'dump-load-s19-1'";
    CHECK_FALSE(db.execute("UPDATE miner_profiles SET device_id = 'primary-s21'" + second).ok());
    must(db, "UPDATE miner_profiles SET enabled = 0, device_id = 'primary-s21'" + second);
    CHECK_FALSE(db.execute("UPDATE miner_profiles SET enabled = 1" + second).ok());
    must(db, "UPDATE miner_profiles SET device_id = NULL");
    must(db, "UPDATE miner_profiles SET enabled = 1");
}

TEST_CASE("zones: enforce ranges, and keep a zone in use") {
    Connection db = new_schema();
    check_range(db, "hvac_zones", "temp_too_cold", "-60", "-60.1", "4.9", "5.0");
    check_range(db, "hvac_zones", "temp_cold_ok", "0.1", "0.0", "34.9", "35.0");
    check_range(db, "hvac_zones", "temp_hot_ok", "5.1", "5.0", "39.9", "40.0");
    check_range(db, "hvac_zones", "temp_too_hot", "35.1", "35.0", "100", "100.1");
    check_range(db, "hvac_zones", "fan_max_level", "1", "0", "255", "256");
    check_range(db, "hvac_zones", "heater_power_w", "1", "0", "20000", "20001");
    check_range(db, "hvac_zones", "block_charging_below_c", "-60", "-60.1", "100", "100.1");
    check_edges(db, {
                        {"hvac_zones", "temp_too_hot = 40.05", false},
                        {"hvac_zones", "fan_speed_mode = 'fixed'", true},
                        {"hvac_zones", "fan_speed_mode = 'fast'", false},
                        {"hvac_zones", "heating_priority_1 = 'heater'", true},
                        {"hvac_zones", "heating_priority_2 = 'sun'", false},
                        {"hvac_zones", "exhaust_fan_device_id = NULL", true},
                        {"hvac_zones", "sensor_id = ''", false},
                        {"hvac_zones", "minimum_solar_for_heating_w = -1", false},
                        {"hvac_zones", "slug = 'main-room'", false},
                    });
    CHECK_FALSE(db.execute("DELETE FROM hvac_zones WHERE slug = 'heat-room'").ok());
    must(db, "DELETE FROM hvac_zones WHERE slug = 'main-room'");
    CHECK_FALSE(db.execute("DELETE FROM users").ok());
    CHECK_FALSE(db.execute("UPDATE miner_profiles SET hvac_zone_id = 'c0000000-0000-0000-0000-000000000009'").ok());
}

TEST_CASE("users: enforce addresses, roles and hashes") {
    Connection db = new_schema();
    check_edges(db, {
                        {"users", "email = 'a@b.c'", true},
                        {"users", "email = 'a@b'", false},
                        {"users", "email = '@b.c'", false},
                        {"users", "email = 'a b@c.d'", false},
                        {"users", "email = 'a@b@c.d'", false},
                        {"users", "role = 'user'", true},
                        {"users", "role = 'root'", false},
                        {"users", "password_hash = 'secret'", false},
                        {"users", "password_hash = '$argon2id$v=19$m=65536,t=2,p=1$x$y'", true},
                    });
    CHECK_FALSE(db.execute("INSERT INTO users (id, email) VALUES ('a0000000-0000-0000-0000-000000000002', "
                           "'ADMIN@wildfireranch.us')")
                    .ok());
    CHECK(db.text("SELECT email || role || coalesce(password_hash, ' no password') FROM users") ==
          "admin@wildfireranch.usadmin no password");
    CHECK(db.text("SELECT id FROM users") == "a0000000-0000-0000-0000-000000000001");
}

TEST_CASE("updated_at moves with every change, created_at does not") {
    Connection db = new_schema();
    for (const std::string table : {"users", "user_preferences", "miner_profiles", "hvac_zones"}) {
        must(db, "UPDATE " + table + " SET updated_at = '2001-01-01T00:00:00.000Z', created_at = '2001-01-01T00:00:00.000Z'");
        must(db, "UPDATE " + table + " SET id = id");
        CHECK(db.number("SELECT count(*) FROM " + table + " WHERE updated_at <= '2002' OR created_at >= '2002'") == 0);
    }
}

TEST_CASE("history and revision record changes of each table") {
    Connection db = new_schema();
    const auto revision = [&] { return db.number("SELECT revision FROM settings_revision").value(); };
    const auto last = [&](const std::string& what) {
        return db.text("SELECT " + what + " FROM settings_history ORDER BY id DESC LIMIT 1").value_or("NULL");
    };
    const std::int64_t start = revision();
    CHECK(db.number("SELECT count(*) FROM settings_history WHERE who = 'migration' AND before IS NULL") == 5);

    must(db, "UPDATE miner_profiles SET start_voltage = 50.5 WHERE slug = 'primary-s21-revenue'");
    CHECK(revision() == start + 1);
    CHECK(last("who || table_name || row_id") == "sqlminer_profilesd0000000-0000-0000-0000-000000000001");
    CHECK(last("json_extract(before, '$.start_voltage') || ' ' || json_extract(after, '$.start_voltage')") == "50.0 50.5");
    CHECK(db.number("SELECT count(*) FROM settings_history WHERE table_name = 'miner_profiles' AND before IS NOT NULL") == 1);

    must(db, "UPDATE hvac_zones SET temp_too_hot = temp_too_hot");
    CHECK(revision() == start + 1);

    must(db,
         "BEGIN; UPDATE settings_revision SET who = 'api'; UPDATE user_preferences SET operating_mode = 'off';"
         "UPDATE settings_revision SET who = ''; COMMIT");
    CHECK(last("who || json_extract(after, '$.operating_mode')") == "apioff");

    must(db, "DELETE FROM hvac_zones WHERE slug = 'main-room'");
    CHECK(last("json_extract(before, '$.zone_name') || coalesce(after, ' gone')") == "Main Room gone");
    CHECK(revision() == start + 3);
}

TEST_CASE("history keeps every column but updated_at") {
    Connection db = new_schema();
    for (const std::string table : {"user_preferences", "miner_profiles", "hvac_zones"}) {
        const auto columns = db.number("SELECT count(*) FROM pragma_table_info('" + table + "')").value();
        must(db, "UPDATE " + table + " SET created_at = '2001-01-01T00:00:00.000Z'");
        for (const std::string side : {"before", "after"})
            CHECK(db.number("SELECT count(*) FROM settings_history AS h, json_each(h." + side +
                            ") WHERE h.id = "
                            "(SELECT max(id) FROM settings_history)") == columns - 1);
    }
    must(db, "DELETE FROM miner_profiles WHERE slug = 'dump-load-s19-1'");
    must(db, "UPDATE user_preferences SET voltage_curve = '[{\"voltage\":45,\"soc\":0},{\"voltage\":56,\"soc\":100}]'");
    must(db,
         "UPDATE user_preferences SET voltage_curve = (SELECT json_extract(before, '$.voltage_curve') FROM "
         "settings_history ORDER BY id DESC LIMIT 1)");
    CHECK(db.number("SELECT json_array_length(voltage_curve) FROM user_preferences") == 6);
}

TEST_CASE("telemetry: views show units, with one row per slot") {
    Connection db = new_schema();
    must(db,
         "INSERT INTO sources (id, name) VALUES (7, 'victron.battery');"
         "INSERT INTO victron_battery_readings VALUES ((unixepoch() - 60) * 256 + 7, 5230, 5229, 5231, 1210, 633, 6533, 185, 1, "
         "8450, 1850, 0, NULL, NULL);"
         "INSERT INTO solark_telemetry (timestamp, batt_voltage, batt_power, pv_power, load_power, grid_power) "
         "VALUES (unixepoch() - 30, 5220, -400, 8000, 1000, -7000)");
    CHECK(db.text("SELECT source || ' ' || voltage || ' ' || current || ' ' || temperature || ' ' || soc FROM "
                  "v_victron_battery_readings") == "victron.battery 52.3 12.1 18.5 65.33");
    CHECK(db.text("SELECT plant_id || ' ' || pv_to_grid || ' ' || grid_to_load || ' ' || pv_to_load || pv_to_bat || "
                  "bat_to_load "
                  "FROM v_solark_telemetry") == "sol_ark 7000 0 101");
    CHECK(db.number("SELECT count(*) FROM v_battery_latest") == 2);
    CHECK(db.text("SELECT voltage || ' ' || power FROM v_battery_latest WHERE source = 'victron.battery'") == "52.3 633");
    CHECK(db.text("SELECT samples || ' ' || voltage_mean || ' ' || voltage_min FROM v_battery_last_hour WHERE source = "
                  "'victron.battery'") == "1 52.3 52.29");
    CHECK_FALSE(db.execute("INSERT INTO sources (id, name) VALUES (256, 'x')").ok());
    CHECK_FALSE(db.execute("INSERT INTO sources (name) VALUES ('sol_ark')").ok());
}

TEST_CASE("proofs and backups: keep at most 1,000 rows each") {
    Connection db = new_schema();
    must(db,
         "INSERT INTO output_proofs (output, at, dialect, lease_s, measured_s) VALUES ('s21', 1750532400500, 'tasmota', 60, "
         "60.4)");
    CHECK(db.text("SELECT output || ' ' || at || ' ' || dialect || ' ' || lease_s || ' ' || measured_s FROM v_output_proofs") ==
          "s21 2025-06-21T19:00:00Z tasmota 60 60.4");
    check_range(db, "output_proofs", "lease_s", "30", "29", "300", "301");
    check_edges(db, {{"output_proofs", "measured_s = 0", false}, {"output_proofs", "output = NULL", false}});
    must(db,
         "INSERT INTO backups (at, path, bytes, error) VALUES (1750532400500, '/media/stick', 0, 'the disk is full'), "
         "(1750532400500, '/media/stick/a.tar.gz', 4096, NULL)");
    CHECK(db.text("SELECT group_concat(at || ' ' || bytes || ' ' || coalesce(error, '-')) FROM v_backups") ==
          "2025-06-21T19:00:00Z 0 the disk is full,2025-06-21T19:00:00Z 4096 -");
    check_edges(db, {{"backups", "bytes = -1", false}, {"backups", "path = ''", false}, {"backups", "error = ''", false}});
    for (const char* row : {"output_proofs (output, at, dialect, lease_s, measured_s) SELECT 's21', i, 'tasmota', 60, 60",
                            "backups (at, path, bytes) SELECT i, 'x', 1"})
        must(db, std::string("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) INSERT INTO ") +
                     row + " FROM n");
    for (const char* table : {"output_proofs", "backups"}) {
        const std::string from = std::string(" FROM ") + table;
        CHECK(db.number("SELECT count(*)" + from) == 1000);
        CHECK(db.number("SELECT max(at)" + from) == 1100);
    }
}

TEST_CASE("runtime per day: splits at midnight and counts open runs") {
    Connection db = new_schema();
    must(db,
         "INSERT INTO load_runs VALUES ('m', 1750543200000, 1750550400000, 'running', 'voltage', 9000);"  // 22:00-00:00
         "INSERT INTO load_runs VALUES ('m', 1750633200000, 1750640400000, 'running', 'voltage', 9000);"  // 23:00-01:00
         "INSERT INTO load_runs VALUES ('n', 1750543200000, NULL, 'running', NULL, NULL);"                // end lost
         "INSERT INTO load_runs VALUES ('n', 1750546800000, 1750548600000, 'running', 'sun', 1)");
    CHECK(db.text("SELECT group_concat(day || ' ' || load || ' ' || runs || ' ' || hours, '; ') FROM (SELECT * FROM "
                  "v_runtime_per_day ORDER BY load, day)") ==
          "2025-06-21 m 1 2.0; 2025-06-22 m 1 1.0; 2025-06-23 m 1 1.0; 2025-06-21 n 2 1.5");
    must(db,
         "DELETE FROM load_runs; INSERT INTO load_runs VALUES ('m', (unixepoch() - 60) * 1000, NULL, 'running', NULL, "
         "NULL)");
    CHECK(db.number("SELECT round(sum(hours) * 3600) FROM v_runtime_per_day").value() >= 58);
}
