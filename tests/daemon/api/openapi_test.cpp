// Tests of the API description against the endpoint table and the columns. The integration tests query the running daemon.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "daemon/api/description.hpp"
#include "daemon/api/server/server.hpp"
#include "drivers/decimal.hpp"
#include "drivers/store/settings/fields.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using nlohmann::json;

namespace {

const json& document() {
    static const json parsed = json::parse(api::description());
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

/// Resolves a `$ref`. Returns anything else unchanged.
const json& resolved(const json& node) {
    if (!node.contains("$ref")) return node;
    return document().at(json::json_pointer(node["$ref"].get<std::string>().substr(1)));
}

/// Returns the query of a row in the description.
std::set<std::string> documented_query(const api::Route& route) {
    std::set<std::string> names;
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto& [path, methods] : document()["paths"].items())
        if (std::regex_replace(path, std::regex("\\{[a-z]+\\}"), "{}") == route.pattern)
            for (const auto& parameter : methods[method].value("parameters", json::array()))
                if (const json& it = resolved(parameter); it["in"] == "query") names.insert(it["name"].get<std::string>());
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
        CHECK(about["description"].get<std::string>().starts_with(field.about));
        CHECK(described["example"].contains(field.name));
        if (field.kind == FieldKind::word) CHECK(about["enum"] == json(field.words));
        if (field.kind != FieldKind::number) continue;
        CHECK(about["minimum"].get<double>() == doctest::Approx(std::stod(decimal(field.bounds.low, field.bounds.decimals))));
        CHECK(about["maximum"].get<double>() == doctest::Approx(std::stod(decimal(field.bounds.high, field.bounds.decimals))));
    }
    CHECK(names.empty());
}

/// Checks that every `$ref` below `node` resolves.
void check_refs(const json& node) {
    if (node.is_object()) CHECK_NOTHROW(resolved(node));
    if (node.is_structured())
        for (const auto& child : node) check_refs(child);
}

/// Returns true if a schema, or each part of it, has an example.
bool has_example(const json& schema) {
    const json& it = resolved(schema);
    if (it.contains("example")) return true;
    if (it.contains("items")) return has_example(it["items"]);
    if (it.contains("additionalProperties")) return has_example(it["additionalProperties"]);
    for (const char* parts : {"oneOf", "allOf"})
        if (it.contains(parts))
            return std::all_of(it[parts].begin(), it[parts].end(), [](const json& part) {
                return has_example(part) || (part.contains("required") && part.size() == 2);  // has nothing to show
            });
    return false;
}

/// Checks the example of each schema in a request or an answer, by its media type.
void check_examples(const json& node) {
    if (!node.contains("content")) return;
    for (const auto& about : node["content"]) CHECK(has_example(about["schema"]));
}

}  // namespace

TEST_CASE("documents exactly the existing endpoints") {
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
            for (const auto& [method, about] : document()["paths"][path].items()) CHECK(about["security"] == json::array());
    }
    CHECK(routes == documented());
}

TEST_CASE("documents columns with bounds, words and rights") {
    check_columns(SettingsTable::preferences, "Preferences");
    check_columns(SettingsTable::miners, "Miner");
    check_columns(SettingsTable::zones, "Zone");
}

TEST_CASE("resolves references and has examples and error texts") {
    check_refs(document());
    for (const auto& [path, methods] : document()["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            const std::string where = path;
            CAPTURE(where);
            CHECK(about.contains("summary"));
            if (!about.contains("security")) CHECK(about["responses"].contains("401"));
            for (const char* code : {"400", "405", "421"}) CHECK(about["responses"].contains(code));
            if (about.contains("requestBody")) CHECK(about["responses"].contains("413"));
            if (about.contains("requestBody")) check_examples(about["requestBody"]);
            for (const auto& response : about["responses"]) check_examples(resolved(response));
        }
}
