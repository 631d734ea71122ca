#include "daemon/config/fields.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/daemon/config/schema_facts.hpp"

using namespace volt;

TEST_CASE("the JSON Schema of the file and the tables are the same truth") {
    std::ifstream file(std::string(VOLT_SOURCE_DIR) + "/schema/voltd.schema.json");
    const nlohmann::json schema = test::without_words(nlohmann::json::parse(file));
    const nlohmann::json difference = nlohmann::json::diff(schema, test::expected_schema());
    CAPTURE(difference.dump(1));
    CHECK(difference.empty());
}

TEST_CASE("every section of the tables is closed, and every key in it once") {
    const nlohmann::json schema = test::expected_schema();
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["properties"]["outputs"]["items"]["additionalProperties"] == false);
    CHECK(schema["required"] == nlohmann::json{"site", "mqtt"});
    CHECK(schema["properties"]["control"]["properties"].size() == control_fields().size() + 1);
    CHECK(schema["properties"]["outputs"]["items"]["properties"].size() == output_fields().size());
    for (const std::string& key : dialect_keys())
        CHECK_MESSAGE(schema["properties"]["outputs"]["items"]["properties"].contains(key), key);
}

TEST_CASE("decimal text is exact") {
    CHECK(decimal_text(200, 1000) == "0.2");
    CHECK(decimal_text(1, 1000) == "0.001");
    CHECK(decimal_text(0, 100) == "0");
    CHECK(decimal_text(-50, 100) == "-0.5");
    CHECK(decimal_text(300'000, 1000) == "300");
    CHECK(decimal_text(1250, 100) == "12.5");
    CHECK(decimal_text(-7, 1) == "-7");
}
