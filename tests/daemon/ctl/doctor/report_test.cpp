#include "daemon/ctl/doctor/report.hpp"

#include <doctest/doctest.h>

using namespace volt::ctl;
using namespace volt::ctl::doctor;

namespace report_test {

namespace {

const std::vector<Check> mixed{{"gx.reach", ok("the GX answers"), 4},
                               {"disk.rate", warn("much is written", "mount with lazytime")},
                               {"gx.units", fail("unit 225\x1b[31m is absent", "voltctl probe"), 1003},
                               {"broker.reach", skipped("no password", "run with sudo")},
                               {"broker.echo", skipped("no password", "run with sudo")}};

}  // namespace

TEST_CASE("doctor lists failures, warnings, skipped checks and a count") {
    CHECK(report_lines(mixed, {}) == std::vector<std::string>{"fail gx.units: unit 225?[31m is absent", "       voltctl probe",
                                                              "warn disk.rate: much is written", "       mount with lazytime",
                                                              "skip broker.reach, broker.echo: no password; run with sudo",
                                                              "1 ok, 1 warn, 1 fail, 2 skipped"});
}

TEST_CASE("doctor reports JSON and an exit code") {
    const Json json = report_json({"2026-01-01T00:00:00Z", "shack"}, mixed, false);
    CHECK(json["ok"] == false);
    CHECK(json["site"] == "shack");
    CHECK(json["counts"] == Json::parse(R"({"ok":1,"warn":1,"fail":1,"skipped":2})"));
    CHECK(
        json["checks"][2] ==
        Json(
            {{"id", "gx.units"}, {"state", "fail"}, {"text", mixed[2].opinion.text}, {"remedy", "voltctl probe"}, {"ms", 1003}}));
    CHECK(json["checks"][0]["remedy"] == nullptr);
    CHECK_FALSE(is_content(mixed, false));
    CHECK(is_content({mixed[0], mixed[1], mixed[3]}, false));
    CHECK_FALSE(is_content({mixed[0], mixed[1]}, true));
    CHECK(is_content({mixed[0], mixed[3]}, true));
    CHECK(report_json({"", ""}, {}, true)["site"] == nullptr);
}

}  // namespace report_test
