// The reading of the deciding voltage drives the loop, not the tick: as a process, with a real device and broker.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/integration/api_site.hpp"

using namespace volt::testing;

namespace {

constexpr double tick_s = 5;

void slow_ticks(const Site& site) {
    std::string text = read_file(site.config_path());
    const std::string quick = "tick_s: 0.2,";
    text.replace(text.find(quick), quick.size(), "tick_s: 5,");
    write_file(site.config_path(), text);
}

}  // namespace

TEST_CASE(
    "with ticks of 5 s and polls of 0.2 s turns follow the polls, and a fatal voltage ends a load without waiting for a tick") {
    ApiSite site(false);
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    slow_ticks(site);
    site.start_devices();
    site.run();
    site.quicken();
    REQUIRE_MESSAGE(site.wait_for_command("miner1", "ON"), site.voltd->text());
    const auto turns = [&] { return site.stat("voltd_loop_turns_total"); };
    const double before = turns();
    // In this time the tick alone runs a tenth of them.
    constexpr int enough = 60;
    CHECK(eventually([&] { return turns() > before + enough; }, std::chrono::seconds{static_cast<int>(enough * tick_s / 10)}));

    // All that is between the pin and the OFF is readings: with the polls stopped no turn but the tick's would follow.
    const auto orders = site.commands("miner1").size();
    site.pin({44.9, 0, 1850});
    CHECK(site.wait_for_command("miner1", "OFF", orders));
}

TEST_CASE("an override by HTTP is in force at once, not at the next tick") {
    ApiSite site(false);
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    slow_ticks(site);
    site.run();  // without devices nothing but the tick runs a turn
    const auto turns = [&] { return site.stat("voltd_loop_turns_total"); };
    const double before = turns();
    constexpr int modes = 20;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < modes; ++i)
        CHECK(site.client().ask("POST", "/api/mode", i % 2 == 0 ? R"({"mode":"off"})" : R"({"mode":"balanced"})").status == 200);
    CHECK(turns() >= before + modes);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{static_cast<int>(modes * tick_s / 2)});
}
