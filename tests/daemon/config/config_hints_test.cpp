// Tests of the hints in messages: the likely cause, once, and nothing false.
#include <doctest/doctest.h>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("finds problems inside a misspelled section without false ones") {
    const auto parsed =
        parse("site: s\nsol-ark: {host: h, prot: 502, unit: 999}\nvoltage_sources: [sol_ark]\nmqtt: {url: mqtt://b}\n");
    CHECK(said(parsed.problems) ==
          "f.yaml:2:1: sol-ark: unknown key; did you mean sol_ark?\n"
          "f.yaml:2:20: sol_ark.prot: unknown key; did you mean port?\n"
          "f.yaml:2:37: sol_ark.unit: 999 is out of range; expected 0 to 247\n");
}

TEST_CASE("reports each item after a missing list line briefly") {
    const auto parsed = parse_more(
        "outputs:\n  - {id: a, topic: t}\n"
        "  - {id: heat-room, topic: z/heat-room, field: temperature, quantity: temperature, role: room}\n"
        "  - {id: main-room, topic: z/main-room, field: temperature, quantity: temperature, role: room}");
    CHECK(said(parsed.problems) ==
          "f.yaml:6:41: outputs[1].field: unknown key; it belongs to sensors; is the line \"sensors:\" missing above?\n"
          "f.yaml:7:41: outputs[2].field: unknown key; it belongs to sensors; is the line \"sensors:\" missing above?\n");
}

TEST_CASE("lists the known keys of a section once") {
    const auto parsed = parse_more("outputs: [{id: a, topic: t, zzzzzzz: 1, qqqqqqq: 2}, {id: b, topic: u, jjjjjjj: 1}]");
    CHECK(parsed.problems.size() == 3);
    CHECK(said(parsed.problems).find("known here") == said(parsed.problems).rfind("known here"));
}

TEST_CASE("suggests a forgotten dash and recognizes a database setting") {
    const auto dash = parse_more("outputs:\n  - id: a\n    topic: t\n    id: b\n    topic: u");
    CHECK(said(dash.problems) ==
          "f.yaml:7:5: outputs[0].id: duplicate key, also on line 5; keep one. Or is the \"- \" missing on line 7?\n"
          "f.yaml:8:5: outputs[0].topic: duplicate key, also on line 6; keep one\n");
    CHECK(says(parse_more("voltage_low: 47").problems, "settings are in the database: voltctl prefs set voltage_low=VALUE"));
    CHECK(says(parse_more("outputs: [{id: a, topic: t, start_voltage: 50}]").problems,
               "voltctl miners set NAME start_voltage=VALUE"));
    CHECK(says(parse_more("api: {listen: 8480}").problems, "api.listen: invalid value \"8480\"; expected an ADDRESS:PORT"));
}

TEST_CASE("names line and likely cause of a YAML error") {
    CHECK(says(parse("site: a\nvictron:\n  host: h\n   port: 502\n").problems,
               "is \"port\" indented like its neighbors? (2 spaces)"));
    CHECK(says(parse("site: a\n\tvictron: {}\n").problems, "indent with spaces, not with a tab"));
    CHECK(says(parse("site: @a\n").problems, "f.yaml:1:7: not valid YAML here"));
    CHECK(says(parse("site: @a\n").problems, "put a text that begins with @ in quotes"));
    CHECK(says(parse("site: a\nvictron\nmqtt: {}\n").problems, "is a colon missing on line 2?"));
}

TEST_CASE("rejects a name with invisible characters") {
    for (const char* hidden : {"\xC2\x85", "\xE2\x80\xAE", "\xE2\x80\x8B", "\xE2\x80\xA8", "\xE2\x81\xA6"}) {
        const auto parsed = parse_more(std::string("sensors: [{id: a, topic: \"a") + hidden + "b\"}]");
        CAPTURE(said(parsed.problems));
        CHECK_FALSE(parsed.config);
    }
    CHECK(parse_more("sensors: [{id: a, topic: \"küche\"}]").config);
}
