#include "daemon/ctl/init/bank.hpp"

#include <doctest/doctest.h>

#include "daemon/ctl/init/site_rows.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::ctl::Json;
using volt::ctl::word;

namespace bank_test {

TEST_CASE("the Solar Shack's bank changes no threshold; a known capacity is its energy, an unknown one a reserve") {
    CHECK(bank_preferences({{"kind", "solar-shack-16s"}, {"capacity_ah", 600}}, {}) == Json{{"bank_wh", "30720"}});
    CHECK(bank_preferences({{"kind", "solar-shack-16s"}}, {}) == Json{{"reserve_voltage", "54.00"}});
    CHECK(word(miner_voltages({{"kind", "solar-shack-16s"}}, 0), "start_voltage") == "54.00");
    CHECK(word(miner_voltages({{"kind", "solar-shack-16s"}, {"capacity_ah", 600}}, 0), "start_voltage") == "50.00");
}

TEST_CASE("every known bank has thresholds that voltd accepts, with and without a capacity") {
    for (const BankKind& kind : bank_kinds()) {
        if (kind.cells == 0) continue;
        for (const Json& capacity : {Json(280), Json()}) {
            CAPTURE(kind.name);
            const Json bank{{"kind", kind.name}, {"capacity_ah", capacity}};
            const Json miners =
                Json::array({{{"name", "a"}, {"power_draw_w", "500"}, {"device_id", nullptr}, {"hvac_zone_id", nullptr}},
                             {{"name", "b"}, {"power_draw_w", "500"}, {"device_id", nullptr}, {"hvac_zone_id", nullptr}}});
            const auto tried = try_rows(wanted_rows({{"bank", bank}, {"miners", miners}}), true);
            CHECK((tried.ok() ? "" : tried.failure().text) == "");
            REQUIRE(tried.ok());
            CHECK(tried.value().after.problems.empty());
        }
    }
}

TEST_CASE("voltages follow the number of cells, to a hundredth of a volt") {
    const Json eight = bank_preferences({{"kind", "lifepo4-8s"}, {"capacity_ah", 100}}, {});
    CHECK(word(eight, "voltage_shutdown") == "22.00");
    CHECK(word(eight, "voltage_absorption") == "28.80");
    CHECK(word(eight, "bank_wh") == "2560");
    CHECK(word(eight, "bridge_wh") == "128");  // the settings allow a twentieth
    CHECK(word(bank_preferences({{"kind", "lifepo4-15s"}}, {}), "reserve_voltage") == "49.69");
    CHECK(word(eight, "voltage_curve").starts_with("22.00:0,25.10:5,"));
    CHECK(word(miner_voltages({{"kind", "lifepo4-4s"}, {"capacity_ah", 1}}, 3), "stop_voltage") == "13.25");
}

TEST_CASE("a bank of one's own keeps its figures; its energy is by the middle of its curve, and its miners are asked") {
    const Json own = bank_preferences({{"kind", "own"}, {"capacity_ah", 100}},
                                      {{"voltage_at_0_percent", "46.0"}, {"voltage_at_100_percent", "51.0"}});
    CHECK(word(own, "voltage_curve") == "46.0:0,51.0:100");
    CHECK(word(own, "bank_wh") == "4850");
    CHECK(miner_voltages({{"kind", "own"}}, 0).empty());
}

}  // namespace bank_test
