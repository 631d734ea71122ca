// Realistic gateways: one that publishes its cache when it starts, and one that waits for an absent slave.
#include <doctest/doctest.h>

#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include "tests/drivers/sim/raw_client.hpp"
#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

struct Relay {
    const char* id;
    const char* yaml;       ///< without the id
    const char* simulated;  ///< voltsim's notation
    const char* command;    ///< topic of its orders
    const char* on;         ///< part of an order to switch on
    const char* state;      ///< topic of its state
    const char* says_on;    ///< part of such a message
};

const std::vector<Relay> plugs = {
    {"plug-1", "dialect: zigbee2mqtt, topic: plug1, require_lease: false", "zigbee=plug1:miner:500", "zigbee2mqtt/plug1/set",
     "\"ON\"", "zigbee2mqtt/plug1", "\"state\":\"ON\""},
    {"plug-2", "dialect: zigbee2mqtt, topic: plug2, require_lease: false", "zigbee=plug2:miner:500", "zigbee2mqtt/plug2/set",
     "\"ON\"", "zigbee2mqtt/plug2", "\"state\":\"ON\""},
};

const std::vector<Relay> plain = {
    {"heater-1",
     "dialect: generic, gateway: true, command_topic: shed/heater/set, payload_on: \"1\", payload_off: \"0\", "
     "state_topic: shed/heater/state, state_field: relay, state_on: \"1\", state_off: \"0\", "
     "availability_topic: shed/heater/online, available: \"yes\", power_topic: shed/heater/power, power_field: watts",
     "generic=shed/heater:miner:500", "shed/heater/set", "1", "shed/heater/state", "\"relay\":\"1\""},
};

/// Miners behind a gateway. They start at 53 V, stop at 51 V.
struct GatewaySite : Site {
    explicit GatewaySite(std::vector<Relay> behind = plugs) : wired(std::move(behind)) {
        pinned = {52.4, 12000, 1850};
        std::string text = fmt::format(R"(site: solar-shack
database: {}
victron: {{ host: 127.0.0.1, port: {}, poll_s: 0.2, units: {{ system: 100, battery: 225 }} }}
power_sources: {{ pv: [victron.system], load: [victron.system], grid: [victron.system] }}
mqtt: {{ url: "mqtt://127.0.0.1:{}" }}
api: {{ listen: "127.0.0.1:{}", token_file: {} }}
control: {{ tick_s: 0.2, start_hold_s: 1, stop_hold_s: 1, settle_s: 0, confirm_s: 2, start_stagger_s: 1, adopt_timeout_s: 5 }}
outputs:
)",
                                       database_path(), gx_port, broker_port, api_port, dir / "token");
        for (const Relay& one : wired) text += fmt::format("  - {{ id: {}, meter: true, lease_s: 30, {} }}\n", one.id, one.yaml);
        write_file(config_path(), text);
        start_broker();
        start_listener();
        start_gx({"--gx-power"});
        std::vector<std::string> command{VOLT_BINARY_DIR "/voltsim",
                                         "--control",
                                         dir / "relays.sock",
                                         "--broker",
                                         fmt::format("127.0.0.1:{}", broker_port),
                                         "--tele-period",
                                         "1",
                                         "--device-timer",
                                         "30",
                                         "--miner-boot",
                                         "0",
                                         "--miner-ramp",
                                         "1"};
        for (const Relay& one : wired) command.insert(command.end(), {"--output", one.simulated});
        relays = std::make_unique<Process>(command);
        REQUIRE(relays->wait_for("gx_port"));
        start_voltd();
        write_profiles();
    }

    void write_profiles() {
        std::string rows;
        for (std::size_t i = 0; i < wired.size(); ++i)
            rows += fmt::format(
                "INSERT INTO miner_profiles (id, user_id, name, slug, power_draw_w, start_voltage, stop_voltage, "
                "emergency_stop_voltage, device_id, min_on_s, min_off_s, max_starts_per_hour) VALUES "
                "('d0000000-0000-0000-0000-0000000001{:02}', 'a0000000-0000-0000-0000-000000000001', '{}', '{}', "
                "500, 53.0, 51.0, 45.0, '{}', 1, 1, 6);",
                i + 1, wired[i].id, wired[i].id, wired[i].id);
        REQUIRE(eventually([&] {
            Process edit(
                {"sqlite3", "-cmd", ".timeout 5000", database_path(), "BEGIN; DELETE FROM miner_profiles; " + rows + " COMMIT;"});
            return edit.wait() == 0;
        }));
    }

    /// Starts the miners, which will then rest for 600 s.
    void start_miners() {
        volts(54.0);
        REQUIRE_MESSAGE(all_report("on"), voltd->text());
        sql("UPDATE miner_profiles SET min_off_s = 600");
    }
    void volts(double value) {
        pinned.voltage = value;
        tell("gx", {"set", "voltage", fmt::format("{:.2f}", value)});
    }
    bool all_report(const std::string& state_) {
        return eventually([&] {
            for (const Relay& one : wired)
                if (state(fmt::format("output/{}", one.id)).value("reported", "") != state_) return false;
            return true;
        });
    }
    /// Counts ON to any of the relays so far, including renewals.
    std::size_t orders_on() const {
        std::size_t count = 0;
        for (const Heard& message : received())
            for (const Relay& one : wired)
                count += message.topic == one.command && message.payload.find(one.on) != std::string::npos;
        return count;
    }
    double drawn() const { return json::parse(ask("relays", "status")).value("loads_w", -1.0); }
    void kill_voltd() {
        voltd->signal(SIGKILL);
        voltd->wait();
    }
    /// Counts the cached ON states, published live like a report.
    std::size_t cached_on() const {
        const std::vector<Heard>& all = received();
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [this](const Heard& message) {
            return !message.retained && std::any_of(wired.begin(), wired.end(), [&message](const Relay& one) {
                return message.topic == one.state && message.payload.find(one.says_on) != std::string::npos;
            });
        }));
    }
    void check_cache_moves_nothing(std::size_t before, std::size_t cached = 0) {
        CHECK(eventually([&] { return cached_on() >= cached + wired.size(); }));
        std::this_thread::sleep_for(std::chrono::seconds{15});
        CHECK(all_report("off"));
        CHECK_MESSAGE(orders_on() == before, voltd->text());
        CHECK(drawn() == 0);
        for (const Relay& one : wired) CHECK(state(fmt::format("miner/{}", one.id)).value("state", "") != "on");
        CHECK_MESSAGE(voltd->text().find("keeps running") == std::string::npos, voltd->text());
        CHECK_MESSAGE(voltd->text().find("switched externally") == std::string::npos, voltd->text());
    }

    std::vector<Relay> wired;
};

}  // namespace

TEST_CASE("a gateway's stale ON adopts no run and moves no relay") {
    GatewaySite site;
    REQUIRE_MESSAGE(site.all_report("off"), site.voltd->text());
    site.tell("relays", {"fault", "gateway", "stale-on", "3"});
    site.check_cache_moves_nothing(0);

    site.kill_voltd();
    site.tell("relays", {"fault", "gateway", "stale-on", "2"});
    site.start_voltd();
    site.check_cache_moves_nothing(0);
}

TEST_CASE("a stale ON 60 s after a voltage stop switches nothing") {
    GatewaySite site;
    site.start_miners();
    site.volts(50.5);
    REQUIRE_MESSAGE(site.all_report("off"), site.voltd->text());
    const std::size_t before = site.orders_on();
    site.volts(52.4);
    std::this_thread::sleep_for(std::chrono::seconds{60});
    site.kill_voltd();
    site.tell("relays", {"fault", "gateway", "stale-on", "2"});
    site.start_voltd();
    site.check_cache_moves_nothing(before);
}

TEST_CASE("a generic output behind a gateway: its cached ON moves nothing") {
    GatewaySite site(plain);
    site.tell("relays", {"fault", "gateway", "stale-on", "3"});  // from then on the gateway reads its device each second
    site.check_cache_moves_nothing(0);
    site.start_miners();
    CHECK(eventually([&] { return site.drawn() > 400; }));
    site.volts(50.5);
    REQUIRE_MESSAGE(site.all_report("off"), site.voltd->text());
    const std::size_t orders = site.orders_on(), said = site.cached_on();
    site.volts(52.4);
    site.kill_voltd();
    site.tell("relays", {"fault", "gateway", "stale-on", "2"});
    site.start_voltd();
    site.check_cache_moves_nothing(orders, said);
}

TEST_CASE("a cached ON after a long outage is not external") {
    GatewaySite site;
    site.start_miners();
    site.tell("relays", {"fault", "gateway", "stale-on", "42"});
    std::this_thread::sleep_for(std::chrono::seconds{44});
    CHECK_MESSAGE(site.all_report("off"), site.voltd->text());
    std::this_thread::sleep_for(std::chrono::seconds{5});
    CHECK_MESSAGE(site.voltd->text().find("switched externally") == std::string::npos, site.voltd->text());
    CHECK_MESSAGE(site.voltd->text().find("Turned off manually") == std::string::npos, site.voltd->text());
}

TEST_CASE("answers voltd's requests while another master polls an absent slave") {
    Site site;
    write_file(site.config_path(),
               fmt::format("site: solar-shack\ndatabase: {}\nsol_ark: {{ host: 127.0.0.1, port: {} }}\n"
                           "mqtt: {{ url: \"mqtt://127.0.0.1:{}\" }}\n"
                           "api: {{ listen: \"127.0.0.1:{}\", token_file: {} }}\n",
                           site.database_path(), site.sol_ark_port, site.broker_port, site.api_port, site.dir / "token"));
    site.start_broker();
    site.start_listener();
    site.start_sol_ark({"--sol-ark-gateway"});
    std::atomic<bool> stop{false};
    std::thread other([&] {
        volt::sim::testing::RawClient master(site.sol_ark_port);
        while (!stop) {
            master.send("00 01 00 00 00 06 09 03 00 00 00 01");
            while (!stop && master.receive().empty()) std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
    });
    site.start_voltd();
    CHECK_MESSAGE(eventually([&] { return site.state("source/sol_ark").value("state", "") == "ok"; }), site.voltd->text());
    const std::size_t from = site.received().size();
    std::this_thread::sleep_for(std::chrono::seconds{45});
    const auto heard = site.received();
    for (std::size_t i = from; i < heard.size(); ++i)
        if (heard[i].topic == "voltd/solar-shack/source/sol_ark" && !heard[i].payload.empty())
            CHECK_MESSAGE(json::parse(heard[i].payload).value("state", "") == "ok", heard[i].payload);
    CHECK(site.state("battery").value("quality", "") != "none");
    CHECK(site.state("source/sol_ark").value("state", "") == "ok");
    stop = true;
    other.join();
}
