#include "drivers/override_body.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "rules/limits.hpp"

using namespace volt;
using nlohmann::json;

namespace {

std::string minutes_of(OverrideKind kind, const char* text) {
    OverrideValue value{.kind = kind, .level = 0, .lasts = {}};
    const json given = json::parse(text);
    const auto problem = read_minutes(&given, value);
    if (problem) return problem->text + "; " + problem->need;
    return value.lasts ? std::to_string(*value.lasts / 1min) : "no end";
}

}  // namespace

TEST_CASE("override body: accepts a name for any load, levels for fans") {
    OverrideValue value;
    CHECK_FALSE(read_override("off", false, value));
    CHECK(value.kind == OverrideKind::off);
    CHECK_FALSE(read_override(limits::highest_level, true, value));
    CHECK(value.kind == OverrideKind::level);
    CHECK(value.level == limits::highest_level);
    CHECK(read_override(7, false, value)->text == "override: 7 is not an override");
    CHECK(read_override(7, false, value)->need == "auto, on, off");
    for (const json& bad : {json(limits::highest_level + 1), json(-1), json(7.5), json(18446744073709551615U), json(1e300)}) {
        CAPTURE(bad.dump());
        CHECK(read_override(bad, true, value)->text == "override: " + bad.dump() + " is not a level");
    }
    for (const json& bad : {json("ON"), json("7"), json("level"), json(true), json(), json::array()})
        CHECK(read_override(bad, true, value)->need == "auto, on, off or a level from 0 to 255");
}

TEST_CASE("override body: lasts an hour by default, a day at most") {
    OverrideValue value{.kind = OverrideKind::off, .level = 0, .lasts = {}};
    CHECK_FALSE(read_minutes(nullptr, value));
    CHECK(value.lasts == limits::default_override);
    CHECK(minutes_of(OverrideKind::on, "1440") == "1440");
    CHECK(minutes_of(OverrideKind::on, "1441") == "minutes: 1441 is out of range; a whole number from 1 to 1440");
    CHECK(minutes_of(OverrideKind::off, "0") == "minutes: 0 is out of range; a whole number from 1 to 1440, or null");
    CHECK(minutes_of(OverrideKind::on, "1.5").starts_with("minutes: 1.5 is out of range"));
    CHECK(minutes_of(OverrideKind::off, "null") == "no end");
    CHECK(minutes_of(OverrideKind::automatic, "null") == "no end");
    CHECK(minutes_of(OverrideKind::automatic, "5") == "no end");
    CHECK(minutes_of(OverrideKind::level, "null").starts_with("minutes: null (no end) is for off only"));
}
