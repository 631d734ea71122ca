// Application: makes the parts from a configuration, runs the loop, reloads, ends. The only place where concrete
// drivers meet.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api_keeper.hpp"
#include "daemon/config/config.hpp"
#include "daemon/cycle.hpp"
#include "daemon/housekeeper.hpp"
#include "daemon/mqtt_field.hpp"
#include "daemon/safe_mode.hpp"
#include "daemon/supervisor.hpp"
#include "daemon/wake.hpp"
#include "drivers/modbus/poller.hpp"

namespace volt {

/// The file that the configuration came from, and what is kept of it.
struct ConfigFile {
    std::string path;      ///< read again on SIGHUP
    std::string text;      ///< in force; kept as the good copy unless it comes from there
    std::string copy;      ///< path of the good copy; empty: none is kept
    std::string rejected;  ///< why the copy is in force instead; empty: it is not
};

class Application {
public:
    /// `wake` must be older than every thread. The store is open already.
    Application(Wake& wake, Log& log, ConfigFile file, Config config, OpenedStore opened,
                std::optional<SimulatedWall> simulated, SafeMode safe_mode);
    ~Application();

    /// Runs until SIGTERM or SIGINT. Returns the exit code.
    int run();

private:
    /// Devices, and whether what their threads bring is still wanted.
    struct Polled {
        std::vector<std::unique_ptr<Poller>> pollers;
        std::shared_ptr<std::atomic<bool>> wanted;
    };
    class Hands;
    SourceSink sink(Polled& polled) const;
    static void retire(Polled& polled);
    void make_wall(std::optional<SimulatedWall> simulated, const ZoneClock* zone);
    void start_pollers();
    void start_field();
    void turn(Time now);
    void timed_turn(Time now, Time due);
    void serve_api();
    void look_at_api();
    void look_at_safe_mode(Time now);
    bool end_safe_mode();
    void begin_reload(Time now);
    void finish_reload(ParsedConfig parsed);
    void reject(const ParsedConfig& parsed);
    void apply(Config config);
    void look_at_housekeeper();
    void part(const Config& old);
    void release_charge(const Config& old);
    bool refuses_a_device() const;
    void end();

    Wake& wake_;
    Log& log_;
    ConfigFile file_;
    Config config_;
    std::unique_ptr<Store> store_;
    SafeMode safe_mode_;
    Supervisor supervisor_;
    Housekeeper housekeeper_{5s, [this] { wake_.nudge(); }};
    bool reloading_ = false;  ///< the file is being read
    bool power_low_ = false;  ///< of the computer itself, as shown
    bool on_copy_ = false;    ///< the last good configuration is in force, since the start
    WallClock wall_;
    std::shared_ptr<ChargeDesk> charge_ = std::make_shared<ChargeDesk>();  ///< shared likewise
    std::shared_ptr<Mailbox> mailbox_;  ///< shared with pollers that are still ending
    std::unique_ptr<Cycle> cycle_;
    std::unique_ptr<MqttField> field_;
    Polled victron_, sol_arks_;
    LoopFigures figures_;
    std::string api_trouble_;  ///< as told
    std::vector<std::string> left_behind_;  ///< may be on, of the reload before: an alarm each
    ApiKeeper api_;
};

}  // namespace volt
