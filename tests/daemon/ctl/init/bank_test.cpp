#include "daemon/ctl/init/bank.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "daemon/ctl/init/writing.hpp"
#include "drivers/store/settings/fields.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::ctl::Json;
using volt::ctl::word;

namespace bank_test {

namespace {

/// Returns warnings and problems of a site with two miners, whose bank comes from init.
std::string doubts(const Json& bank, double first_w, double second_w) {
    const auto miner = [](const char* name, double watts, const char* output) {
        return Json{{"name", name}, {"power_draw_w", std::to_string(watts)}, {"device_id", output}, {"hvac_zone_id", nullptr}};
    };
    const auto relay = [](const char* id) { return Json{{"id", id}, {"dialect", "tasmota"}, {"topic", id}}; };
    const Json answers{{"site", "a"},
                       {"timezone", "Europe/Berlin"},
                       {"bank", bank},
                       {"victron", {{"host", "192.168.7.20"}}},
                       {"mqtt", {{"url", "mqtt://127.0.0.1:1883"}}},
                       {"outputs", Json::array({relay("m1"), relay("m2")})},
                       {"miners", Json::array({miner("a", first_w, "m1"), miner("b", second_w, "m2")})}};
    const Draft draft = draft_of(answers, {}, Targets{}, true);
    std::string text;
    for (const auto* list : {&draft.problems, &draft.warnings, &draft.notes})
        for (const std::string& it : *list) text += it + "\n";
    return text;
}

const Json shack{{"kind", "solar-shack-16s"}}, sized_shack{{"kind", "solar-shack-16s"}, {"capacity_ah", 600}};

}  // namespace

TEST_CASE("keeps thresholds of the Solar Shack's bank and sizes its energy") {
    const Json sized = bank_preferences(sized_shack, {});
    CHECK(word(sized, "bank_wh") == "30720");
    CHECK(sized.size() == 2);  // and the curve, with one more point on its line
    CHECK(word(sized, "voltage_curve") != field_at(SettingsTable::preferences, "voltage_curve").fallback);
    CHECK(bank_preferences(shack, {}) == Json{{"reserve_voltage", "54.00"}});
    CHECK(word(miner_voltages(shack, 0, 3878), "start_voltage") == "54.00");
    CHECK(word(miner_voltages(sized_shack, 0, 3878), "start_voltage") == "50.00");
    CHECK(bank_kinds().back().name == "solar-shack-16s");
}

TEST_CASE("no preset raises a warning about init's own choices") {
    std::size_t known = 0;
    for (const BankKind& kind : bank_kinds()) {
        if (kind.chemistry == nullptr) continue;
        ++known;
        for (const Json& capacity : {Json(100), Json(280), Json(2000), Json()})
            for (const double at_48_v : {300.0, 1200.0, 3878.0}) {
                const double watts = std::floor(at_48_v * kind.cells / kind.of_cells);
                CAPTURE(kind.name);
                CAPTURE(watts);
                CHECK(doubts({{"kind", kind.name}, {"capacity_ah", capacity}}, watts, watts) == "");
            }
    }
    CHECK(known == 14);
}

TEST_CASE("scales voltages with the number of cells exactly") {
    const Json eight = bank_preferences({{"kind", "lifepo4-8s"}, {"capacity_ah", 100}}, {});
    CHECK(word(eight, "voltage_shutdown") == "22.00");
    CHECK(word(eight, "voltage_absorption") == "28.80");
    CHECK(word(eight, "bank_wh") == "2560");
    CHECK(word(eight, "bridge_wh") == "128");  // the settings allow a twentieth
    CHECK(word(eight, "max_battery_discharge_w") == "1280");
    CHECK(word(eight, "inverter_max_w") == "6000");
    CHECK(word(bank_preferences({{"kind", "lifepo4-15s"}}, {}), "reserve_voltage") == "49.69");
    CHECK(word(eight, "voltage_curve").starts_with("22.00:0,24.80:5,"));
    CHECK(word(miner_voltages({{"kind", "lifepo4-4s"}, {"capacity_ah", 1}}, 3, 100), "stop_voltage") == "13.25");
}

TEST_CASE("keeps the lower half of lead-acid banks") {
    const Json agm = bank_preferences({{"kind", "agm-12v"}, {"capacity_ah", 400}}, {});
    CHECK(word(agm, "bank_wh") == "4800");
    CHECK(word(agm, "budget_floor_percent") == "50");
    CHECK(word(agm, "max_battery_discharge_w") == "960");
    CHECK(word(agm, "voltage_absorption") == "14.40");
    CHECK(word(bank_preferences({{"kind", "gel-48v"}, {"capacity_ah", 400}}, {}), "battery_absolute_max") == "58.40");
    CHECK(word(bank_preferences({{"kind", "flooded-24v"}}, {}), "reserve_voltage") == "24.80");
    CHECK_FALSE(bank_kind("flooded-48v")->cold_charge_damages);
}

TEST_CASE("starts a miner above its own voltage drop") {
    const Json small = miner_voltages({{"kind", "agm-12v"}, {"capacity_ah", 100}}, 0, 2000);
    CHECK(word(small, "stop_voltage") == "12.00");
    CHECK(word(small, "start_voltage") == "12.84");  // 167 A through 4 mOhm, plus a quarter
}

TEST_CASE("limits and names a start above the charger") {
    const Json bank{{"kind", "gel-24v"}, {"capacity_ah", 200}};
    const Json volts = miner_voltages(bank, 0, 10'000);
    CHECK(word(volts, "start_voltage") == "28.20");
    CHECK(start_doubt(bank, volts, 10'000).find("its 10000 W pull this bank down by about 3.5 V") == 0);
    CHECK(doubts(bank, 10'000, 300).find("miner a: its 10000 W pull") != std::string::npos);
    CHECK(start_doubt(bank, miner_voltages(bank, 0, 1000), 1000) == "");
}

TEST_CASE("no LiFePO4 preset allows more than 3.65 V a cell") {
    for (const BankKind& kind : bank_kinds()) {
        if (!kind.name.starts_with("lifepo4")) continue;
        CAPTURE(kind.name);
        const double most = std::stod(word(bank_preferences({{"kind", kind.name}}, {}), "battery_absolute_max"));
        CHECK(most == doctest::Approx(3.65 * kind.cells));
    }
    CHECK_FALSE(bank_preferences(shack, {}).contains("battery_absolute_max"));
}

TEST_CASE("keeps a custom bank's values and asks for miners") {
    const Json own = bank_preferences({{"kind", "own"}, {"capacity_ah", 100}},
                                      {{"voltage_at_0_percent", "46.0"}, {"voltage_at_100_percent", "51.0"}});
    CHECK_FALSE(own.contains("bank_wh"));
    CHECK(word(own, "max_battery_discharge_w") == "4850");
    const Json small = bank_preferences({{"kind", "own"}, {"capacity_ah", 400}},
                                        {{"voltage_at_0_percent", "11.5"}, {"voltage_at_100_percent", "12.5"}});
    CHECK(word(small, "max_battery_discharge_w") == "1250");
    CHECK(word(small, "inverter_max_w") == "3000");
    CHECK(miner_voltages({{"kind", "own"}}, 0, 1000).empty());
}

}  // namespace bank_test
