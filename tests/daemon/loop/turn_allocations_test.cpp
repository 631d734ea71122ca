// Heap allocations of a turn in which nothing changed. A separate program, because it replaces operator new.
#include <doctest/doctest.h>

#include "daemon/explain/notice.hpp"
#include "daemon/loop/cycle.hpp"
#include "tests/fakes/allocations.hpp"
#include "tests/fakes/site_io.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

const std::string yaml = R"(
site: solar-shack
victron: { host: 127.0.0.1, units: { system: 100, battery: 225 } }
sol_ark: { host: 127.0.0.1 }
mqtt: { url: "mqtt://127.0.0.1:1883" }
outputs:
  - { id: primary-s21, topic: miner1, meter: true }
  - { id: dump-load-s19-1, topic: miner2, meter: true }
)";

/// Two waiting miners, one second per turn, the same readings each time.
struct QuietSite {
    QuietSite() {
        auto made = std::make_shared<Settings>();
        for (int i = 0; i < 2; ++i) {
            Miner miner;
            miner.id = "11111111-0000-4000-8000-00000000000" + std::to_string(i);
            miner.name = miner.slug = "miner-" + std::to_string(i);
            miner.power = 3878_W;
            miner.start = 5500_cV;
            miner.stop = 4700_cV;
            miner.emergency = 4500_cV;
            miner.output_id = i == 0 ? "primary-s21" : "dump-load-s19-1";
            made->miners.push_back(miner);
        }
        settings = made;
        config = *parse_config(yaml, "test.yaml").config;
        cycle = std::make_unique<Cycle>(CycleParts{mailbox, store, log, wall, [] { return true; }, exchanges}, config, settings,
                                        SiteFacts{"solar-shack", "test", {}, "simulated", {}}, ZoneClock::load("UTC"));
        for (int i = 0; i < 2; ++i) {
            OutputReport report;
            report.state = OutputState::off;
            report.state_received = report.available = true;
            report.state_at = now;
            report.lease = Lease::armed;
            io.outputs().list.push_back(report);
        }
    }
    /// Returns the allocations of the turn alone, without those of the device fakes.
    long turn() {
        now += 1s;
        for (const char* name : {"victron.battery", "victron.system", "sol_ark"}) {
            SourceReading reading;
            reading.name = name;
            reading.taken = reading.moved = now;
            reading.voltage = 5230_cV;
            reading.pv = 1850_W;
            reading.load = 1850_W;
            reading.grid = 0_W;
            mailbox.sink().reading(reading);
        }
        return allocations_of([this] { cycle->turn(io, now); });
    }

    Time now = 1000s;
    Mailbox mailbox{{"victron.battery", "victron.system", "sol_ark"}};
    FakeStore store;
    ChargeExchanges exchanges;
    Log log{Level::error};
    WallClock wall{SimulatedWall{1, {}}, Utc{1'750'532'400'000}, 1000s};
    FakeSiteIo io;
    Config config;
    std::shared_ptr<const Settings> settings;
    std::unique_ptr<Cycle> cycle;
};

}  // namespace

TEST_CASE("allocates nothing in a turn without changes") {
    QuietSite site;
    for (int i = 0; i < 100; ++i) site.turn();
    long least = 1'000'000;  // only some turns publish numbers
    for (int i = 0; i < 8; ++i) least = std::min(least, site.turn());
    CHECK(least == 0);
}

TEST_CASE("compares topics without copying them") {
    const std::string before =
        R"({"at":"2025-06-21T19:00:00Z","voltage_v":52.3,"source":"victron.battery","age_s":0.4,"blocked_by":[{"gate":"sun",)"
        R"("have":6200,"need":8000,"unit":"W","remaining_s":3}],"text":"PV 6,200 W reaches it; 43 s left","means":{}})";
    std::string now = before;
    now.replace(now.find("19:00:00"), 8, "19:00:04");
    now.replace(now.find(":0.4,"), 5, ":0.9,");
    bool differs = true;
    CHECK(allocations_of([&] { differs = noticed(before, now); }) == 0);
    CHECK_FALSE(differs);
    now.replace(now.find("52.3,"), 5, "52.4,");
    CHECK(allocations_of([&] { differs = noticed(before, now); }) == 0);
    CHECK(differs);
}
