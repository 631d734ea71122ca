#include "daemon/agent/ask/checked_parts.hpp"

#include <doctest/doctest.h>

#include "daemon/agent/ask/check_citations.hpp"
#include "daemon/agent/ask/check_numbers.hpp"

using namespace volt::agent;

namespace checked_parts_test {

TEST_CASE("keeps parts that pass the same checks as the result") {
    const std::string filler(5000, 'x');
    const Json result{{"battery", {{"voltage_v", 52.31}, {"name", filler}}},
                      {"unit", "kWh"},
                      {"points", {{"2025-06-21T12:00:00Z", 4.25}}},
                      {"on", true},
                      {"hits",
                       {{{"uri", "volt://manual/alarms.md"},
                         {"line_from", 12},
                         {"line_to", 31},
                         {"text", filler + " from -5 °C at 1,200 W, see https://a.example/b. " + filler}},
                        {{"uri", "volt://doc/site/a.pdf#page=4"}, {"page", 4}}}}};
    const Json parts = checked_parts(result, 1000);
    REQUIRE(parts.is_object());
    const std::string answer =
        "52.3 V, 4.25 kWh, -5 °C, 1200 W, 4 V, 53 V: volt://manual/alarms.md:12-31, volt://manual/alarms.md:40, "
        "https://a.example/b, "
        "volt://doc/site/a.pdf#page=4, volt://doc/site/a.pdf#page=5, https://a.example/c";
    CHECK(unknown_numbers(answer, {parts}) == unknown_numbers(answer, {result}));
    CHECK(unknown_numbers(answer, {parts}) == std::vector<std::string>{"4 V", "53 V"});
    CHECK(unknown_numbers("5 °C", {parts}).size() == 1);
    CHECK(check_citations(answer, {parts}).text == check_citations(answer, {result}).text);
    CHECK(check_citations(answer, {parts}).removed.size() == 4);
}

TEST_CASE("returns null above the limit and an object for nothing") {
    CHECK(checked_parts({{"on", true}, {"name", std::string(5000, 'x')}}, 100) == Json::object());
    CHECK(checked_parts(Json::array(), 100) == Json::object());
    Json many = Json::array();
    for (int i = 0; i < 100; ++i) many.push_back(i);
    CHECK(checked_parts({{"voltage_v", many}}, 100).is_null());
    Json deep = 1;
    for (int i = 0; i < 1000; ++i) deep = Json::array({deep});
    CHECK(checked_parts(deep, 100) == Json::object());
}

TEST_CASE("keeps the units of long SQL and settings results") {
    const std::string filler(5000, 'x');
    const Json sql = Json::parse(R"({"columns":["slug","starts","lowest_v"],"rows":[["x",38,49.1]]})");
    const Json settings =
        Json::parse(R"({"fields":[{"field":"bank_size","unit":"kWh"}],"rows":[{"name":"x","bank_size":15.4}]})");
    for (Json result : {sql, settings}) {
        result["filler"] = filler;
        const Json parts = checked_parts(result, 4000);
        for (const char* text : {"38 %", "49.1 V", "49.1 A", "15.4 kWh", "15.4 V"})
            CHECK_MESSAGE(unknown_numbers(text, {parts}) == unknown_numbers(text, {result}), text);
    }
    CHECK(unknown_numbers("38 %, 49.1 V", {checked_parts(sql, 4000)}).empty());
}

TEST_CASE("excludes text that a model wrote from the site's data") {
    const Json rows = Json::parse(R"({"columns":["v","n","t"],"rows":[[91.7,20,"61 V"],[52.3,5,"62 V"]]})");
    const Json kept =
        site_data("query_history", {{"sql", "SELECT 91.7 AS v, '61 V' AS t FROM a WHERE at > '2025-06-21' LIMIT 50"}}, rows);
    CHECK(unknown_numbers("91.7 V, 61 V", {kept}) == std::vector<std::string>{"91.7 V", "61 V"});
    // A part of a date or of another number is not checked.
    CHECK(unknown_numbers("52.3 V, 62 V, 20 %, 5 %", {kept}).empty());
    CHECK(site_data("get_status", {{"sql", "91.7"}}, rows) == rows);
    CHECK(site_data("query_history", Json(), rows) == rows);
    const Json remembered{{"entries", {{{"text", "the battery has 91.7 V"}}}}};
    for (const char* tool : {"search_memory", "remember"})
        CHECK(unknown_numbers("91.7 V", {site_data(tool, {}, remembered)}) == std::vector<std::string>{"91.7 V"});
}

}  // namespace checked_parts_test
