// The real loop of voltd (cycle, rules, MQTT) in this process, with a real broker and relays, and a recorder of every message to
// every output. Battery and store belong to the test.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/cycle.hpp"
#include "daemon/site/mqtt_site_io.hpp"
#include "tests/fakes/mosquitto.hpp"
#include "tests/fakes/mqtt_peer.hpp"
#include "tests/fakes/store.hpp"
#include "tests/fakes/tasmota.hpp"

namespace volt::testing {

/// Returns the real times shortened. The bounds in the tests follow from them.
LinkTimes short_times();

/// Returns true in `./dev test outputs-long`, which runs tests that wait for the rules' own minutes.
inline bool takes_long() { return std::getenv("VOLT_OUTPUTS_LONG") != nullptr; }

struct RigOptions {
    std::string broker;                       ///< additional lines of mosquitto's configuration
    std::string mqtt;                         ///< additional keys of `mqtt:`
    std::string output;                       ///< additional keys of the miner's output
    std::string more;                         ///< additional top-level lines of voltd.yaml
    double confirm_s = 0.4;                   ///< key of `control:`
    bool start = true;                        ///< starts the broker
    std::function<void(Mosquitto&)> prepare;  ///< called while the broker is down, before it restarts
};

class LoopRig {
public:
    explicit LoopRig(const RigOptions& options = {});
    ~LoopRig();  ///< ends in order, and checks the wire once more

    /// Runs one tick of the loop now.
    void turn();
    /// Ticks until it holds, with a generous limit.
    bool until(const std::function<bool()>& condition, Duration limit = patience);
    void for_a_while(Duration time);

    /// Waits until the relay is online and off, has reported, and its timer is proven.
    bool until_ready();
    bool until_relay(bool on) {
        return until([this, on] { return relay.relay_on() == on; });
    }
    /// Sends a command like a person, by topic, until it is in force (an early one is lost).
    void command(const std::string& word);
    bool has_alarm(const std::string& suffix) const;
    const OutputReport& report() const { return reports.at(0); }
    /// Returns ON and OFF to the relay as the broker passed them on.
    std::vector<std::string> orders() const;
    std::vector<std::string> payloads(const std::string& suffix) const { return wire.payloads("voltd/shack/" + suffix); }

    /// Sends an order to the relay from elsewhere: not ours, and known to check_wire().
    void stranger_orders(const std::string& word, bool retained, const std::string& topic = "cmnd/miner1/POWER");

    /// Compares the recorder with the rules' orders: nothing retained, nothing later than `late` after its tick, no message that
    /// was not ordered, and only the dialect's queries and set-ups. Each rig also does so at its end.
    void check_wire();

    struct Ordered {
        std::string word;
        Time at{};
    };

    Mosquitto broker;
    MqttListener wire{broker.port()};
    FakeTasmota relay{broker.port(), "miner1"};
    Volts voltage = 5230_cV;
    Mailbox mailbox{{"victron.battery", "victron.system", "sol_ark"}};
    FakeStore store;
    ChargeExchanges exchanges;
    Log log{Level::error};
    WallClock wall;
    Config config;
    std::shared_ptr<const Settings> settings;
    std::unique_ptr<MqttSiteIo> io;
    std::unique_ptr<Cycle> cycle;
    std::vector<Ordered> ordered;  ///< all orders of the rules
    Duration late = 2s;            ///< maximum time from a tick to its order on the wire
    bool listens = true;           ///< false if the broker accepts no client without a password, which includes the recorder
    std::vector<OutputReport> reports;

private:
    std::vector<std::string> strangers_;
};

}  // namespace volt::testing
