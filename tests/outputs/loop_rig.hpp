// The real loop of voltd (cycle, rules, MQTT) in this process, before a real broker and relays on it, and a recorder of
// every message to every output. The battery and the store are the test's.
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

/// The real waits made short; the bounds that the tests hold them to follow from these.
LinkTimes short_times();

/// Tests that wait for the rules' own minutes run in `./dev test outputs-long`.
inline bool takes_long() { return std::getenv("VOLT_OUTPUTS_LONG") != nullptr; }

struct RigOptions {
    std::string broker;                       ///< further lines of mosquitto's configuration
    std::string mqtt;                         ///< further keys of `mqtt:`
    std::string output;                       ///< further keys of the miner's output
    std::string more;                         ///< further top-level lines of voltd.yaml
    double confirm_s = 0.4;                   ///< of `control:`
    bool start = true;                        ///< the broker
    std::function<void(Mosquitto&)> prepare;  ///< with the broker down, before it starts again
};

class LoopRig {
public:
    explicit LoopRig(const RigOptions& options = {});
    ~LoopRig();  ///< ends in order, and looks at the wire once more

    /// One tick of the loop, now.
    void turn();
    /// Ticks until it holds; a generous limit.
    bool until(const std::function<bool()>& condition, Duration limit = 30s);
    void for_a_while(Duration time);

    /// The relay is there, heard, its timer proven; it is off.
    bool until_ready();
    bool until_relay(bool on) {
        return until([this, on] { return relay.relay_on() == on; });
    }
    /// As a person would, by the command topic; until it is in force (one that comes too early is lost).
    void command(const std::string& word);
    bool has_alarm(const std::string& suffix) const;
    const OutputReport& report() const { return reports.at(0); }
    /// ON and OFF to the relay, as the broker passed them on.
    std::vector<std::string> orders() const;
    std::vector<std::string> payloads(const std::string& suffix) const { return wire.payloads("voltd/shack/" + suffix); }

    /// What somebody else sends to the relay: no order of ours, and known to check_wire().
    void stranger_orders(const std::string& word, bool retained, const std::string& topic = "cmnd/miner1/POWER");

    /// Holds the recorder against what the rules ordered: nothing retained, nothing later than `late` after its tick,
    /// nothing that was not ordered, no question or set-up but those of the dialect. Each rig does so at its end, too.
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
    std::vector<Ordered> ordered;  ///< all that the rules ordered
    Duration late = 2s;            ///< the most between a tick and its order on the wire
    bool listens = true;           ///< false: the broker takes nobody without a password, the recorder neither
    std::vector<OutputReport> reports;

private:
    std::vector<std::string> strangers_;
};

}  // namespace volt::testing
