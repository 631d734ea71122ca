// Tests of the groups gx and sol_ark.
#include "daemon/ctl/doctor/checks.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt::ctl::doctor;

namespace device_checks_test {

namespace {

using Facts = DeviceFacts;

DeviceFacts good_gx() {
    return {.configured = true,
            .by_voltd = true,
            .address = "192.168.1.20:502",
            .units = {{"victron.system", 100, "system", "ok", "", 5230, 2.0},
                      {"victron.battery", 225, "battery", "ok", "", 5231, 1.0}},
            .may_write = true,
            .charge_limit = -1,
            .range = std::pair{std::int64_t{3500}, std::int64_t{6500}},
            .other_cv = 5225};
}

DeviceFacts good_sol_ark() {
    return {.configured = true,
            .by_voltd = true,
            .address = "192.168.1.21:502",
            .units = {{"sol_ark", 1, "sol_ark", "ok", "", 5225, 4.0}},
            .framing = "tcp",
            .second_client = true,
            .failed_percent = 0.2};
}

}  // namespace

TEST_CASE("doctor passes and fails each check of the GX") {
    check_each<Facts>(
        good_gx(), gx_checks,
        {{"gx.reach", Outcome::fail,
          [](Facts& it) { it.unreachable = "no connection to 192.168.1.20 port 502: Connection refused"; }, "refused"},
         {"gx.reach", Outcome::fail, [](Facts& it) { it.unreachable = "no connection to 192.168.1.20 port 502: no answer"; }},
         {"gx.units", Outcome::fail,
          [](Facts& it) {
              it.units[1] = {"victron.battery", 225, "battery", "absent", "unit 225 is absent"};
          },
          "225 battery (unit 225 is absent)"},
         {"gx.sanity", Outcome::fail, [](Facts& it) { it.units[0].voltage_cv = 523; }, "outside 35.00 V to 65.00 V"},
         {"gx.sanity", Outcome::fail, [](Facts& it) { it.other_cv = 5332; }, "the Sol-Ark 53.32 V"},
         {"gx.sanity", Outcome::ok, [](Facts& it) { it.other_cv = 5330; }},
         {"gx.sanity", Outcome::skipped, [](Facts& it) { it.units[0].voltage_cv.reset(), it.units[1].voltage_cv.reset(); }},
         {"gx.fresh", Outcome::fail, [](Facts& it) { it.units[1].moved_s = 901; }, "15 min"},
         {"gx.fresh", Outcome::skipped, [](Facts& it) { it.units[0].moved_s.reset(), it.units[1].moved_s.reset(); }},
         {"gx.write", Outcome::fail, [](Facts& it) { it.charge_limit.reset(), it.charge_limit_failure = "illegal address"; },
          "illegal address"},
         {"gx.sanity", Outcome::warn, [](Facts& it) { it.pack = "one of 3 packs"; }, "one of 3 packs"},
         {"gx.write", Outcome::skipped, [](Facts& it) { it.may_write = false; }}});
    for (const Check& check : gx_checks({})) CHECK_MESSAGE(check.opinion.outcome == Outcome::skipped, described(check));
    DeviceFacts refused = good_gx();
    refused.unreachable = "Connection refused";
    CHECK(gx_checks(refused).front().opinion.remedy.find("Modbus TCP") != std::string::npos);
    refused.unreachable = "no answer";
    CHECK(gx_checks(refused).front().opinion.remedy.find("ping 192.168.1.20") != std::string::npos);
}

TEST_CASE("doctor passes and fails each check of a Sol-Ark") {
    const auto judge = [](const Facts& facts) { return sol_ark_checks("sol_ark_2", facts); };
    const auto silent = [](Facts& it) { it.units[0] = {"sol_ark", 1, "sol_ark", "failing", "no complete reply in time"}; };
    check_each<Facts>(
        good_sol_ark(), judge,
        {{"sol_ark_2.reach", Outcome::fail, [](Facts& it) { it.unreachable = "no connection: Connection refused"; }},
         {"sol_ark_2.slave", Outcome::fail, silent, "no complete reply"},
         {"sol_ark_2.slave", Outcome::fail, [&](Facts& it) { silent(it), it.instead = "unit: 2", it.by_voltd = false; },
          "another one does"},
         {"sol_ark_2.framing", Outcome::fail, [&](Facts& it) { silent(it), it.instead = "framing: rtu"; }, "framing: tcp"},
         {"sol_ark_2.scales", Outcome::warn, [](Facts& it) { it.wrong_scale = "power_scale"; }},
         {"sol_ark_2.generator_port", Outcome::warn, [](Facts& it) { it.unnamed_port_w = -1200; }, "carries 1200 W"},
         {"sol_ark_2.generator_port", Outcome::ok, [](Facts& it) { it.unnamed_port_w = 199; }},
         {"sol_ark_2.fresh", Outcome::fail, [](Facts& it) { it.units[0].moved_s = 1000; }},
         {"sol_ark_2.fresh", Outcome::warn, [](Facts& it) { it.copy = "this is a logger's copy"; }, "logger's copy"},
         {"sol_ark_2.errors", Outcome::ok, [](Facts& it) { it.failed_percent = 0.9; }},
         {"sol_ark_2.errors", Outcome::warn, [](Facts& it) { it.failed_percent = 1.5; }, "1.5 %"},
         {"sol_ark_2.errors", Outcome::skipped, [](Facts& it) { it.failed_percent.reset(); }},
         {"sol_ark_2.single", Outcome::warn, [](Facts& it) { it.second_client = false; }},
         {"sol_ark_2.single", Outcome::skipped, [](Facts& it) { it.second_client.reset(); }}});
    const auto none = sol_ark_checks("sol_ark", {});
    REQUIRE(none.size() == 1);
    CHECK(none.front().opinion.outcome == Outcome::skipped);
}

}  // namespace device_checks_test
