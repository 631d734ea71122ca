#include "drivers/mqtt/generic.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace generic_test {

namespace {

OutputConfig heater() {
    OutputConfig config;
    config.dialect = DialectName::generic;
    config.command_topic = "shed/heater/set";
    config.payload_on = "1";
    config.payload_off = "0";
    config.state_topic = "shed/heater/state";
    config.state_field = "relay";
    config.state_on = "1";
    config.state_off = "0";
    config.availability_topic = "shed/heater/online";
    config.available = "yes";
    config.power_topic = "shed/heater/power";
    config.power_field = "watts";
    return config;
}

std::optional<OutputEvent> heard(const OutputConfig& config, const std::string& topic, const std::string& payload,
                                 bool retained = false) {
    const auto events = Generic(config).understand({topic, payload, retained});
    if (events.empty()) return std::nullopt;
    return events.front();
}

}  // namespace

TEST_CASE("a generic relay uses its configured payloads") {
    const Generic generic(heater());
    CHECK(generic.order({.on = true}).at(0).topic == "shed/heater/set");
    CHECK(generic.order({.on = true}).at(0).payload == "1");
    CHECK(generic.order({.on = false}).at(0).payload == "0");
    CHECK_FALSE(generic.order({.on = true}).at(0).retained);
    CHECK(generic.query().empty());
    CHECK(generic.set_up_lease(300s).empty());
    CHECK(generic.subscriptions().size() == 4);

    CHECK(heard(heater(), "shed/heater/state", R"({"relay":1})")->state == OutputState::on);
    CHECK(heard(heater(), "shed/heater/state", R"({"relay":"0"})")->state == OutputState::off);
    CHECK(heard(heater(), "shed/heater/state", R"({"relay":"0"})")->answers_query);
    CHECK_FALSE(heard(heater(), "shed/heater/state", R"({"relay":"0"})", true)->answers_query);
    CHECK(heard(heater(), "shed/heater/online", "yes")->available == true);
    CHECK(heard(heater(), "shed/heater/online", "no")->available == false);
    CHECK(heard(heater(), "shed/heater/power", R"({"watts":1499.6})")->power == Watts{1500});
    CHECK_FALSE(heard(heater(), "shed/heater/power", R"({"watts":"nan"})").has_value());
    CHECK(heard(heater(), "shed/heater/set", "1", true)->retained_command);
    CHECK_FALSE(heard(heater(), "shed/heater/set", "1").has_value());
    CHECK_FALSE(heard(heater(), "somewhere/else", "1").has_value());
}

TEST_CASE("keeps a generic relay's invalid message with the expected ones") {
    CHECK(heard(heater(), "shed/heater/state", R"({"relay":1})")->unread.empty());
    for (const char* payload : {R"({"relay":2})", "1"}) {
        CHECK_FALSE(heard(heater(), "shed/heater/state", payload)->state);
        CHECK(heard(heater(), "shed/heater/state", payload)->unread ==
              std::string("its last message was `") + payload + "`, expected 1 or 0 in the field relay");
    }
    auto config = heater();
    config.state_field.clear();
    for (const std::string& payload : {std::string("on"), std::string("0\0", 2), std::string("1.0"), std::string("\xff")})
        CHECK(heard(config, "shed/heater/state", payload)->unread.ends_with("`, expected 1 or 0"));
    CHECK_FALSE(heard(config, "shed/heater/state", "").has_value());
    config.state_topic = config.availability_topic;
    CHECK(heard(config, config.availability_topic, "yes")->unread.empty());
    config = heater();
    config.power_topic = config.state_topic;
    CHECK(heard(config, config.state_topic, R"({"watts":12})")->unread.empty());
    CHECK(heard(config, config.state_topic, R"({"relay":"on","watts":12})")->unread.ends_with("in the field relay"));
}

TEST_CASE("without a field, the payload is the value") {
    auto config = heater();
    config.state_field.clear();
    config.power_field.clear();
    CHECK(heard(config, "shed/heater/state", " 1\n")->state == OutputState::on);
    CHECK(heard(config, "shed/heater/power", "12")->power == Watts{12});
}

TEST_CASE("a generic level is its number, with 0 for off") {
    auto config = heater();
    config.kind = OutputKind::level;
    config.state_field.clear();
    config.max_level = 10;
    const Generic generic(config);
    CHECK(generic.order({.on = true, .level = 7}).at(0).payload == "7");
    CHECK(generic.order({.on = true, .level = 99}).at(0).payload == "10");
    CHECK(generic.order({.on = false, .level = 7}).at(0).payload == "0");
    CHECK(heard(config, "shed/heater/state", "7.000000")->level == 7);
    CHECK(heard(config, "shed/heater/state", "7")->state == OutputState::on);
    CHECK(heard(config, "shed/heater/state", "0")->state == OutputState::off);
    CHECK_FALSE(heard(config, "shed/heater/state", "11")->state);
    CHECK(heard(config, "shed/heater/state", "11")->unread.ends_with("expected 0 to 10"));
}

}  // namespace generic_test
