// Runs every story in this folder, and tests the story reader with bad lines.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/run.hpp"

using namespace volt;
using namespace volt::stories;

namespace {

const std::string folder = "tests/scenarios";

std::vector<std::string> story_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(VOLT_SOURCE_DIR) / folder))
        if (entry.path().extension() == ".story") files.push_back(entry.path().filename().string());
    std::sort(files.begin(), files.end());
    return files;
}

Outcome run_file(const std::string& name, const Bank& bank = {}) {
    std::ifstream in(std::filesystem::path(VOLT_SOURCE_DIR) / folder / name);
    REQUIRE(in);
    return run(read_story(folder + "/" + name, in), bank);
}

Outcome run_text(const std::string& text) {
    std::istringstream in(text);
    return run(read_story("told.story", in));
}

std::string refusal_of(const std::string& text) {
    try {
        run_text(text);
    } catch (const BadStory& bad) { return bad.what(); }
    return "taken";
}

}  // namespace

TEST_CASE("stories: every day on site matches its story") {
    const char* only = std::getenv("VOLT_STORY");  // part of a name, for work on one story
    const std::vector<std::string> files = story_files();
    CHECK(files.size() >= 20);
    std::size_t ticks = 0;
    for (const std::string& file : files) {
        if (only != nullptr && file.find(only) == std::string::npos) continue;
        try {
            const Outcome outcome = run_file(file);
            ticks += outcome.ticks;
            CHECK_MESSAGE(outcome.failure.empty(), outcome.failure);
        } catch (const BadStory& bad) { FAIL_CHECK(bad.what()); }
    }
    MESSAGE("ticks: ", ticks);
}

/// Returns true for stories about a difference of 10 or 20 mV, which rounding hides at a smaller bank. 23-any-bank covers the
/// same rules with larger differences.
bool stands_on_a_step(const std::string& file) {
    for (const char* name : {"09-gx-frozen", "12-spikes", "13-two-devices", "16-override", "17-recovering"})
        if (file.starts_with(name)) return true;
    return false;
}

TEST_CASE("stories: run at any bank as at 48 V") {
    const Bank banks[] = {{"24 V LiFePO4", 2800_cV},
                          {"12 V LiFePO4", 1400_cV},
                          {"48 V lead-acid", 5160_cV},
                          {"24 V lead-acid", 2580_cV},
                          {"12 V lead-acid", 1290_cV}};
    const char* only = std::getenv("VOLT_STORY");
    for (const Bank& bank : banks) {
        CAPTURE(bank.name);
        for (const std::string& file : story_files()) {
            if (stands_on_a_step(file) || (only != nullptr && file.find(only) == std::string::npos)) continue;
            const Outcome outcome = run_file(file, bank);
            CHECK_MESSAGE(outcome.failure.empty(), outcome.failure);
        }
    }
}

TEST_CASE("stories: a failure shows place, step, values and gates") {
    const Outcome outcome = run_text("# a story\n12:00 v=49.00 | s21=off:voltage\n+60s v=49.99\n+1m | s21=on:running # no\n");
    const char* parts[] = {"told.story:4: at day 1 12:02:00 not as told",
                           "+1m | s21=on:running",
                           "expected s21=on:running",
                           "seen     s21=off:voltage:",
                           "s21.voltage=blocks:49.99/50.00:",
                           "s21.rest=passes:"};
    for (const char* part : parts) {
        INFO(outcome.failure);
        CHECK(outcome.failure.find(part) != std::string::npos);
    }
}

TEST_CASE("stories: `all:` checks every tick since the previous step") {
    CHECK(run_text("12:00\n+55s | all:s21=off stage=optimal\n").failure.empty());
    const std::string failure = run_text("12:00\n+120s | all:s21=off\n").failure;
    CHECK(failure.find("at day 1 12:01:00 not as told") != std::string::npos);
    CHECK(run_text("12:00 v=51.00\n+5s v=49.50 | all:stage=optimal stage=normal\n").failure.empty());
    CHECK_FALSE(run_text("12:00 v=51.00\n+5s v=49.50 | all:stage=optimal\n").failure.empty());
}

TEST_CASE("stories: refuses a bad line with its place and remedy") {
    const struct {
        const char *text, *said;
    } cases[] = {
        {"", "told.story:0: a story needs at least one step"},
        {"12:00 | stage=optimal\n+5s\n", "told.story:2: the last step expects nothing"},
        {"\n+5s | stage=optimal\n", "told.story:2: the first step needs a time of day"},
        {"25:00 | stage=optimal\n", "told.story:1: '25:00' is not a time"},
        {"12:00:60 | stage=optimal\n", "'12:00:60' is not a time"},
        {"12:00\n+5 | stage=optimal\n", "told.story:2: '+5' is not a time"},
        {"12:00\n+0s | stage=optimal\n", "told.story:2: a step must be later"},
        {"12:00 v52 | stage=optimal\n", "'v52' is not of the form NAME=VALUE"},
        {"12:00 volt=52 | stage=optimal\n", "unknown input 'volt'; known: "},
        {"12:00 v=52.305 | stage=optimal\n", "'52.305' is no value"},
        {"12:00 v=52..x | stage=optimal\n", "'52..x' is no value"},
        {"12:00 pv=80.5 | stage=optimal\n", "'80.5' is no value"},
        {"12:00 | stage=optimal | stage=low\n", "one '|' divides a step"},
        {"12:00 v=52 |\n", "nothing is expected behind '|'"},
        {"12:00 | weather=nice\n", "no zone 'weather'"},
        {"12:00 | s21.volts=passes\n", "a load has no 'volts'; known: "},
        {"12:00 | heat-room.light=on\n", "a zone has no 'light'"},
        {"12:00 device.s21=broken | stage=optimal\n", "'broken' is none of: ok deaf"},
        {"12:00 device.s20=ok | stage=optimal\n", "no miner 's20'"},
        {"12:00 override.s21=maybe | stage=optimal\n", "'maybe' is none of: auto on off"},
        {"12:00 override.s21=on/5 | stage=optimal\n", "'5' is not a time"},
        {"12:00 broker=away | stage=optimal\n", "broker is up or down"},
        {"set s21.colour red\n12:00 | stage=optimal\n", "told.story:1: s21 has no setting 'colour'; known: "},
        {"set s21.start 50,0\n12:00 | stage=optimal\n", "told.story:1: '50,0' is no voltage"},
        {"set moon.phase full\n12:00 | stage=optimal\n", "'moon.phase' is no setting"},
        {"set s21.start\n12:00 | stage=optimal\n", "write: set KEY VALUE"},
        {"12:00\nset s21.start 50\n+5s | stage=optimal\n", "told.story:2: settings stand before the first step"},
        {"set control.tick 5s\n12:00\n+7s | stage=optimal\n", "told.story:3: this step does not fall on a tick"},
        {"12:00 ticks=stall | stage=optimal\n", "nothing can be expected while nothing is decided"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const std::string said = refusal_of(c.text);
        CAPTURE(said);
        CHECK(said.find(c.said) != std::string::npos);
    }
}

TEST_CASE("stories: parses values, times and wildcards") {
    CHECK(parse_steps("52.3", 2) == 5230);
    CHECK(parse_steps("-0.5", 1) == -5);
    CHECK_FALSE(parse_steps("52.", 2));
    CHECK_FALSE(parse_steps("1e3", 2));
    CHECK(parse_duration("1h30m") == 90min);
    CHECK_FALSE(parse_duration("30m1h"));
    CHECK_FALSE(parse_duration("5"));
    CHECK_FALSE(run_text("12:00 v=52.00..53.00\n+50s | voltage=52.50\n").failure.empty());
    CHECK(run_text("12:00 v=52.00..53.00\n+100s | voltage=53.00\n").failure.empty());
    CHECK(run_text("12:00 v=49.00\n+5s | s21.voltage=blocks:49.00/* s21=off:*\n").failure.empty());
}
