// Edits by name: effects of naming a device, taken or refused names, and relations that hold after any edit.
#include "drivers/store/settings/edit.hpp"

#include <array>

#include "drivers/store/settings/rules.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;

namespace settings_names_test {

namespace {

constexpr SettingsTable prefs = SettingsTable::preferences, zones = SettingsTable::zones, miners = SettingsTable::miners;
const std::string s21 = "primary-s21-revenue";

std::string first_text(const Edit<Edited>& edited) {
    REQUIRE_FALSE(edited.ok());
    return edited.failure().text;
}

}  // namespace

TEST_CASE("naming a zone's device enables it unless the edit disagrees") {
    Connection db = new_schema();
    const std::vector<Assignment> room = {{"zone_name", std::string("Greenhouse")},
                                          {"exhaust_fan_device_id", std::string("fan")},
                                          {"heater_device_id", std::string("stove")}};
    const Edit<Edited> added = add_record(db, zones, room, by_test);
    REQUIRE_MESSAGE(added.ok(), added.failure().text);
    const Record& row = *added.value().rows.at(0).after;
    CHECK((row.flag("exhaust_fan_enabled") && row.flag("heating_enabled")));
    CHECK(row.text("heating_priority_1") == "heater");
    REQUIRE(change_record(db, zones, "greenhouse", {{"exhaust_fan_enabled", false}, {"heating_enabled", false}}, by_test).ok());
    const Edit<Edited> quiet = change_record(
        db, zones, "greenhouse", {{"exhaust_fan_device_id", std::string("fan-2")}, {"exhaust_fan_enabled", false}}, by_test);
    REQUIRE(quiet.ok());
    CHECK_FALSE(quiet.value().rows.at(0).after->flag("exhaust_fan_enabled"));
    const Edit<Edited> named = change_record(db, zones, "greenhouse", {{"exhaust_fan_device_id", std::string("fan-3")}}, by_test);
    REQUIRE(named.ok());
    CHECK(named.value().rows.at(0).after->flag("exhaust_fan_enabled"));
    CHECK_FALSE(named.value().rows.at(0).after->flag("heating_enabled"));
    const Edit<Edited> none = change_record(db, zones, "greenhouse", {{"exhaust_fan_device_id", FieldValue{}}}, by_test);
    CHECK(none.ok());
}

TEST_CASE("refuses a name with invisible or reversing characters") {
    Connection db = new_schema();
    for (const char* hidden : {"\xC2\x85", "\xE2\x80\x8E", "\xE2\x80\xA8", "\xE2\x80\xAE", "\xE2\x81\xA9", "\xEF\xBB\xBF"}) {
        const Edit<Edited> edited = change_record(db, miners, s21, {{"name", std::string("S21") + hidden}}, by_test);
        CHECK(first_text(edited).find("without control or invisible characters") != std::string::npos);
    }
    CHECK(change_record(db, miners, s21, {{"name", std::string("S21 Küche")}}, by_test).ok());
}

namespace {

/// Checks the relations that must hold after any accepted edit, written out here once more.
void check_relations(const Settings& s) {
    const Preferences& p = s.preferences;
    CHECK((p.shutdown < p.critical_low && p.critical_low <= p.low && p.low < p.restart && p.restart <= p.optimal_min));
    CHECK((p.optimal_min < p.optimal_max && p.optimal_max <= p.float_v && p.float_v < p.absorption && p.absorption <= p.full));
    CHECK(p.full <= p.absolute_max);
    for (const Miner& m : s.miners) CHECK((m.emergency < m.stop && m.stop < m.start));
    for (const Zone& z : s.zones) CHECK((z.too_cold < z.cold_ok && z.cold_ok < z.hot_ok && z.hot_ok < z.too_hot));
}

}  // namespace

TEST_CASE("thresholds remain in order after any accepted edit") {
    Connection db = new_schema();
    std::uint32_t seed = 12345;
    const auto random = [&seed](std::uint32_t below) { return (seed = seed * 1664525U + 1013904223U) / 65536U % below; };
    int accepted = 0, refused_ones = 0;
    for (int i = 0; i < 600; ++i) {
        const SettingsTable table = std::array{prefs, zones, miners}[random(3)];
        const auto& orders = orders_of(table);
        std::vector<Assignment> fields;
        for (std::uint32_t n = 1 + random(2); n > 0; --n) {
            const auto& order = orders[random(static_cast<std::uint32_t>(orders.size()))];
            const double value = table == zones ? random(50) : 40 + random(400) / 20.0;
            fields.push_back({random(2) == 0 ? order.low : order.high, value});
        }
        const Edit<Edited> edited = change_record(db, table, table == zones ? "heat-room" : s21, fields, by_test);
        ++(edited.ok() ? accepted : refused_ones);
        if (edited.ok()) check_relations(edited.value().after);
    }
    CHECK(accepted > 20);
    CHECK(refused_ones > 100);
}

TEST_CASE("names with wildcards, quotes and commands are only names") {
    Connection db = new_schema();
    for (const std::string& name : {std::string("a/+/b"), std::string("#"), std::string("x'; DROP TABLE miner_profiles; --"),
                                    std::string("\"q\""), std::string("$(reboot) `id`"), std::string("{\"a\":1}")}) {
        const Edit<Edited> edited = change_record(db, miners, s21, {{"name", name}}, {"test", true});
        if (!edited.ok()) continue;  // no letter or digit: no slug
        const std::string slug = edited.value().rows.at(0).after->slug();
        CAPTURE(name);
        CHECK_FALSE(slug.empty());
        CHECK(slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
        CHECK(edited.value().rows.at(0).after->name() == name);
    }
    CHECK(db.number("SELECT count(*) FROM miner_profiles") == 2);
}

}  // namespace settings_names_test
