// A whole site under test as processes: a private mosquitto, voltsim three times (as the GX, the Sol-Ark, the outputs), voltd,
// and an independent listener on every topic. None of voltd's own code reads the broker here.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/process.hpp"

namespace volt::testing {

/// A message as received by mosquitto_sub.
struct Heard {
    std::string topic;
    bool retained = false;
    std::string payload;
};

class Site {
public:
    Site();

    TempDir dir;
    int broker_port, gx_port, sol_ark_port, api_port;
    std::unique_ptr<Process> broker, gx, sol_ark, relays, voltd, listener;

    /// Values pinned for the simulated bank and roof, exact in every register.
    struct Pinned {
        double voltage = 52.30;
        int pv = 8450, load = 1850;
    };
    Pinned pinned;
    int tele_period_s = 1;  ///< period of the relays

    void start_broker();
    std::unique_ptr<Process> start_broker_at(int port) const;
    void start_listener();
    void start_gx(const std::vector<std::string>& more = {});
    void start_sol_ark(const std::vector<std::string>& more = {});
    void start_relays();   ///< outputs, room temperatures and weather on the broker
    void start_devices();  ///< starts all devices
    void start_voltd(std::vector<std::string> more = {});
    std::vector<std::string> voltd_under;  ///< a command in front of voltd, e.g. strace with its options
    /// Edits the settings of a fresh database while voltd runs: rests and minimum times of a second.
    void quicken();
    void pin(Pinned values);
    /// Sends a line to a running simulator (`gx`, `sol_ark`, `relays`), and returns its answer.
    std::string ask(const std::string& simulator, const std::string& line) const;
    /// Sends a command to a running simulator: `fault gx silent 20`. Throws if it is not accepted.
    void tell(const std::string& simulator, const std::vector<std::string>& words) const;

    std::string config_path() const { return dir / "voltd.yaml"; }
    std::string database_path() const { return dir / "voltd.db"; }
    /// Writes the example's wiring with short holds; `control` adds to `control`, `outputs` to each miner's output.
    void write_config(const std::string& control = "", const std::string& outputs = "");
    /// Runs SQL on the database like an owner, and returns the output of sqlite3.
    std::string sql(const std::string& text) const;

    /// Returns everything received since the start of the listener, in order. A later call appends to the same list.
    const std::vector<Heard>& received() const;
    /// Returns the newest message on `topic`.
    std::optional<std::string> last(const std::string& topic) const;
    /// Returns the newest JSON object on `voltd/solar-shack/<suffix>`, or an empty one.
    nlohmann::json state(const std::string& suffix) const;
    /// Returns the commands to a Tasmota relay (`ON`, `OFF`) in order, without queries.
    std::vector<std::string> commands(const std::string& device) const;
    bool wait_for_command(const std::string& device, const std::string& order, std::size_t from = 0) const;
    void publish(const std::string& topic, const std::string& payload, bool retained = false) const;
    int http_status(const std::string& path) const;

private:
    std::unique_ptr<Process> start_simulator(const std::string& name, std::vector<std::string> more) const;

    mutable std::vector<Heard> received_;
    mutable std::size_t lines_read_ = 0;  ///< of the listener's
};

}  // namespace volt::testing
