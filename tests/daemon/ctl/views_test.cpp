#include <doctest/doctest.h>

#include "daemon/ctl/views/explain_view.hpp"
#include "daemon/ctl/views/site_view.hpp"
#include "daemon/ctl/views/status_view.hpp"
#include "daemon/explain/topics.hpp"
#include "tests/daemon/site_fixture.hpp"

using namespace volt;
using namespace volt::ctl;

namespace views_test {

using fixture::Site;

namespace {

Json status_of(const Site& site) {
    Json status{{"at", "2025-06-21T19:00:00Z"}, {"local", "2025-06-21T12:00:00"}};
    for (const Topic& topic : state_topics(site.view())) status[topic.suffix] = Json::parse(topic.json);
    for (const auto& [suffix, json] : alarm_topics(site.view())) status[suffix] = Json::parse(json);
    status["events"] = Json::array();
    for (int i = 0; i < 20; ++i)
        status["events"].push_back(
            {{"at", "2025-06-21T18:59:0" + std::to_string(i % 10) + "Z"}, {"text", "Change " + std::to_string(i)}});
    return status;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Returns a site with too many miners for two lines each.
Site crowded(std::size_t miners) {
    Site site;
    for (std::size_t i = 2; i < miners; ++i) {
        site.policy.miners.push_back(fixture::s19());
        site.policy.miners.back().slug = "miner-" + std::to_string(i);
        site.decision.verdicts.insert(site.decision.verdicts.begin() + 1, site.decision.verdicts[1]);
    }
    return site;
}

}  // namespace

TEST_CASE("status fits the whole site on 80 by 24") {
    Site site;
    site.alarms.push_back({AlarmCode::broker_auth, "", site.snapshot.now, "The broker rejects user voltd", "warning"});
    const auto lines = status_screen(status_of(site), {}, {}, false);
    CHECK(lines.size() <= 24);
    for (const std::string& line : lines) {
        CAPTURE(line);
        CHECK(width_of(line) <= 80);
    }
    const std::string text = joined(lines);
    CAPTURE(text);
    for (const char* part :
         {"52.30 V", "65 %", "optimal", "8,450 W", "primary-s21-revenue", "starting",
          "Start Primary S21+ (Revenue): 52.30 V (65 %)", "52.30 V is 2.20 V below", "heat-room", "37.5 °C", "fan 5",
          "ac-infinity-1 5", "victron.battery ok", "! The broker rejects user voltd", "2025-06-21 12:00:00", "Charging allowed"})
        CHECK_MESSAGE(has(text, part), part);
    CHECK_FALSE(has(text, "\033"));
    CHECK_FALSE(has(text, "LAST CHANGES"));
}

TEST_CASE("status hides unmeasured 0 W and the code of a stage") {
    Site site;
    site.decision.battery.stage = Stage::blind;
    site.alarms.push_back({AlarmCode::house_not_measured, "", site.snapshot.now, "The house is not measured", "warning"});
    const std::string text = joined(status_screen(status_of(site), {}, {}, false));
    CAPTURE(text);
    CHECK(has(text, "Sun      not measured   Site not measured   Loads "));
    CHECK_FALSE(has(text, "Grid"));
    CHECK(has(text, "no reading"));
    CHECK(has(status_line(status_of(site)), "  no reading  sun "));
}

TEST_CASE("watch fills remaining lines with changes in site time") {
    const auto lines = status_screen(status_of(Site{}), {}, {}, true);
    CHECK(lines.size() == 24);
    CHECK(lines.back() == "  11:59:09 Change 19");
    CHECK(has(joined(lines), "LAST CHANGES"));
}

TEST_CASE("status wraps a long sentence and watch cuts it") {
    Json status = Json::parse(R"({"warnings":[{"text":"A long sentence whose end says what it is about","remedy":"Do it"}]})");
    CHECK(has(joined(status_screen(status, {40, 40}, {}, false)), "! A long sentence whose end says what it\n  is about\n"));
    CHECK(has(joined(status_screen(status, {40, 40}, {}, true)), "! A long sentence whose end says what i…\n"));
    CHECK(wrapped("  one two", 6, 4) == std::vector<std::string>{"  one", "    two"});
    CHECK(wrapped("is 35.0 °C now", 8, 2) == std::vector<std::string>{"is", "  35.0 °C", "  now"});
    CHECK(wrapped("", 6, 4) == std::vector<std::string>{""});
}

TEST_CASE("status names its site and manual loads once") {
    const Json status =
        Json::parse(R"({"name":"cabin","miner/m":{"state":"on","text":"Manually on, 5 min left","override":"on"}})");
    const std::string text = joined(status_screen(status, {100, 40}, {}, false));
    CHECK(has(text, "cabin   voltd"));
    CHECK_FALSE(has(text, "[manual"));
}

TEST_CASE("status uses one line for each of many loads") {
    const auto ten = status_screen(status_of(crowded(10)), {}, {}, false);
    CHECK(ten.size() <= 24);
    CHECK(has(joined(ten), "miner-9"));
    CHECK(has(joined(ten), "SOURCES"));
    const auto forty = status_screen(status_of(crowded(40)), {}, {}, false);
    CHECK(forty.size() == 24);
    CHECK(has(forty.back(), "more lines"));
}

TEST_CASE("status cuts nothing without a terminal") {
    const auto forty = status_screen(status_of(crowded(40)), {.whole = true}, {}, false);
    CHECK(forty.size() > 80);
    CHECK_FALSE(has(joined(forty), "…"));
    CHECK_FALSE(has(forty.back(), "more lines"));
}

TEST_CASE("status shows missing voltage, shadow and overrides") {
    Site site;
    site.decision.battery = {};
    site.decision.battery.last_voltage = 5230_cV;
    site.policy.control.live = false;
    site.verdict(1).override_ = OverrideKind::off;
    const std::string text = joined(status_screen(status_of(site), {}, {}, false));
    CHECK(has(text, "no voltage (last 52.30 V)"));
    CHECK(has(text, "shadow"));
    CHECK(has(text, "[manual: off]"));
    CHECK(has(joined(status_screen(status_of(site), {}, {true}, false)), "\033[1;31mno reading"));
}

TEST_CASE("status keeps lines within the screen width") {
    Site site;
    site.policy.control.live = false;
    site.snapshot.clock_trusted = false;
    site.decision.battery.degraded = true;
    site.facts.clock = "simulated";
    for (const std::size_t width : {std::size_t{40}, std::size_t{60}, std::size_t{80}})
        for (const std::string& line : status_screen(status_of(site), {width, 24}, {true}, true)) {
            CAPTURE(line);
            CHECK(width_of(line) <= width);
        }
}

TEST_CASE("status shows an empty answer as empty") {
    for (const char* answer : {"{}", R"({"battery":3,"events":{},"miner/x":[],"output/y":null,"alarm/z":1})"})
        CHECK(status_screen(Json::parse(answer), {}, {}, true).size() <= 24);
    CHECK(has(status_line(Json::object()), "sun -"));
}

TEST_CASE("explain shows reason, duration, condition and every gate") {
    Site site;
    Gate gate;
    gate.name = GateName::sun;
    gate.unit = Unit::watts;
    gate.have = 8450;
    gate.need = 8000;
    site.verdict(1).gates.add(gate);
    const Json load = Json::parse(explanations(site.view()).at("dump-load-s19-1"));
    const std::string text = joined(explain_load_lines(load, status_of(site), {}));
    CAPTURE(text);
    for (const char* part : {"Dump Load S19 #1 (dump-load-s19-1): off", "52.30 V is 2.20 V below", "11:50:00 (10 min ago)",
                             "next      Needs 54.50 V, 2.2 V more, held for 60 s", "✗ voltage", "54.50 V", "✓ sun", "8,450 W",
                             "8,000 W", "1 start, 60 min on"})
        CHECK_MESSAGE(has(text, part), part);
    const std::string fan =
        joined(explain_load_lines(Json::parse(explanations(site.view()).at("heat-room/fan")), Json::object(), {}));
    CHECK(has(fan, "Heat Room fan (heat-room/fan): 5"));
}

TEST_CASE("explain lists all loads without an argument") {
    const Site site;
    Json all = Json::object();
    for (const auto& [name, json] : explanations(site.view())) all[name] = Json::parse(json);
    const std::string text = joined(explain_all_lines(all, {}));
    CHECK(has(text, "dump-load-s19-1: off\n    52.30 V is"));
    CHECK(has(text, "charge: allowed"));
}

TEST_CASE("status shows the charge guard and real blocks") {
    const auto shown = [](const char* charge, const char* guard) {
        Json status{{"charge", Json::parse(charge)}, {"charge_guard", Json::parse(guard)}, {"site", {{"commands", "live"}}}};
        return joined(status_screen(status, {120, 40}, {}, false));
    };
    const char* guarded = R"({"below_c":0.0})";
    CHECK(has(shown(R"({"order":"allowed","reason":"none","carried_out":"report","proven":null})", R"({"below_c":null})"),
              "Charge guard: none"));
    const std::string report = shown(R"({"order":"blocked","reason":"cold","carried_out":"report","proven":null})", guarded);
    CHECK(has(report, "Charging should be blocked: "));
    CHECK(has(report, "Charge guard: below 0.0 °C, nothing here can stop all charging"));
    const std::string write = shown(R"({"order":"blocked","reason":"cold","carried_out":"write","proven":null})", guarded);
    CHECK(has(write, "Charging blocked: "));
    CHECK(has(write, "Charge guard: below 0.0 °C, not proven: run `voltctl charge prove`"));
    CHECK(has(shown(R"({"order":"allowed","reason":"none","carried_out":"write","proven":"2026-01-02T03:04:05Z"})", guarded),
              "below 0.0 °C, proven 2026-01-02"));
    CHECK(state_of(Json::parse(R"({"wanted":"blocked","carried_out":"none"})")) == "should be blocked");
    CHECK(state_of(Json::parse(R"({"wanted":"blocked","carried_out":"write"})")) == "blocked");
}

TEST_CASE("status shows open night settings with the remedy") {
    const Json status{{"warnings", {{{"text", "Nothing keeps the night"}, {"remedy", "Set bank_wh"}}}}};
    CHECK(has(joined(status_screen(status, {120, 40}, {}, false)), "! Nothing keeps the night\n  Set bank_wh"));
}

TEST_CASE("status never shows shadow decisions as done") {
    Site site;
    site.policy.control.live = false;
    site.outputs[0].commanded.reset();
    site.decision.next.outputs.resize(site.policy.outputs.size());
    site.decision.next.outputs[0].ordered = site.decision.next.outputs[0].on = true;
    const std::string screen = joined(status_screen(status_of(site), {}, {}, false));
    CHECK(has(screen, "primary-s21 off (would be on)"));
    CHECK_FALSE(has(screen, "primary-s21 off (told"));
    CHECK(has(joined(output_table(status_of(site), 0, {})), "off (would be on)"));
    CHECK(has(status_line(status_of(site)), "shadow"));
    const Json load = Json::parse(explanations(site.view()).at("dump-load-s19-1"));
    CHECK(has(explain_load_lines(load, status_of(site), {}).front(), "(shadow: nothing is switched; would be off)"));
    Json all = Json::object();
    for (const auto& [name, json] : explanations(site.view())) all[name] = Json::parse(json);
    CHECK(has(explain_all_lines(all, {}, true).front(), "shadow: voltd decides"));
}

TEST_CASE("status uses the owner's units") {
    Site site;
    site.policy.control.live = false;
    Json status = status_of(site);
    status["shown"] = {{"temperature_unit", "F"}, {"display_mode", "soc"}};
    const std::string text = joined(status_screen(status, {}, {}, false));
    CHECK(has(text, "99.5 °F"));
    CHECK(has(text, "Battery  65 %  52.30 V"));
    CHECK(has(text, "Would draw 0 W"));
}

}  // namespace views_test
