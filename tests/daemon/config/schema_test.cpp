#include "daemon/config/schema.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/config/config_tables.hpp"

using namespace volt;
using nlohmann::json;

namespace {

const json& schema() {
    static const json parsed = json::parse(config_schema());
    return parsed;
}

/// Checks that every section below is closed, and every key has a description.
void check_section(const json& section, const std::string& path, int& keys) {
    CAPTURE(path);
    CHECK(section["additionalProperties"] == false);
    for (const auto& [name, key] : section["properties"].items()) {
        const std::string about = key.value("description", ""), key_path = path + "." + name;
        CHECK_MESSAGE(about.ends_with('.'), key_path);
        ++keys;
        const json& inside = key.contains("items") ? key["items"] : key;
        if (inside.contains("properties")) check_section(inside, key_path, keys);
    }
}

}  // namespace

TEST_CASE("closes every section and describes every key") {
    int keys = 0;
    check_section(schema(), "", keys);
    CHECK(keys > 120);
    CHECK(schema()["required"] == json{"site", "mqtt"});
    CHECK(schema()["properties"]["control"]["properties"].size() == control_fields().size() + 1);
    CHECK(schema()["properties"]["outputs"]["items"]["properties"].size() == output_fields().size());
    for (const std::string& key : dialect_keys())
        CHECK_MESSAGE(schema()["properties"]["outputs"]["items"]["properties"].contains(key), key);
}

TEST_CASE("exports type, bounds, values and default of each key") {
    const json& keys = schema()["properties"];
    CHECK(keys["victron"]["properties"]["poll_s"] ==
          json{{"description",
                "Seconds between two polls of the unit whose voltage decides, in steps of 1 ms; other units follow every 5 s."},
               {"type", "number"},
               {"minimum", 0.2},
               {"maximum", 300},
               {"default", 1}});
    const json& broker = keys["mqtt"]["properties"];
    CHECK(
        (broker["version"]["enum"] == json{5, 3} && broker["version"]["type"] == "integer" && broker["version"]["default"] == 5));
    CHECK((broker["url"]["maxLength"] == 256 && broker["url"]["pattern"].get<std::string>().starts_with("^mqtts?://")));
    CHECK(keys["sol_ark"]["properties"]["charge_limit_a"]["type"] == json{"integer", "null"});
    CHECK((keys["clear_retained"]["type"] == "boolean" && keys["charge_output"]["default"] == nullptr));
    const json& output = keys["outputs"]["items"];
    CHECK(output["properties"]["lease_s"]["anyOf"] == json{{{"const", 0}}, {{"minimum", 30}, {"maximum", 6500}}});
    CHECK(output["properties"]["state_words"]["default"] == json{"OFF", "ON"});
    CHECK((keys["voltage_sources"]["minItems"] == 1 && keys["voltage_sources"]["uniqueItems"] == true));
}

TEST_CASE("exports the keys that a dialect requires and rejects") {
    const json& conditions = schema()["properties"]["outputs"]["items"]["allOf"];
    REQUIRE(conditions.size() == dialect_rules().size() + 4);  // generic relays, relays, components of relays and levels
    CHECK(conditions[0]["if"] == json{{"properties", {{"dialect", {{"const", "tasmota"}}}}}});  // without a dialect it is a
                                                                                                // Tasmota
    CHECK(conditions[0]["then"]["required"] == json{"topic"});
    CHECK(conditions[0]["then"]["properties"]["object"] == false);
    CHECK(conditions[0]["then"]["properties"]["channel"] == json{{"minimum", 1}});
    CHECK(schema()["dependentRequired"] == json{{"sol_ark_2", {"sol_ark"}}});
}
