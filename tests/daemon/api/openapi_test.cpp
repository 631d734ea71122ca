// The description of the API against the table of endpoints and the columns; the running daemon is asked in integration.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "daemon/api/description.hpp"
#include "daemon/api/server.hpp"
#include "drivers/store/settings/decimal.hpp"
#include "drivers/store/settings/fields.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using nlohmann::json;

namespace {

const json& document() {
    static const json parsed = json::parse(api::description_text);
    return parsed;
}

std::set<std::string> documented() {
    std::set<std::string> all;
    for (const auto& [path, methods] : document()["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            std::string upper = method;
            std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
            all.insert(upper + " " + std::regex_replace(path, std::regex("\\{[a-z]+\\}"), "{}"));
        }
    return all;
}

/// The query that the description has for a row.
std::set<std::string> documented_query(const api::Route& route) {
    std::set<std::string> names;
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& [path, methods] : document()["paths"].items())
        if (std::regex_replace(path, std::regex("\\{[a-z]+\\}"), "{}") == route.pattern)
            for (const auto& parameter : methods[method].value("parameters", json::array()))
                if (parameter["in"] == "query") names.insert(parameter["name"].get<std::string>());
    return names;
}

void check_columns(SettingsTable table, const char* schema) {
    const json& described = document()["components"]["schemas"][schema];
    std::set<std::string> names, required;
    for (const auto& [name, about] : described["properties"].items()) names.insert(name);
    for (const auto& name : described["required"]) required.insert(name.get<std::string>());
    CHECK(names == required);
    for (const SettingsField& field : fields_of(table)) {
        CAPTURE(field.name);
        REQUIRE(names.erase(field.name) == 1);
        const json& about = described["properties"][field.name];
        CHECK(about.value("nullable", false) == field.nullable);
        CHECK(about.value("readOnly", false) == field.fixed);
        if (field.kind == FieldKind::word) CHECK(about["enum"] == json(field.words));
        if (field.kind != FieldKind::number) continue;
        CHECK(about["minimum"].get<double>() == doctest::Approx(std::stod(decimal(field.bounds.low, field.bounds.decimals))));
        CHECK(about["maximum"].get<double>() == doctest::Approx(std::stod(decimal(field.bounds.high, field.bounds.decimals))));
    }
    CHECK(names.empty());
}

/// Every `$ref` below `node` leads somewhere.
void check_refs(const json& node) {
    if (node.is_object() && node.contains("$ref"))
        CHECK_NOTHROW(document().at(json::json_pointer(node["$ref"].get<std::string>().substr(1))));
    if (node.is_structured())
        for (const auto& child : node) check_refs(child);
}

}  // namespace

TEST_CASE("each endpoint is documented, and nothing else is") {
    fixture::TempDir directory;
    auto opened = open_store(directory.path + "/voltd.db");
    REQUIRE(opened);
    ApiServer server;
    server.serve_database(directory.path + "/voltd.db", *opened.value().store);
    std::set<std::string> routes;
    for (const api::Route& route : server.router().routes()) {
        routes.insert(route.method + " " + route.pattern);
        const std::string path = std::regex_replace(route.pattern, std::regex("\\{\\}$"), "{id}");
        CHECK(documented_query(route) == std::set<std::string>(route.query.begin(), route.query.end()));
        if (api::grant_of(route.method, route.pattern) == api::Grant::anyone)
            CHECK(document()["paths"][path]["get"]["security"] == json::array());
    }
    CHECK(routes == documented());
}

TEST_CASE("columns stand there with their bounds, words and rights") {
    check_columns(SettingsTable::preferences, "Preferences");
    check_columns(SettingsTable::miners, "Miner");
    check_columns(SettingsTable::zones, "Zone");
}

TEST_CASE("it refers to nothing that is not there, and each error has its meaning") {
    check_refs(document());
    for (const auto& [path, methods] : document()["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            const std::string where = path;
            CAPTURE(where);
            CHECK(about.contains("summary"));
            if (path != "/health") CHECK(about["responses"].contains("401"));
            for (const char* code : {"400", "405"}) CHECK(about["responses"].contains(code));
            if (about.contains("requestBody")) CHECK(about["responses"].contains("413"));
        }
}
