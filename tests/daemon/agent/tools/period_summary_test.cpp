#include "daemon/agent/tools/period_summary.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

TEST_CASE("computes energy, extremes with times, and gaps") {
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

TEST_CASE("limits gaps and alarms and suggests a shorter period") {
    const auto summary = [](int gaps, int alarms) {
        Json plot{{"step_s", 60}, {"t", Json::array()}};
        Json& mean = plot["series"]["battery.voltage_v"]["mean"] = Json::array();
        for (int i = 0; i <= 2 * gaps; ++i) {
            plot["t"].push_back(60 * i);
            mean.push_back(i % 2 == 0 ? Json(52) : Json());
        }
        SiteLink site(
            [&](const volt::api::HttpRequest& request, const volt::ctl::RequestLimits&) {
                Json rows = Json::array();
                const bool events = request.path == "/api/events";
                for (int i = 0; events && i < std::min(alarms, std::stoi(request.query.at("limit"))); ++i)
                    rows.push_back({{"at", "1970-01-01T00:00:00Z"}, {"level", "error"}, {"message", std::to_string(i)}});
                return volt::ctl::reply_of(200, (request.path == "/api/plot" ? plot : rows).dump());
            },
            nullptr, "");
        return summarize_period(site, {{"from", "1970-01-01T00:00:00Z"}, {"to", "1970-01-02T00:00:00Z"}}, {}).answer;
    };
    const Json whole = summary(20, 200);
    CHECK(whole["gaps"].size() == 20);
    CHECK(whole["alarms"].size() == 200);
    CHECK(!whole.contains("truncated"));
    for (const auto& [gaps, alarms] : {std::pair(21, 0), {0, 201}}) {
        const Json cut = summary(gaps, alarms);
        CHECK(cut["gaps"].size() == static_cast<std::size_t>(std::min(gaps, 20)));
        CHECK(cut["alarms"].size() == static_cast<std::size_t>(std::min(alarms, 200)));
        CHECK(cut["truncated"] == true);
        CHECK(cut["narrow"] == "a shorter period");
    }
}

TEST_CASE("counts only a run's part within the period") {
    const Json runs = Json::parse(R"([
        {"load":"a","from":"1970-01-01T00:00:00Z","to":"1970-01-01T02:00:00Z","start_reason":"running","stop_reason":"voltage","wh":4000},
        {"load":"a","from":"1970-01-01T03:00:00Z","to":"1970-01-01T05:00:00Z","start_reason":"running","stop_reason":"schedule","wh":2000},
        {"load":"b","from":"1970-01-01T03:30:00Z","to":null,"start_reason":"running","stop_reason":null,"wh":null}])");
    CHECK(sums_of_runs(runs, 3600, 4 * 3600) == Json::parse(R"([
        {"load":"a","hours":2.0,"starts":1,"kwh":3.0,"stops":{"voltage":1}},
        {"load":"b","hours":0.5,"starts":1,"kwh":null,"stops":{}}])"));
}
