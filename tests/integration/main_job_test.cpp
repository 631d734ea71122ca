// The main job on real sockets, a real broker and a real database, from an owner's view.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

const std::string s21 = "miner/primary-s21-revenue";
const std::string s19 = "miner/dump-load-s19-1";

/// Checks that no message to an output is retained, and that only these orders were sent.
void check_orders(const Site& site, const std::string& device, const std::vector<std::string>& allowed) {
    for (const Heard& message : site.received())
        if (message.topic.rfind("cmnd/" + device, 0) == 0) CHECK_MESSAGE(!message.retained, message.topic);
    for (const std::string& order : site.commands(device)) {
        bool known = false;
        for (const std::string& one : allowed) known = known || one == order;
        CHECK_MESSAGE(known, device << " got " << order << "\n"
                                    << site.sql("SELECT * FROM v_events; SELECT * FROM v_relay_commands"));
    }
}

}  // namespace

TEST_CASE("the worked example starts the S21+ and explains the S19") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(site.wait_for_command("miner1", "ON"), site.voltd->text());
    REQUIRE(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
    REQUIRE(eventually([&] { return site.state(s19).value("reason", "") == "voltage"; }));

    const json waiting = site.state(s19);
    CHECK(waiting.at("wanted") == "off");
    const json* gate = nullptr;
    for (const json& one : waiting.at("blocked_by"))
        if (one.at("gate") == "voltage") gate = &one;
    REQUIRE(gate != nullptr);
    CHECK(gate->at("have") == 52.30);
    CHECK(gate->at("need") == 54.50);
    CHECK(gate->at("unit") == "V");
    CHECK(waiting.at("text").get<std::string>().find("52.30 V is 2.20 V below") != std::string::npos);
    check_orders(site, "miner2", {"OFF"});

    const json battery = site.state("battery");
    CHECK(battery.at("voltage_v") == 52.30);
    CHECK(battery.at("soc_pct") == 65.3);
    CHECK(battery.at("stage") == "optimal");
    CHECK(site.last("voltd/solar-shack/status") == "online");

    CHECK(eventually([&] { return site.sql("SELECT count(*) FROM decisions WHERE load = 'primary-s21-revenue'") != "0\n"; }));
    CHECK(site.sql("SELECT text FROM decisions WHERE load = 'primary-s21-revenue' LIMIT 1") ==
          "Start Primary S21+ (Revenue): 52.30 V (65 %)\n");
    CHECK(site.http_status("/api/status") == 200);
    CHECK(site.http_status("/health") == 200);
}

TEST_CASE("power shows the available power while nothing runs") {
    Site site;
    site.write_config(", commands: shadow");
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state("power").value("available_w", json()) == 11600; }));
    CHECK(site.state("power").at("excess_w") == 6600);
    CHECK(site.state("power").at("base_load_w") == 1850);
    CHECK(site.commands("miner1").empty());
}

TEST_CASE("a drop to 44.9 V switches every miner off") {
    Site site;
    site.write_config();
    site.pinned = {56.0, 12000, 1850};
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(site.wait_for_command("miner1", "ON"), site.voltd->text());
    REQUIRE_MESSAGE(site.wait_for_command("miner2", "ON"), site.state(s19).dump(1));
    REQUIRE(eventually([&] { return site.state(s19).value("state", "") == "on"; }));
    site.pin({44.9, 0, 1850});
    CHECK(site.wait_for_command("miner1", "OFF"));
    CHECK(site.wait_for_command("miner2", "OFF"));
    CHECK(eventually([&] { return site.state(s21).value("state", "") == "off" && site.state(s19).value("state", "") == "off"; }));
    CHECK(eventually([&] { return site.state("battery").value("stage", "") == "critical"; }));
    CHECK(eventually([&] { return !site.state("alarm/critical").empty(); }));
    const auto before = site.commands("miner1").size();
    site.pin({52.3, 8450, 1850});
    CHECK(eventually([&] { return site.state("battery").value("stage", "") == "optimal"; }));
    const auto orders = site.commands("miner1");
    for (std::size_t i = before; i < orders.size(); ++i) CHECK(orders[i] == "OFF");  // resting
}

TEST_CASE("killed GX, Sol-Ark and broker recover without a switching") {
    Site site;
    site.write_config(", blind_grace_s: 60");
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(site.wait_for_command("miner1", "ON"));
    REQUIRE(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
    const auto healed = [&](const std::string& source) {
        return eventually([&] { return site.state("source/" + source).value("state", "") == "ok"; });
    };
    const auto failing = [&](const std::string& source) {
        return eventually([&] { return site.state("source/" + source).value("state", "") == "failing"; });
    };

    site.gx.reset();
    CHECK(failing("victron.system"));
    CHECK(eventually([&] { return site.state("battery")["source"] == "sol_ark"; }));
    site.start_gx();
    CHECK(healed("victron.system"));
    CHECK(healed("victron.battery"));

    site.sol_ark.reset();
    CHECK(failing("sol_ark"));
    site.start_sol_ark();
    CHECK(healed("sol_ark"));

    site.gx.reset();  // both at once, and back in the other order
    site.sol_ark.reset();
    CHECK(failing("victron.battery"));
    site.start_sol_ark();
    CHECK(healed("sol_ark"));
    site.start_gx();
    CHECK(healed("victron.battery"));

    check_orders(site, "miner1", {"ON"});  // the listener that comes with the new broker has not seen these
    check_orders(site, "miner2", {"OFF"});
    site.listener.reset();
    site.broker.reset();
    site.start_broker();
    site.start_listener();
    CHECK(eventually([&] { return site.last("voltd/solar-shack/status") == "online"; }));
    CHECK(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
    CHECK(site.voltd->running());
    check_orders(site, "miner1", {"ON"});  // only renewals
    check_orders(site, "miner2", {"OFF"});
    CHECK(site.sql("SELECT count(*) FROM load_runs WHERE load = 'primary-s21-revenue'") == "1\n");
}

TEST_CASE("SIGTERM keeps running loads, and a restart adopts them") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
    site.voltd->signal(SIGTERM);
    CHECK(site.voltd->wait(std::chrono::seconds{20}) == 0);
    CHECK(eventually([&] { return site.last("voltd/solar-shack/status") == "offline"; }));
    const auto before = site.commands("miner1").size(), first_life = site.received().size();
    site.start_voltd();
    REQUIRE(eventually([&] { return site.last("voltd/solar-shack/status") == "online"; }));
    CHECK(eventually([&] {
        const auto& all = site.received();
        return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first_life), all.end(), [](const Heard& message) {
            if (message.topic != "voltd/solar-shack/" + s21 || message.payload.empty()) return false;
            const json miner = json::parse(message.payload);
            return miner.at("state") == "on" && miner.at("reason") == "running";
        });
    }));
    const auto orders = site.commands("miner1");
    for (std::size_t i = before; i < orders.size(); ++i) CHECK(orders[i] == "ON");
}

TEST_CASE("kill -9 at any moment leaves a working database and site") {
    Site site;
    site.write_config();
    site.start_devices();
    for (int round = 0; round < 5; ++round) {
        site.start_voltd();
        if (round == 0) site.quicken();
        REQUIRE(eventually([&] { return site.last("voltd/solar-shack/status") == "online"; }));
        // The next run may reverse an order lost between relay and disk, but not one whose load was reported on.
        if (round == 0) REQUIRE(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
        const std::size_t lines = site.listener->lines().size();
        eventually([&] { return site.listener->lines().size() > lines + static_cast<std::size_t>(round * 7); });
        site.voltd->signal(SIGKILL);
        site.voltd->wait();
        CHECK(site.sql("PRAGMA quick_check") == "ok\n");
    }
    check_orders(site, "miner1", {"ON"});
    site.start_voltd();
    CHECK(eventually([&] { return site.state(s21).value("reason", "") == "running"; }));
}

TEST_CASE("voltd starts without any device and recovers") {
    Site site;
    site.write_config();
    site.start_voltd();
    REQUIRE(eventually([&] { return site.http_status("/health") == 503; }));
    site.quicken();
    site.start_devices();
    CHECK(site.wait_for_command("miner1", "ON"));
}

TEST_CASE("an edit of the settings applies while voltd runs") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
    site.sql("UPDATE miner_profiles SET enabled = 0 WHERE slug = 'primary-s21-revenue'");
    CHECK(site.wait_for_command("miner1", "OFF"));
    CHECK(eventually([&] { return site.state(s21).value("reason", "") == "disabled"; }));
}

TEST_CASE("a command topic overrides a miner and answers") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state(s21).value("state", "") == "on"; }));
    site.publish("voltd/solar-shack/" + s21 + "/set", "off");
    CHECK(site.wait_for_command("miner1", "OFF"));
    CHECK(eventually([&] { return site.state(s21 + "/result").value("ok", false); }));
    site.publish("voltd/solar-shack/miner/nobody/set", "off");
    CHECK(eventually(
        [&] { return site.state("miner/nobody/result").value("error", "").find("primary-s21-revenue") != std::string::npos; }));
}
