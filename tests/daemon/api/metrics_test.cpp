#include "daemon/api/metrics.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::fixture;

namespace {

std::string text_of_site(Site& site) {
    StatusSnapshot page = page_of(site);
    api::QueryTimes times;
    times.add(std::chrono::milliseconds{30});
    times.add(std::chrono::milliseconds{10});
    const auto database = api::database_figures("/etc/passwd", times);
    page.decisions = {{"heat-room/fan", "7", "too_hot", 3}};
    page.store.commits = 4;
    page.store.commit_time = std::chrono::milliseconds{50};
    page.loop = {7, std::chrono::microseconds{1500}, std::chrono::microseconds{2500}, std::chrono::microseconds{0}};
    return api::exposition(api::families_of(&page, api::process_figures(), database));
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("writes help and type once before each metric's samples") {
    Site site;
    site.alarms.push_back({AlarmCode::sensor_lost, "odd \"name\"\\", site.snapshot.now, "x", "warning"});
    const std::regex help("# HELP ([a-z_]+) [A-Z].*\\."), type("# TYPE ([a-z_]+) (counter|gauge)"),
        sample(R"re(([a-z_]+)(\{([a-z]+="([^"\\\n]|\\.)*",?)+\})? -?[0-9.e+-]+)re");
    std::set<std::string> seen, samples;
    std::string name;
    for (const std::string& line : lines_of(text_of_site(site))) {
        CAPTURE(line);
        std::smatch found;
        if (std::regex_match(line, found, help)) {
            name = found[1];
            CHECK(seen.insert(name).second);
        } else if (std::regex_match(line, found, type)) {
            CHECK(found[1] == name);
            CHECK((found[2] == "counter") == name.ends_with("_total"));
        } else {
            REQUIRE(std::regex_match(line, found, sample));
            CHECK(found[1] == name);
            CHECK(samples.insert(line.substr(0, line.rfind(' '))).second);
            for (const char* bad : {"_ms", "_s", "_h"}) CHECK_FALSE(name.ends_with(bad));
        }
    }
    CHECK(seen.size() > 30);
    CHECK(samples.contains("voltd_alarm{code=\"sensor_lost\",subject=\"odd \\\"name\\\"\\\\\",severity=\"warning\"}"));
}

TEST_CASE("omits unknown values instead of writing zero") {
    Site site;
    CHECK(text_of_site(site).find("\nvoltd_battery_voltage_v 52.3\n") != std::string::npos);
    site.decision.battery.voltage.reset();
    const std::string blind = text_of_site(site);
    CHECK(blind.find("voltd_battery_voltage_v") == std::string::npos);
    CHECK(blind.find("voltd_loop_turn_seconds 0.0015\n") != std::string::npos);
}

TEST_CASE("exports thresholds, decisions and database figures") {
    Site site;
    const std::string text = text_of_site(site);
    for (const char* line :
         {"voltd_setting{name=\"voltage_low\"} 47\n",
          "voltd_decisions_total{load=\"heat-room/fan\",to=\"7\",reason=\"too_hot\"} 3\n", "voltd_store_commits_total 4\n",
          "voltd_store_commit_seconds_total 0.05\n", "voltd_store_queries_total 2\n", "voltd_store_query_seconds_total 0.04\n",
          "voltd_store_longest_query_seconds 0.03\n", "voltd_store_wal_bytes 0\n"})
        CHECK_MESSAGE(text.find(line) != std::string::npos, line);
    CHECK(text.find("\nvoltd_store_free_bytes ") != std::string::npos);
    CHECK(text.find("\nvoltd_store_file_bytes ") != std::string::npos);
    CHECK(text.find("reserve_voltage") == std::string::npos);  // not set
}

TEST_CASE("exports no loop numbers without a page") {
    const std::string text = api::exposition(api::families_of(nullptr, api::process_figures(), {}));
    CHECK(text.find("process_start_time_seconds") != std::string::npos);
    CHECK(text.find("voltd_") == std::string::npos);
}

TEST_CASE("returns the same numbers as one object") {
    Site site;
    const StatusSnapshot page = page_of(site);
    const auto object = api::figures_json(api::families_of(&page, {}));
    CHECK(object["voltd_battery_voltage_v"] == 52.3);
    CHECK(object["voltd_miner_state"]["dump-load-s19-1"]["off"] == 1);
    CHECK_FALSE(object.contains("process_cpu_seconds_total"));
}

TEST_CASE("passes Prometheus's own check if it is installed") {
    if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
        MESSAGE("no promtool here (Debian: prometheus)");
        return;
    }
    Site site;
    TempDir directory;
    std::ofstream(directory.path + "/metrics") << text_of_site(site);
    CHECK(std::system(("promtool check metrics < " + directory.path + "/metrics").c_str()) == 0);
}
