#include "daemon/ctl/init/yaml_text.hpp"

#include <doctest/doctest.h>

#include "daemon/config/yaml_tree.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::ctl::Json;

namespace yaml_text_test {

TEST_CASE("quotes text that YAML would read differently") {
    for (const char* plain : {"tasmota", "zigbee2mqtt/heat-room", "192.168.1.20", "left plug"}) {
        CHECK(yaml_scalar(plain) == plain);
    }
    for (const char* text :
         {"on", "Yes", "1", "0x10", "1.2", "1.2.3", "a: b", "#x", "- a", "", " a", "a ", "{x}", "~", "null", "é"}) {
        CAPTURE(std::string(text));
        const std::string line = yaml_member("key", text, 0);
        Report report("test");
        const auto tree = parse_yaml(line, report);
        REQUIRE(tree);
        CHECK(tree->items.at(0).quoted);
        CHECK(tree->items.at(0).text == text);
    }
    CHECK(yaml_scalar(true) == "true");
    CHECK(yaml_scalar(502) == "502");
    CHECK(yaml_scalar(0.01) == "0.01");
    CHECK(yaml_scalar(nullptr) == "null");
}

TEST_CASE("writes sections on lines and short rows on one") {
    CHECK(yaml_member("units", Json{{"system", 100}}, 2) == "  units:\n    system: 100\n");
    CHECK(yaml_member("outputs", Json::array({{{"id", "a"}, {"channel", 1}}}), 0) == "outputs:\n  - { id: a, channel: 1 }\n");
    CHECK(yaml_member("words", Json::array({"OFF", "ON"}), 0) == "words: [\"OFF\", \"ON\"]\n");
    const Json wide =
        Json::array({{{"id", "a"}, {"command_topic", std::string(60, 'a')}, {"state_topic", std::string(60, 'b')}}});
    const std::string text = yaml_member("outputs", wide, 0);
    CHECK(text.starts_with("outputs:\n  - id: a\n    command_topic: aaa"));
}

}  // namespace yaml_text_test
