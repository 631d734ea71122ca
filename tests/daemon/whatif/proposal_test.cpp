#include "daemon/whatif/proposal.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "drivers/store/settings/edit.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::whatif;
using Json = nlohmann::ordered_json;

namespace proposal_test {

namespace {

struct Defaults {
    Connection db = test::new_schema();
    SettingsState state = read_records(db).value();
    ScratchSettings scratch = std::move(ScratchSettings::open().value());

    Edit<Settings> with(const char* changes) { return scratch.with(state, proposal_of(Json::parse(changes)).value(), false); }
};

}  // namespace

TEST_CASE("sets proposed fields only in memory") {
    Defaults defaults;
    const auto changed = defaults.with(
        R"({"preferences":{"reserve_voltage":51.5},"miners":{"dump-load-s19-1":{"start_voltage":54.0}},"zones":{"heat-room":{"temp_too_hot":38}}})");
    REQUIRE_MESSAGE(changed.ok(), (changed ? "" : changed.failure().text));
    CHECK(changed.value().preferences.reserve == Volts{5150});
    CHECK(changed.value().miners[1].start == 5400_cV);
    CHECK(changed.value().zones[0].too_hot == 380_dK);
    CHECK(changed.value().miners[0].id == defaults.state.miners[0].id());
    const auto plain = defaults.with("{}");
    REQUIRE(plain.ok());
    CHECK(plain.value().miners[1].start == 5450_cV);
    CHECK_FALSE(plain.value().preferences.reserve);
    CHECK(read_records(defaults.db).value().miners[1] == defaults.state.miners[1]);
}

TEST_CASE("rejects an impossible value like an edit") {
    Defaults defaults;
    const std::vector<Assignment> fields{{"stop_voltage", 55.0}};
    const auto edited = change_record(defaults.db, SettingsTable::miners, "dump-load-s19-1", fields, {"test", true});
    const auto proposed = defaults.with(R"({"miners":{"dump-load-s19-1":{"stop_voltage":55.0}}})");
    REQUIRE_FALSE(edited.ok());
    REQUIRE_FALSE(proposed.ok());
    CHECK(proposed.failure().text == edited.failure().text);
    CHECK(proposed.failure().fault == EditFault::refused);
    CHECK(defaults.with(R"({"miners":{"nothing":{"stop_voltage":50}}})").failure().fault == EditFault::not_found);
    CHECK(defaults.with(R"({"miners":{"dump-load-s19-1":{"stop_volts":50}}})").failure().text.find("nearest is stop_voltage") !=
          std::string::npos);
}

TEST_CASE("rejects other shapes of changes") {
    for (const char* text : {R"([])", R"({"users":{}})", R"({"miners":[]})", R"({"miners":{"x":5}})", R"({"preferences":7})"})
        CHECK_FALSE(proposal_of(Json::parse(text)).ok());
    Json many = Json::object();
    for (std::size_t i = 0; i <= most_proposed_rows; ++i) many["miners"][std::to_string(i)] = Json::object();
    CHECK_FALSE(proposal_of(many).ok());
    CHECK(proposal_of(Json::object()).value().empty());
}

}  // namespace proposal_test
