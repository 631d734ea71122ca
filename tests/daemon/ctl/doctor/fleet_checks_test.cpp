// Tests of the group fleet.
#include "daemon/ctl/doctor/checks.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt::ctl::doctor;

TEST_CASE("doctor passes and fails each check of the fleet") {
    const FleetFacts good{.joined = true, .active = "active", .queue_bytes = 1'000'000, .refused = false, .days_left = 3000};
    using Facts = FleetFacts;
    check_each<Facts>(good, fleet_checks,
                      {{"fleet.agent", Outcome::fail, [](Facts& it) { it.active = "inactive"; }, "inactive"},
                       {"fleet.agent", Outcome::skipped, [](Facts& it) { it.active.clear(); }},
                       {"fleet.queue", Outcome::warn, [](Facts& it) { it.queue_bytes = 2'400'000; }, "2.4 MB"},
                       {"fleet.queue", Outcome::skipped, [](Facts& it) { it.queue_bytes.reset(); }},
                       {"fleet.refused", Outcome::fail, [](Facts& it) { it.refused = true; }},
                       {"fleet.refused", Outcome::skipped, [](Facts& it) { it.refused.reset(); }},
                       {"fleet.certificate", Outcome::warn, [](Facts& it) { it.days_left = 29; }, "29 days"},
                       {"fleet.certificate", Outcome::ok, [](Facts& it) { it.days_left = 30; }},
                       {"fleet.certificate", Outcome::fail, [](Facts& it) { it.days_left = -1; }, "expired"},
                       {"fleet.certificate", Outcome::fail, [](Facts& it) { it.days_left.reset(); }}});
}

TEST_CASE("doctor skips the fleet on a site without a hub") {
    const auto checks = fleet_checks({});
    REQUIRE(checks.size() == 1);
    CHECK(checks.front().id == "fleet.agent");
    CHECK(checks.front().opinion.outcome == Outcome::skipped);
    CHECK(checks.front().opinion.remedy.empty());
}
