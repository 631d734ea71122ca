#include "daemon/agent/tools/period_summary.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

TEST_CASE("energy, extremes with their times, gaps") {
    const Json plot = Json::parse(R"({"step_s":3600,"t":[0,3600,7200,10800,14400],"series":{
        "power.pv_w":{"mean":[1000,2000,null,500,0]},"power.load_w":{"mean":[null,null,null,null,null]},
        "battery.voltage_v":{"mean":[52,53,null,null,51],"min":[51.9,52.5,null,null,50.8],"max":[52.1,53.4,null,null,51.2]}}})");
    CHECK(sums_of_plot(plot) == Json::parse(R"({"pv_kwh":3.5,"load_kwh":null,"lowest_v":50.8,"lowest_at":"1970-01-01T04:00:00Z",
        "highest_v":53.4,"highest_at":"1970-01-01T01:00:00Z","covered_pct":60.0,
        "gaps":[{"from":"1970-01-01T02:00:00Z","to":"1970-01-01T04:00:00Z"}]})"));
    const Json none = sums_of_plot(Json::object());
    CHECK(none["pv_kwh"].is_null());
    CHECK(none["lowest_v"].is_null());
    CHECK(none["covered_pct"] == 0.0);
}

TEST_CASE("of a run counts the part within the period; energy that is not known is not zero") {
    const Json runs = Json::parse(R"([
        {"load":"a","from":"1970-01-01T00:00:00Z","to":"1970-01-01T02:00:00Z","start_reason":"running","stop_reason":"voltage","wh":4000},
        {"load":"a","from":"1970-01-01T03:00:00Z","to":"1970-01-01T05:00:00Z","start_reason":"running","stop_reason":"schedule","wh":2000},
        {"load":"b","from":"1970-01-01T03:30:00Z","to":null,"start_reason":"running","stop_reason":null,"wh":null}])");
    CHECK(sums_of_runs(runs, 3600, 4 * 3600) == Json::parse(R"([
        {"load":"a","hours":2.0,"starts":1,"kwh":3.0,"stops":{"voltage":1}},
        {"load":"b","hours":0.5,"starts":1,"kwh":null,"stops":{}}])"));
}
