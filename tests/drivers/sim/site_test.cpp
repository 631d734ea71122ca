#include "drivers/sim/site.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/drivers/sim/raw_client.hpp"

using namespace volt;
using namespace volt::sim;
using namespace volt::sim::testing;

namespace {

struct SiteBench {
    SiteBench() : site(config(), 1'000s) {}
    static SiteConfig config() {
        SiteConfig config;
        config.speed = 720;
        config.relays.outputs = default_outputs();
        return config;
    }
    void pass(Duration time) {
        for (const Time end = now + time; now < end; now += 20ms) site.advance(now);
    }
    std::string ask(RawClient& client, const std::string& request) {
        client.send(request);
        std::string got;
        for (int i = 0; i < 20 && got.empty(); ++i) {
            site.advance(now);
            got = client.receive();
        }
        return got;
    }
    Time now = 1'000s;
    Site site;
};

constexpr const char* read_voltage = "00 01 00 00 00 06 E1 03 01 03 00 01";

}  // namespace

TEST_CASE("site: a day lasts 120 s at 720x") {
    SiteBench bench;
    const std::int64_t start_s = bench.site.view().utc_s;
    bench.pass(120s);
    CHECK(bench.site.view().utc_s - start_s == doctest::Approx(86'400).epsilon(0.001));
}

TEST_CASE("site: a machine that slept does not catch up the night") {
    SiteBench bench;
    bench.pass(1s);
    const std::int64_t before_s = bench.site.view().utc_s;
    bench.now += 3'600s;
    bench.site.advance(bench.now);
    CHECK(bench.site.view().utc_s - before_s <= 10 * 720 + 720);
}

TEST_CASE("site: pinned values appear exactly in every register") {
    SiteBench bench;
    CHECK(bench.site.command("set pv 8450 load 1850 voltage 52.30") == "ok");
    bench.pass(2s);
    RawClient gx(bench.site.gx_port()), ark(bench.site.sol_ark_port());
    CHECK(bench.ask(gx, read_voltage) == "00 01 00 00 00 05 E1 03 02 14 6E");
    CHECK(bench.ask(gx, "00 02 00 00 00 06 64 03 03 48 00 03") == "00 02 00 00 00 09 64 03 06 02 0B 04 EE 19 C8");
    CHECK(bench.ask(ark, "00 03 00 00 00 06 01 03 00 B7 00 01") == "00 03 00 00 00 05 01 03 02 14 6E");
    CHECK(bench.ask(ark, "00 04 00 00 00 06 01 03 00 B2 00 01") == "00 04 00 00 00 05 01 03 02 07 3A");
    CHECK(bench.ask(ark, "00 05 00 00 00 06 01 03 00 BA 00 03") == "00 05 00 00 00 09 01 03 06 0B 00 0B 00 0B 02");
    CHECK(bench.ask(ark, "00 06 00 00 00 06 01 03 00 BE 00 01") == "00 06 00 00 00 05 01 03 02 E6 38");
    CHECK(bench.site.command("set all auto") == "ok");
    bench.pass(20ms);
    CHECK(bench.site.view().pv_w != 8'450);
}

TEST_CASE("site: faults reach their server and end by themselves") {
    SiteBench bench;
    RawClient gx(bench.site.gx_port());
    CHECK(bench.site.command("fault gx exception:6 2") == "ok");
    CHECK(bench.ask(gx, read_voltage) == "00 01 00 00 00 03 E1 83 06");
    bench.pass(2'100ms);
    CHECK(bench.ask(gx, read_voltage).substr(0, 20) == "00 01 00 00 00 05 E1");
    CHECK(bench.site.command("fault sol_ark zeros 5") == "ok");
    RawClient ark(bench.site.sol_ark_port());
    CHECK(bench.ask(ark, "00 03 00 00 00 06 01 03 00 B7 00 01") == "00 03 00 00 00 05 01 03 02 00 00");
    CHECK(bench.site.command("fault relay:miner1 deaf 60") == "ok");
    CHECK(bench.site.command("fault relay:heaters stuck 60") == "ok");
    CHECK(bench.site.command("fault relay:miner2 meter-lost 60") == "ok");
    CHECK(bench.site.command("fault sensors silent 60") == "ok");
}

TEST_CASE("site: an invalid command changes nothing and returns the reason") {
    SiteBench bench;
    for (const char* line :
         {"", "dance", "fault", "fault gx silent", "fault gx silent 0", "fault gx silent forever", "fault gx sleepy 5",
          "fault relay:toaster deaf 5", "fault relay:miner1 silent 5", "fault moon silent 5", "fault sensors deaf 5", "set",
          "set pv", "set pv many", "set moon 5", "set voltage 52.30 pv x"}) {
        CAPTURE(line);
        CHECK(bench.site.command(line).starts_with("error:"));
    }
    bench.pass(20ms);
    CHECK(bench.site.view().battery_cv != 5'230);  // all or nothing
}

TEST_CASE("site: status is JSON with the ports") {
    SiteBench bench;
    bench.site.command("set voltage=52.30 heat-room=-3.5");
    const auto status = nlohmann::json::parse(bench.site.command("status"));
    CHECK(status["voltage_v"] == 52.30);
    CHECK(status["heat_room_c"] == -3.5);
    CHECK(status["gx_port"] == bench.site.gx_port());
    CHECK_FALSE(bench.site.sentence().empty());
}

TEST_CASE("site: charge limit registers bound charging") {
    SiteBench bench;
    bench.pass(20s);  // ten in the morning
    RawClient gx(bench.site.gx_port()), ark(bench.site.sol_ark_port());
    CHECK_FALSE(bench.ask(gx, "00 02 00 00 00 06 64 06 0A 91 00 00").empty());
    bench.pass(1s);
    CHECK(bench.site.view().battery_w > 100);
    CHECK_FALSE(bench.ask(ark, "00 06 00 00 00 09 01 10 00 D2 00 01 02 00 00").empty());
    bench.pass(1s);
    CHECK(bench.site.view().battery_w <= 0);
}
