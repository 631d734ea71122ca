// Tests of answer files: read strictly, converted to a voltd.yaml and settings that voltd accepts, and written again.
#include "daemon/ctl/init/answers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/config/config.hpp"
#include "daemon/ctl/init/bank.hpp"
#include "daemon/ctl/init/writing.hpp"
#include "rules/readings/readings.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::ctl::Json;
using volt::testing::read_file;

namespace answers_test {

namespace {

const std::string folder = VOLT_SOURCE_DIR "/tests/daemon/ctl/init/";

std::string all_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& it : lines) text += it + "\n";
    return text;
}

std::string all_of(const std::vector<Problem>& problems) {
    std::string text;
    for (const Problem& it : problems) text += text_of(it) + "\n";
    return text;
}

Json answers_of(const std::string& name) {
    const AnswersRead read = read_answers(read_file(folder + name), name);
    CHECK(all_of(read.problems) == "");
    return read.answers;
}

Draft draft_of_file(const std::string& name) {
    FileHead head;
    head.date = "2025-06-21";
    head.version = "1";
    return draft_of(answers_of(name), head, Targets{}, true);
}

std::string problems_in(const std::string& text) { return all_of(read_answers(text, "a.yaml").problems); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Settings settings_after(const Draft& draft) { return draft.settings; }

}  // namespace

TEST_CASE("makes an accepted file and settings from each answers file") {
    for (const char* name : {"shack.yaml", "bank24.yaml", "bank12.yaml", "lead-acid.yaml", "fans.yaml", "flooded24.yaml"}) {
        CAPTURE(std::string(name));
        const Draft draft = draft_of_file(name);
        CHECK(all_of(draft.problems) == "");
        CHECK(all_of(draft.warnings) == "");
        const ParsedConfig parsed = parse_config(draft.file, "voltd.yaml");
        REQUIRE(parsed.config);
        CHECK_FALSE(parsed.config->control.live);
        // Written and read again, the answers make the same file.
        const AnswersRead again = read_answers(answers_text(answers_of(name)), "again");
        CHECK(all_of(again.problems) == "");
        FileHead head;
        head.date = "2025-06-21";
        head.version = "1";
        CHECK(draft_of(again.answers, head, Targets{}, true).file == draft.file);
    }
}

TEST_CASE("writes the Solar Shack's file word for word") {
    const std::string file = draft_of_file("shack.yaml").file;
    const std::string golden = folder + "golden/shack.voltd.yaml";
    if (std::getenv("VOLT_GOLDEN") != nullptr) volt::testing::write_file(golden, file);
    CHECK(file == read_file(golden));
}

TEST_CASE("keeps default settings only for the Solar Shack") {
    const Settings shack = settings_after(draft_of_file("shack.yaml"));
    CHECK(shack.miners.size() == 2);
    CHECK(shack.zones.size() == 2);
    CHECK(shack.miners[0].start == 5000_cV);
    CHECK(shack.preferences.bank_wh == 30720);
    const Settings cabin = settings_after(draft_of_file("bank24.yaml"));
    REQUIRE(cabin.miners.size() == 1);
    CHECK(cabin.zones.empty());
    CHECK(cabin.miners[0].start == 2650_cV);
    CHECK(cabin.miners[0].stop == 2550_cV);
    CHECK(cabin.miners[0].operating_mode == OperatingMode::aggressive);
    CHECK(cabin.preferences.inverter_max == 6000_W);
    CHECK(cabin.preferences.reserve == 2650_cV);
    CHECK(cabin.preferences.absolute_max == 2920_cV);
    CHECK(cabin.timezone == "Europe/Berlin");
    const Settings van = settings_after(draft_of_file("bank12.yaml"));
    CHECK(van.miners.empty());
    CHECK(van.zones.size() == 1);
    CHECK(van.preferences.bank_wh == 3584);
    const Settings barn = settings_after(draft_of_file("lead-acid.yaml"));
    CHECK(barn.preferences.low == 4800_cV);
    CHECK(barn.preferences.bank_wh == 19200);
    CHECK(barn.preferences.curve.size() == 5);
    CHECK(barn.preferences.budget_floor_percent == 50);
    CHECK(settings_after(draft_of_file("flooded24.yaml")).preferences.budget_floor_percent == 50);
    CHECK(settings_after(draft_of_file("fans.yaml")).zones.at(0).fan_id == "room-fan");
}

TEST_CASE("names an unanswered question and a misspelled key") {
    const std::string empty = problems_in("site: a\n");
    for (const char* key :
         {"timezone", "bank", "victron", "sol_ark", "mqtt", "outputs", "zones", "miners", "api", "home_assistant"}) {
        CAPTURE(std::string(key));
        CHECK(has(empty, std::string(": ") + key + ": "));
    }
    const std::string shack = read_file(folder + "shack.yaml");
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = shack;
        text.replace(text.find(from), from.size(), to);
        return problems_in(text);
    };
    CHECK(has(with("timezone:", "timezon:"), "a.yaml:3:1: timezon"));
    CHECK(has(with("timezone:", "timezon:"), "timezone"));
    CHECK(has(with("kind: solar-shack-16s", "kind: lifepo4-17s"), "bank.kind"));
    CHECK(has(with("dialect: tasmota", "dialect: tasmoto"), "outputs[0].dialect"));
    CHECK(has(with("power_draw_w: 3878", "power_drow_w: 3878"), "power_draw_w"));
    CHECK(has(with("unit: 1 }", "unit: 400 }"), "sol_ark.unit"));
    CHECK(has(problems_in(shack + "site: b\n"), "site"));
    CHECK_FALSE(problems_in("").empty());
    CHECK_FALSE(problems_in("- a\n").empty());
    CHECK_FALSE(problems_in("site: [").empty());
}

TEST_CASE("requires consistent voltages for a custom bank before writing") {
    std::string text = read_file(folder + "lead-acid.yaml");
    const std::string line = "  voltage_float: 54.0\n";
    text.replace(text.find(line), line.size(), "");
    CHECK(has(problems_in(text), "thresholds.voltage_float: no answer"));
    Json answers = answers_of("lead-acid.yaml");
    answers["thresholds"]["voltage_low"] = "30";
    CHECK(has(all_of(draft_of(answers, {}, Targets{}, true).problems), "voltage_low"));
    answers = answers_of("shack.yaml");
    answers["miners"][0]["power_draw_w"] = "a lot";
    CHECK(has(all_of(draft_of(answers, {}, Targets{}, true).problems), "power_draw_w"));
    answers = answers_of("shack.yaml");
    answers["miners"][1]["device_id"] = "primary-s21";
    CHECK_FALSE(draft_of(answers, {}, Targets{}, true).problems.empty());
}

TEST_CASE("plans no night by the size of a bank whose curve is not known") {
    Json answers = answers_of("lead-acid.yaml");
    const Json ends{{"voltage_at_0_percent", "44.0"}, {"voltage_at_100_percent", "58.4"}};
    answers["bank"] = {{"kind", "own"}, {"capacity_ah", 400}};
    answers["thresholds"].update(ends);
    const Draft unknown = draft_of(answers, {}, Targets{}, true);
    CHECK(all_of(unknown.problems) == "");
    CHECK(has(all_of(unknown.notes), "its size makes no night budget; give its chemistry"));
    CHECK_FALSE(unknown.settings.preferences.bank_wh);
    answers["thresholds"]["voltage_curve"] = "44.0:0,58.4:100";
    CHECK_FALSE(draft_of(answers, {}, Targets{}, true).settings.preferences.bank_wh);
    answers["thresholds"]["voltage_curve"] = "44.0:0,52.6:35,58.4:100";
    CHECK(draft_of(answers, {}, Targets{}, true).settings.preferences.bank_wh == 20480);
    answers = answers_of("lead-acid.yaml");
    answers["bank"] = {{"kind", "own"}, {"chemistry", "lifepo4"}, {"cells", 16}, {"capacity_ah", 400}};
    const Preferences known = draft_of(answers, {}, Targets{}, true).settings.preferences;
    CHECK(known.bank_wh == 20480);
    CHECK(soc_of(5268_cV, known.curve) < Percent{4000});  // a straight line said 78 %
}

TEST_CASE("asks for chemistry and cells together, and for the ends of the curve without them") {
    const std::string barn = read_file(folder + "lead-acid.yaml");
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = barn;
        text.replace(text.find(from), from.size(), to);
        return problems_in(text);
    };
    CHECK(has(with("cells: 24, ", ""), "a.yaml:4:7: bank.cells: no answer; add the number of cells"));
    CHECK(has(with("chemistry: agm, ", ""), "bank.chemistry: no answer"));
    CHECK(has(with("chemistry: agm, cells: 24, ", ""), "thresholds.voltage_at_0_percent: no answer"));
    CHECK(has(with("thresholds:\n", "thresholds:\n  voltage_at_0_percent: 46\n"), "it follows from the chemistry"));
    CHECK(has(with("kind: own", "kind: agm-48v"), "agm-48v includes it"));
    CHECK(has(with("chemistry: agm", "chemistry: lead"), "bank.chemistry"));
}

TEST_CASE("names each answer of a wrong unit or size at its place") {
    const std::string base = read_file(folder + "flooded24.yaml");
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = base;
        text.replace(text.find(from), from.size(), to);
        return problems_in(text);
    };
    CHECK(has(with("inverter_max_w: 4000", "inverter_max_w: 4 kW"), "a.yaml:8:17: inverter_max_w: \"4 kW\" is not valid"));
    CHECK(has(with("inverter_max_w: 4000", "inverter_max_w: 4"), "expected 500..200000"));
    CHECK(has(with("temperature_unit: F", "temperature_unit: K"), "a.yaml:4:19: temperature_unit"));
    CHECK(has(with("longitude: -112.4", "longitude: 112.4 W"), "longitude"));
    CHECK(has(with("power_draw_w: 1200", "power_draw_w: 1.2"), "miners[0].power_draw_w: \"1.2\" is not valid"));
    CHECK(has(with("capacity_ah: 800", "capacity_ah: 19 kWh"), "bank.capacity_ah"));
    CHECK(has(with("heater_power_w: 800", "heater_power_w: 800, heating_enabled: warm"), "heating_enabled"));
    const auto zone = [&](const std::string& more) { return with("zone_name: Mill,", "zone_name: Mill, " + more + ","); };
    CHECK(has(zone("temp_too_hot: 95"), "zones[0].temp_too_hot: 95 could be °C or °F; write 95 F or 95 C"));
    CHECK(has(zone("temp_too_hot: hot"), "is no temperature of a zone"));
    CHECK(has(zone("temp_too_hot: 400 F"), "is no temperature of a zone"));
    CHECK(zone("temp_too_hot: 95 F, temp_hot_ok: 30 C, block_charging_below_c: \"32°F\"") == "");
    const std::string room = read_file(folder + "fans.yaml");
    const auto room_with = [&](const std::string& degrees) {
        std::string text = room;
        return problems_in(text.replace(text.find("zone_name: Room,"), 16, "zone_name: Room, temp_too_hot: " + degrees + ","));
    };
    CHECK(room_with("35") == "");
    CHECK(has(room_with("95"), "could be °C or °F"));
}

TEST_CASE("keeps a zone's temperatures in °C whatever unit they are typed in") {
    Json answers = answers_of("fans.yaml");
    answers["zones"][0].update({{"temp_too_hot", "95 F"}, {"temp_hot_ok", "30 C"}, {"temp_cold_ok", "5"}});
    const Zone zone = draft_of(answers, {}, Targets{}, true).settings.zones.at(0);
    CHECK(zone.too_hot == 350_dK);
    CHECK(zone.hot_ok == 300_dK);
    CHECK(zone.cold_ok == 50_dK);
}

TEST_CASE("asks a lithium site without a charging guard whether that is meant") {
    Json answers = answers_of("fans.yaml");
    CHECK(guard_may_end(answers));
    answers.erase("charge_guard");
    CHECK_FALSE(guard_may_end(answers));
    CHECK(has(all_of(draft_of(answers, {}, Targets{}, false).problems), "charge_guard: no answer"));
    answers["zones"][0]["block_charging_enabled"] = "true";
    CHECK(all_of(draft_of(answers, {}, Targets{}, false).problems) == "");
    CHECK(guard_may_end(answers_of("lead-acid.yaml")));  // charging it below freezing does no harm
    CHECK(has(problems_in(read_file(folder + "fans.yaml") + "end_guard: true\n"), "end_guard"));
}

TEST_CASE("raises no warning about its own choices for any preset with any site's answers") {
    std::size_t sites = 0;
    for (const char* name : {"shack.yaml", "bank24.yaml", "bank12.yaml", "lead-acid.yaml", "fans.yaml", "flooded24.yaml"})
        for (const BankKind& kind : bank_kinds()) {
            if (kind.chemistry == nullptr) continue;
            Json answers = answers_of(name);
            answers["bank"] = {{"kind", kind.name}, {"capacity_ah", answers["bank"]["capacity_ah"]}};
            for (const char* chosen : {"thresholds", "inverter_max_w", "max_battery_discharge_w"}) answers.erase(chosen);
            if (!has_none(answers, "miners"))
                for (Json& miner : answers["miners"])
                    for (const char* volts : {"start_voltage", "stop_voltage", "emergency_stop_voltage"}) miner.erase(volts);
            CAPTURE(std::string(name));
            CAPTURE(kind.name);
            const Draft draft = draft_of(answers, {}, Targets{}, true);
            CHECK(all_of(draft.problems) == "");
            CHECK(all_of(draft.warnings) == "");
            ++sites;
        }
    CHECK(sites == 6 * 14);
}

TEST_CASE("lets only the first miner use the battery") {
    Json answers = answers_of("flooded24.yaml");
    const std::vector<Miner> miners = draft_of(answers, {}, Targets{}, true).settings.miners;
    REQUIRE(miners.size() == 2);
    CHECK(miners[0].operating_mode == OperatingMode::aggressive);
    CHECK_FALSE(miners[0].require_excess_solar);
    CHECK(miners[1].operating_mode == OperatingMode::balanced);
    CHECK(miners[1].require_excess_solar);
    answers["miners"][0]["operating_mode"] = "balanced";
    CHECK(draft_of(answers, {}, Targets{}, true).settings.miners[0].operating_mode == OperatingMode::balanced);
}

TEST_CASE("writes require_lease: false only for a load's relay without a known timer") {
    const std::string file = draft_of_file("flooded24.yaml").file;
    CAPTURE(file);
    const std::string line =
        "require_lease: false              # no timer that voltd can set or read: it may stay on if voltd dies\n";
    const std::size_t first = file.find(line);
    REQUIRE(first != std::string::npos);
    CHECK(file.find(line, first + 1) != std::string::npos);
    CHECK(file.find("require_lease", file.rfind(line) + line.size()) == std::string::npos);
    CHECK_FALSE(has(draft_of_file("fans.yaml").file, "require_lease"));
    CHECK_FALSE(has(draft_of_file("bank24.yaml").file, "require_lease"));
}

TEST_CASE("names an invalid owner's address before writing") {
    Json answers = answers_of("shack.yaml");
    answers["owner"] = "me";
    CHECK(has(all_of(draft_of(answers, {}, Targets{}, true).problems), "owner: "));
}

TEST_CASE("writes a commented section for something not found") {
    Json answers = answers_of("shack.yaml");
    answers.erase("victron");
    FileHead head;
    head.missing = {"victron"};
    const std::string file = draft_of(answers, head, Targets{}, true).file;
    CHECK(has(file, "# victron:\n#   host:"));
    CHECK(parse_config(file, "voltd.yaml").config);
}

}  // namespace answers_test
