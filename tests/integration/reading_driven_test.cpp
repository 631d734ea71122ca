// Readings of the deciding voltage drive the loop, not the tick: tested as a process, with a real device and broker.
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

TEST_CASE("turns follow polls, and a fatal voltage acts before the tick") {
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

    // Only readings come between the pin and the OFF: with the polls stopped, only the tick would run a turn.
    const auto orders = site.commands("miner1").size();
    site.pin({44.9, 0, 1850});
    CHECK(site.wait_for_command("miner1", "OFF", orders));
}

TEST_CASE("an override by HTTP applies at once") {
    ApiSite site(false);
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    slow_ticks(site);
    site.run();  // without devices only the tick runs a turn
    const auto turns = [&] { return site.stat("voltd_loop_turns_total"); };
    const double before = turns();
    constexpr int modes = 20;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < modes; ++i)
        CHECK(site.client().ask("POST", "/api/mode", i % 2 == 0 ? R"({"mode":"off"})" : R"({"mode":"balanced"})").status == 200);
    CHECK(turns() >= before + modes);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{static_cast<int>(modes * tick_s / 2)});
}
