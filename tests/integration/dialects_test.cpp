// One output of each dialect on a real broker: voltd switches, confirms and meters each, and after voltd is killed each device's
// own timer ends the loads.
#include <doctest/doctest.h>

#include <fmt/format.h>
#include <csignal>
#include <set>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

struct Wired {
    const char* id;
    const char* yaml;       ///< without the id
    const char* simulated;  ///< voltsim's notation
    const char* command;    ///< topic of its orders
    const char* lease;      ///< as displayed
};

const Wired wired[] = {
    {"tasmota", "dialect: tasmota, topic: heaters, channel: 2", "heaters#2:miner:500", "cmnd/heaters/POWER2", "armed"},
    {"shelly1", "dialect: shelly-gen1, topic: shelly1pm-AABBCC, require_lease: false", "shelly1=shelly1pm-AABBCC:miner:500",
     "shellies/shelly1pm-AABBCC/relay/0/command", "unverified"},
    {"shelly2", "dialect: shelly-gen2, topic: shed/plug, require_lease: true", "shelly2=shed/plug:miner:500", "shed/plug/rpc",
     "armed"},
    {"zigbee", "dialect: zigbee2mqtt, topic: miner_plug, require_lease: false", "zigbee=miner_plug:miner:500",
     "zigbee2mqtt/miner_plug/set", "unverified"},
    {"esphome", "dialect: esphome, topic: node, component: switch, object: plug, power_topic: node/sensor/plug_power/state",
     "esphome=node/plug:miner:500", "node/switch/plug/command", "unverified"},
    {"generic",
     "dialect: generic, command_topic: shed/heater/set, payload_on: \"1\", payload_off: \"0\", state_topic: shed/heater/state, "
     "state_field: relay, state_on: \"1\", state_off: \"0\", availability_topic: shed/heater/online, available: \"yes\", "
     "power_topic: shed/heater/power, power_field: watts",
     "generic=shed/heater:miner:500", "shed/heater/set", "unverified"},
};

class DialectSite : public Site {
public:
    DialectSite() {
        pinned = {56.0, 12000, 1850};
        std::string text = fmt::format(R"(site: solar-shack
database: {}
victron: {{ host: 127.0.0.1, port: {}, poll_s: 0.2, units: {{ system: 100, battery: 225 }} }}
power_sources: {{ pv: [victron.system], load: [victron.system], grid: [victron.system] }}
mqtt: {{ url: "mqtt://127.0.0.1:{}" }}
sensors: [ {{ id: heat-room, topic: zigbee2mqtt/heat-room, field: temperature }} ]
api: {{ listen: "127.0.0.1:{}", token_file: {} }}
control: {{ tick_s: 0.2, start_hold_s: 0, stop_hold_s: 0, settle_s: 0, confirm_s: 3, start_stagger_s: 0, adopt_timeout_s: 20,
           fan_level_hold_s: 0, fan_run_on_s: 0 }}
outputs:
  - {{ id: ac-infinity-1, kind: level, dialect: esphome, topic: heatroom, component: fan, object: exhaust, max_level: 10 }}
)",
                                       database_path(), gx_port, broker_port, api_port, dir / "token");
        for (const Wired& one : wired) text += fmt::format("  - {{ id: {}, meter: true, lease_s: 30, {} }}\n", one.id, one.yaml);
        write_file(config_path(), text);
    }

    void start_outputs() {
        std::vector<std::string> command{VOLT_BINARY_DIR "/voltsim",
                                         "--control",
                                         dir / "relays.sock",
                                         "--broker",
                                         fmt::format("127.0.0.1:{}", broker_port),
                                         "--tele-period",
                                         "1",
                                         "--miner-boot",
                                         "0",
                                         "--miner-ramp",
                                         "1",
                                         "--device-timer",
                                         "30",
                                         "--hold",
                                         "heat-room=20",
                                         "--output",
                                         "esphome=heatroom/exhaust:heat-room-fan:10"};
        for (const Wired& one : wired) command.insert(command.end(), {"--output", one.simulated});
        relays = std::make_unique<Process>(command);
        REQUIRE(relays->wait_for("gx_port"));
    }

    /// Writes a miner of 500 W that may run at any time on each relay, instead of the default ones.
    void write_profiles() {
        std::string rows;
        int number = 0;
        for (const Wired& one : wired)
            rows += fmt::format(
                "INSERT INTO miner_profiles (id, user_id, name, slug, power_draw_w, start_voltage, stop_voltage, "
                "emergency_stop_voltage, device_id, min_on_s, min_off_s, max_starts_per_hour) VALUES "
                "('d0000000-0000-0000-0000-0000000001{:02}', 'a0000000-0000-0000-0000-000000000001', '{}', '{}', "
                "500, 50.0, 47.0, 45.0, '{}', 1, 1, 60);",
                ++number, one.id, one.id, one.id);
        REQUIRE(eventually([&] {
            Process edit(
                {"sqlite3", "-cmd", ".timeout 5000", database_path(), "BEGIN; DELETE FROM miner_profiles; " + rows + " COMMIT;"});
            return edit.wait() == 0;
        }));
    }

    json output(const std::string& id) const { return state("output/" + id); }
    std::string shown() const {
        std::string text;
        for (const Wired& one : wired)
            text += fmt::format("{} {} {}\n", one.id, output(one.id).dump(), state(fmt::format("miner/{}", one.id)).dump());
        return text + voltd->text();
    }
    bool all(const std::function<bool(const Wired&, const json&)>& holds) const {
        return eventually([&] {
            for (const Wired& one : wired)
                if (!holds(one, output(one.id))) return false;
            return true;
        });
    }
    void command(const std::string& what) const {
        for (const Wired& one : wired) publish(fmt::format("voltd/solar-shack/miner/{}/set", one.id), what);
    }
    /// Counts the messages on order topics so far, without queries.
    std::size_t orders() const {
        std::size_t count = 0;
        for (const Heard& message : received())
            for (const Wired& one : wired)
                count += message.topic == one.command && message.payload.find("GetStatus") == std::string::npos;
        return count;
    }
};

}  // namespace

TEST_CASE("each dialect: switches, confirms, meters, and ends by its timer") {
    DialectSite site;
    site.start_broker();
    site.start_listener();
    site.gx = std::make_unique<Process>(std::vector<std::string>{
        VOLT_BINARY_DIR "/voltsim", "--control", site.dir / "gx.sock", "--gx-port", std::to_string(site.gx_port), "--gx-power",
        "--no-broker", "--hold", "voltage=56.00", "--hold", "pv=12000", "--hold", "load=1850"});
    REQUIRE(site.gx->wait_for("gx_port"));
    site.start_outputs();
    site.start_voltd();
    site.write_profiles();

    const auto on = [](const Wired& one, const json& output) {
        return output.value("commanded", "") == "on" && output.value("reported", "") == "on" && output["measured_w"] >= 480 &&
               output.value("lease", "") == one.lease && output.value("available", false);
    };
    REQUIRE_MESSAGE(site.all(on), site.shown());

    site.tell("relays", {"set", "heat-room", "45"});
    CHECK(eventually([&] { return site.output("ac-infinity-1").value("level", json()) == 10; }));
    CHECK(site.output("ac-infinity-1").value("reported", "") == "on");
    site.tell("relays", {"set", "heat-room", "20"});
    CHECK(eventually([&] { return site.output("ac-infinity-1").value("reported", "") == "off"; }));

    site.command("off");
    CHECK_MESSAGE(site.all([](const Wired&, const json& output) {
        return output.value("commanded", "") == "off" && output.value("reported", "") == "off" && output["measured_w"] == 0;
    }),
                  site.shown());
    site.command("auto");
    REQUIRE_MESSAGE(site.all(on), site.shown());

    // Orders continue as renewals while voltd lives, and stop with it.
    const std::size_t before = site.orders();
    CHECK(eventually([&] { return site.orders() >= before + std::size(wired); }));
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    const std::size_t last = site.orders();
    const auto drawn = [&] { return json::parse(site.ask("relays", "status")).value("loads_w", -1.0); };
    CHECK(drawn() == std::size(wired) * 500);
    CHECK_MESSAGE(eventually([&] { return drawn() == 0; }), site.shown());
    CHECK(site.orders() == last);
    for (const Heard& message : site.received())
        for (const Wired& one : wired)
            if (message.topic == one.command) CHECK_FALSE(message.retained);
}
