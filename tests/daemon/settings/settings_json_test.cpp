// Tests of settings as JSON: input and output of HTTP.
#include "daemon/settings/settings_json.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "drivers/decimal.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/write.hpp"
#include "rules/readings/readings.hpp"

using namespace volt;

namespace settings_json_test {

namespace {

Connection new_database() {
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    REQUIRE(db.ok());
    REQUIRE(migrate(db.value(), built_in_migrations()).ok());
    return std::move(db.value());
}

Edit<Edited> put(Connection& db, SettingsTable table, const std::string& row, const std::string& body) {
    return change_record(db, table, row, json::assignments(table, json::Object::parse(body)), {"api", false});
}

/// Returns the vectors for the page's own checks and arithmetic.
json::Object page_vectors() {
    std::ifstream file(std::string(VOLT_SOURCE_DIR) + "/tests/daemon/web/vectors.json");
    return json::Object::parse(file);
}

/// Returns the sentences that reject a change, or none if it is accepted.
json::Object errors_of(Connection& db, const json::Object& vector) {
    const SettingsTable table = settings_table_named(vector["table"].get<std::string>()).value();
    const char* row = table == SettingsTable::zones ? "heat-room" : "dump-load-s19-1";
    const auto edited =
        change_record(db, table, row, json::assignments(table, vector["change"]), {.who = "api", .dry_run = true});
    json::Object errors = json::Object::array();
    if (edited) return errors;
    const json::Object failure = json::failure(edited.failure());
    if (!failure.contains("problems")) errors.push_back(failure["error"]);
    else
        for (const json::Object& it : failure["problems"]) errors.push_back(it["error"]);
    return errors;
}

}  // namespace

TEST_CASE("changes nothing when a row is written back") {
    Connection db = new_database();
    for (const SettingsTable table : settings_tables) {
        const Record row =
            find_record(read_records(db).value(), table, table == SettingsTable::zones ? "heat-room" : "dump-load-s19-1").value();
        const Edit<Edited> edited = put(db, table, row.slug(), json::record(row).dump());
        REQUIRE_MESSAGE(edited.ok(), (edited ? "" : edited.failure().text));
        CHECK(edited.value().rows.empty());
    }
}

TEST_CASE("converts JSON types of numbers, flags and null") {
    Connection db = new_database();
    const std::string s19 = "dump-load-s19-1";
    CHECK(put(db, SettingsTable::miners, s19, R"({"enabled":0,"minimum_solar_w":null,"start_voltage":55})").ok());
    const json::Object row = json::record(find_record(read_records(db).value(), SettingsTable::miners, s19).value());
    CHECK(row["enabled"] == false);
    CHECK(row["minimum_solar_w"] == nullptr);
    CHECK(row["start_voltage"].dump() == "55.0");
    CHECK(row["power_draw_w"].dump() == "3250");
    for (const char* bad : {R"({"start_voltage":"55"})", R"({"start_voltage":true})", R"({"start_voltage":[55]})",
                            R"({"start_voltage":1e300})", R"({"enabled":"yes"})", R"({"name":7})", R"({"name":null})"})
        CHECK_MESSAGE(!put(db, SettingsTable::miners, s19, bad).ok(), bad);
}

TEST_CASE("reads the curve as points, pairs and text") {
    Connection db = new_database();
    for (const char* good : {R"({"voltage_curve":[{"voltage":45,"soc":0},{"voltage":56,"soc":100}]})",
                             R"({"voltage_curve":[[45,0],[50,50.5],[56,100]]})", R"({"voltage_curve":"45:0,51:30,56:100"})"})
        CHECK_MESSAGE(put(db, SettingsTable::preferences, "", good).ok(), good);
    for (const char* bad :
         {R"({"voltage_curve":[]})", R"({"voltage_curve":[[45,0,1],[56,100]]})", R"({"voltage_curve":7})",
          R"({"voltage_curve":[{"voltage":45,"soc":"0"},{"voltage":56,"soc":100}]})", R"({"voltage_curve":{}})"})
        CHECK_MESSAGE(!put(db, SettingsTable::preferences, "", bad).ok(), bad);
}

TEST_CASE("reports problems with status, field and need") {
    Connection db = new_database();
    const auto one = put(db, SettingsTable::miners, "primary-s21-revenue", R"({"stop_voltage":51})");
    CHECK(json::failure(one.failure()) ==
          json::Object{{"error", "stop_voltage 51.0: must be under start_voltage (50.0); nearest allowed 49.99"},
                       {"field", "stop_voltage"},
                       {"need", "< start_voltage (50.0)"},
                       {"value", "51.0"},
                       {"nearest", "49.99"}});
    const auto two = put(db, SettingsTable::miners, "primary-s21-revenue", R"({"min_on_s":-1,"min_off_s":-1})");
    CHECK(json::failure(two.failure())["problems"].size() == 2);
    const auto none = put(db, SettingsTable::miners, "x", "{}");
    CHECK(json::failure(none.failure())["known"].size() == 2);
    CHECK((json::http_status(one.failure().fault) == 400 && json::http_status(none.failure().fault) == 404));
    CHECK(json::http_status(EditFault::conflict) == 409);
}

TEST_CASE("matches the page's checks to the answers of a save") {
    Connection db = new_database();
    const json::Object vectors = page_vectors();
    for (const json::Object& vector : vectors["changes"]) CHECK(errors_of(db, vector) == vector["errors"]);
}

TEST_CASE("matches the page's curve to the rules") {
    const auto steps = [](const json::Object& number) { return whole_steps(number.get<double>(), 2).value(); };
    const json::Object vectors = page_vectors();
    for (const json::Object& vector : vectors["curves"]) {
        std::vector<CurvePoint> curve;
        for (const json::Object& it : vector["points"]) curve.push_back({{steps(it["voltage"])}, {steps(it["soc"])}});
        for (const json::Object& read : vector["reads"]) CHECK(soc_of({steps(read[0])}, curve).steps == steps(read[1]));
    }
}

}  // namespace settings_json_test
