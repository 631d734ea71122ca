// Tests of answer files: read strictly, converted to a voltd.yaml and settings that voltd accepts, and written again.
#include "daemon/ctl/init/answers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/config/config.hpp"
#include "daemon/ctl/init/writing.hpp"
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
    CHECK(cabin.preferences.absolute_max == 3000_cV);
    CHECK(cabin.timezone == "Europe/Berlin");
    const Settings van = settings_after(draft_of_file("bank12.yaml"));
    CHECK(van.miners.empty());
    CHECK(van.zones.size() == 1);
    CHECK(van.preferences.bank_wh == 3584);
    const Settings barn = settings_after(draft_of_file("lead-acid.yaml"));
    CHECK(barn.preferences.low == 4800_cV);
    CHECK(barn.preferences.bank_wh == 19400);
    CHECK(barn.preferences.curve.size() == 2);
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
