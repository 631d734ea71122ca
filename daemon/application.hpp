// Application: makes the parts from a configuration, runs the loop, reloads, ends. The only place where concrete
// drivers meet.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api/lifecycle.hpp"
#include "daemon/config/config.hpp"
#include "daemon/host/background_io.hpp"
#include "daemon/host/event_wait.hpp"
#include "daemon/host/machine_id.hpp"
#include "daemon/host/safe_mode.hpp"
#include "daemon/host/supervisor.hpp"
#include "daemon/loop/cycle.hpp"
#include "daemon/site/mqtt_site_io.hpp"
#include "daemon/site/output_release.hpp"
#include "daemon/site/pollers.hpp"
#include "drivers/task_thread.hpp"

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
    Application(EventWait& wake, Log& log, ConfigFile file, Config config, OpenedStore opened,
                std::optional<SimulatedWall> simulated, SafeMode safe_mode);
    ~Application();

    /// Runs until SIGTERM or SIGINT. Returns the exit code.
    int run();

private:
    static constexpr std::size_t most_errands = 32;
    /// A configuration on its way into force.
    struct Exchange {
        /// What is waited for: the new broker's address and password, the GX, the outputs that are left.
        enum class Step : std::uint8_t { keys, charge, parting };
        Config config;
        std::optional<std::string> text{};   ///< of the file; none: it is rejected but for its `commands: shadow`
        std::vector<std::string> changes{};  ///< that the file makes
        bool keep = false;                   ///< all of it takes effect: a later start may use it
        std::shared_ptr<Access> access{};    ///< of the new broker
        Step step = Step::keys;
        Time limit{};  ///< of the step
        std::optional<Parting> parting{};
    };
    class ApiAdapter;
    void make_wall(std::optional<SimulatedWall> simulated, const ZoneClock* zone);
    std::string controller() const { return controller_id(machine_id_, config_.mqtt.client_id); }
    void start_field(BrokerConnection::Kept kept = {});
    void turn(Time now);
    void timed_turn(Time now, Time due);
    void serve_api();
    void look_at_api();
    void look_at_safe_mode(Time now);
    bool end_safe_mode();
    void begin_reload(Time now);
    void finish_reading(ParsedConfig parsed, Time now);
    void reject(const ParsedConfig& parsed, Time now);
    void begin_exchange(Exchange exchange, Time now);
    void go_on_exchanging(Time now);
    void go_quiet(Time now);
    void put_off(Time now);
    void try_put_off(Time now);
    void end_exchange(bool was_live);
    void apply(Time now);
    void exchange_field(bool same_connection);
    bool release_charge(Time now);
    void begin_parting(Time now);
    void end_parting();
    void check_background_io();
    bool refuses_a_device() const;
    void end();

    EventWait& wake_;
    Log& log_;
    ConfigFile file_;
    const std::string machine_id_ = machine_id();  ///< of the start
    Config config_;
    std::unique_ptr<Store> store_;
    TaskThread chores_{"errands", most_errands};  ///< files written, threads joined: what the loop must not wait for
    SafeMode safe_mode_;
    Supervisor supervisor_;
    BackgroundIo background_io_{5s, [this] { wake_.nudge(); }};
    bool reloading_ = false;     ///< from the signal until the file is in force or refused
    bool reload_again_ = false;  ///< a further signal came meanwhile
    std::optional<Exchange> exchange_;
    std::optional<Exchange> put_off_;  ///< its broker cannot be tried yet
    bool power_low_ = false;           ///< of the computer itself, as shown
    bool on_copy_ = false;             ///< the last good configuration is in force, since the start
    WallClock wall_;
    ChargeDesks charge_;                ///< shared with pollers likewise
    std::shared_ptr<Mailbox> mailbox_;  ///< shared with pollers that are still ending
    std::unique_ptr<Cycle> cycle_;
    std::unique_ptr<MqttSiteIo> field_;
    Pollers pollers_{mailbox_, charge_, chores_};
    LoopFigures figures_;
    std::string api_trouble_;               ///< as told
    std::vector<std::string> left_behind_;  ///< may be on, of the reload before: an alarm each
    ApiLifecycle api_;
};

}  // namespace volt
