#include "rules/names.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace volt;

namespace {

/// Checks that every name parses to its value, and is unique.
template <class Enum>
void check_words(std::size_t count) {
    const auto names = names_of<Enum>();
    CHECK(names.size() == count);
    for (std::size_t i = 0; i < names.size(); ++i) {
        CAPTURE(names[i]);
        CHECK(parse<Enum>(names[i]) == static_cast<Enum>(i));
    }
    CHECK_FALSE(parse<Enum>("?"));
    CHECK_FALSE(parse<Enum>(""));
}

}  // namespace

TEST_CASE("parses the names of an enum as written") {
    check_words<Reason>(reason_count);
    check_words<ZoneReason>(9);
    check_words<GateName>(static_cast<std::size_t>(GateName::zone) + 1);
    check_words<Stage>(12);
    check_words<Quality>(4);
    check_words<LoadState>(6);
    check_words<SiteMode>(4);
    check_words<OperatingMode>(3);
    check_words<HeatSource>(3);
    check_words<AlarmCode>(alarm_code_count);
    check_words<OutputKind>(2);
    check_words<OutputState>(3);
    CHECK(parse<SiteMode>("conservative") == SiteMode::conservative);
    CHECK_FALSE(parse<SiteMode>("Off"));
}

TEST_CASE("an override is auto, on or off, and a level has no name") {
    CHECK(parse_override("auto") == OverrideKind::automatic);
    CHECK(parse_override("on") == OverrideKind::on);
    CHECK(parse_override("off") == OverrideKind::off);
    for (const char* wrong : {"level", "ON", "", "1", "automatic"}) CHECK_FALSE(parse_override(wrong));
}
