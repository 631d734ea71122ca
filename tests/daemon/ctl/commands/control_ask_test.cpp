#include <doctest/doctest.h>

#include "daemon/ctl/commands/control_ask.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/site_view.hpp"

using namespace volt::ctl;

namespace control_ask_test {

namespace {

std::string body(const char* state, std::optional<std::string> lasts = {}, bool fan = false) {
    const OverrideBody made = override_body({state, std::move(lasts), fan});
    return made.error.empty() ? made.body.dump() : made.error;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

const Json noon{{"at", "2025-06-21T19:00:00Z"}, {"local", "2025-06-21T12:00:00"}};

}  // namespace

TEST_CASE("converts a typed override or names the nearest value") {
    CHECK(body("on") == R"({"override":"on","minutes":60})");
    CHECK(body("off", "2h") == R"({"override":"off","minutes":120})");
    CHECK(body("off", "ever") == R"({"override":"off","minutes":null})");
    CHECK(body("auto") == R"({"override":"auto"})");
    CHECK(body("7", "30m", true) == R"({"override":7,"minutes":30})");
    CHECK(body("off", "24h") == R"({"override":"off","minutes":1440})");

    CHECK(body("auto", "5m") == "--for cannot be used with auto, which ends an override at once");
    CHECK(body("on", "ever") == "--for ever: only off can last forever; nearest allowed 24h");
    CHECK(body("on", "30s") == "--for 30s: whole minutes from 1m to 24h; nearest allowed 1m");
    CHECK(body("on", "90s") == "--for 90s: whole minutes from 1m to 24h; nearest allowed 2m");
    CHECK(body("on", "2d") == "--for 2d: whole minutes from 1m to 24h; nearest allowed 24h");
    CHECK(body("on", "soon") == "--for: 'soon' is not a time; expected 90m, 2h or (for off) ever");
    CHECK(body("7") == "7: only a fan has levels; expected auto, on or off");
    CHECK(body("300", {}, true) == "level 300: must be 0 to 255; nearest allowed 255");
    CHECK(body("-1", {}, true) == "level -1: must be 0 to 255; nearest allowed 0");
    CHECK(body("maybe", {}, true) == "'maybe' is not an override; expected auto, on, off or a level such as 5");
    CHECK(body("99999999999999999999", {}, true) ==
          "'99999999999999999999' is not an override; expected auto, on, off or a level such as 5");
}

TEST_CASE("shows an override with its end in site time") {
    CHECK(override_words({{"override", "auto"}}, noon) == "auto: the rules decide");
    CHECK(override_words({{"override", "on"}, {"override_until", "2025-06-21T20:00:00Z"}}, noon) == "on until 13:00:00 (60 min)");
    CHECK(override_words({{"override", "off"}, {"override_until", nullptr}}, noon) == "off, until canceled");
    CHECK(override_words({{"override", "off"}, {"override_until", "2025-06-22T19:00:00Z"}, {"override_adopted", true}}, noon) ==
          "off until 2025-06-22 12:00:00 (24 h), switched externally");
    const Json load{{"load", "s19"},
                    {"state", "off"},
                    {"text", "It must rest"},
                    {"override", "off"},
                    {"flip", {{"gate", "rest"}, {"text", "In 5 min, if nothing changes"}}}};
    CHECK(joined(override_lines(load, noon, {})) ==
          "s19: override off, until canceled\n  the rules: off. It must rest\n  In 5 min, if nothing changes\n");
    Json shadow = noon;
    shadow["site"] = {{"commands", "shadow"}};
    CHECK(override_lines(load, shadow, {})[1] == "  the rules: shadow: nothing is switched; would be off. It must rest");
}

TEST_CASE("lists outputs that a dry run would switch") {
    CHECK(joined(would_lines(
              Json::parse(R"({"would":[{"output":"a","order":"on","reason":"running"},{"output":"f","order":7}]})"))) ==
          "would switch a on: running\nwould switch f 7\n");
    CHECK(joined(would_lines(Json::parse(R"({"would":[]})"))) == "would switch nothing now\n");
    CHECK(joined(would_lines(Json())) == "would switch nothing now\n");
}

TEST_CASE("marks the current mode among the others") {
    const auto lines = mode_lines("balanced", {});
    CHECK(lines.size() == 4);
    CHECK(lines[1].starts_with("● balanced"));
    CHECK(lines[3].starts_with("○ off"));
}

TEST_CASE("lists the nearest name first") {
    CHECK(choose_from("heatroom/fan", {"charge", "heat-room/fan", "s19"}) == "; choose from: heat-room/fan charge s19");
    CHECK(choose_from("zzz", {"b", "a"}) == "; choose from: b a");
    CHECK(choose_from("x", {}).empty());
    const std::vector<std::string> many(most_known + 1, "name");
    CHECK(choose_from("x", many).ends_with("…"));
}

TEST_CASE("sorts alarms by cause, severity and age") {
    Json status = noon;
    status["alarm/broker_auth"] = {{"since", "2025-06-21T18:00:00Z"}, {"text", "No"}, {"severity", "warning"}};
    status["alarm/no_lease/x"] = {{"since", "2025-06-20T17:00:00Z"}, {"text", "No lease"}, {"severity", "warning"}};
    status["alarm/blind"] = {
        {"since", "2025-06-21T18:30:00Z"}, {"text", "Blind"}, {"severity", "critical"}, {"remedy", "Check it"}};
    const auto lines = alarm_table(status, 80, {});
    REQUIRE(lines.size() == 5);
    CHECK(lines[1].starts_with("broker_auth "));
    CHECK(lines[1].find("11:00:00") != std::string::npos);
    CHECK(lines[2].starts_with("blind "));
    CHECK(lines[3].ends_with("-> Check it"));
    CHECK(lines[4].starts_with("no_lease/x "));
    CHECK(lines[4].find("2025-06-20 10:00:00") != std::string::npos);
    CHECK(alarm_table(noon, 80, {}) == std::vector<std::string>{"no active alarms"});
    CHECK(list_under(status, "alarm/", "alarm").size() == 3);
    CHECK(list_under(noon, "alarm/", "alarm").dump() == "[]");
}

TEST_CASE("shows reported outputs and differing commands") {
    Json status = noon;
    status["output/a"] = {{"commanded", "on"},   {"reported", "off"},  {"available", true},   {"lease", "armed"},
                          {"lease_left_s", 212}, {"measured_w", 3247}, {"confirmed_ms", 180}, {"since", "2025-06-21T18:59:00Z"}};
    status["output/a"]["proven"] = {{"at", "2025-06-20T18:59:00Z"}, {"lease_s", 60}, {"measured_s", 60.4}};
    status["output/fan"] = {{"commanded", "on"}, {"reported", "on"}, {"level", 5}, {"available", false}};
    const auto lines = output_table(status, 0, {});
    REQUIRE(lines.size() == 3);
    for (const char* part : {"off (commanded on)", "11:59:00", "3,247 W", "yes", "armed 212 s", "2025-06-20, 60 s", "180 ms"})
        CHECK_MESSAGE(lines[1].find(part) != std::string::npos, part);
    CHECK(lines[2].find("no") != std::string::npos);
    CHECK(lines[2].starts_with("fan     5 "));
    CHECK(output_table(noon, 0, {}) == std::vector<std::string>{"voltd.yaml has no outputs"});
}

}  // namespace control_ask_test
