// Reload: what a SIGHUP does. The file is read again, and what it changes is put into force while the loop runs on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/host/background_io.hpp"
#include "daemon/host/supervisor.hpp"
#include "daemon/host_watch.hpp"
#include "daemon/local_api.hpp"
#include "daemon/running_site.hpp"
#include "daemon/site/output_release.hpp"

namespace volt {

/// The file that the configuration came from, and what is kept of it.
struct ConfigFile {
    std::string path;      ///< read again on SIGHUP
    std::string text;      ///< in force; kept as the good copy unless it comes from there
    std::string copy;      ///< path of the good copy; empty: none is kept
    std::string rejected;  ///< why the copy is in force instead; empty: it is not
};

/// Loop thread only; nothing here waits.
class Reload {
public:
    /// What a reload moves or reports to; all of it outlives this.
    struct Parts {
        RunningSite& site;
        BackgroundIo& background_io;
        HostWatch& host_watch;
        LocalApi& api;
        Supervisor& supervisor;
        Log& log;
    };
    Reload(const Parts& parts, ConfigFile file);

    /// Has the file read again; one that comes during a reload follows it.
    void begin(Time now);
    /// At each wake of the loop: continues as far as it can.
    void turn(Time now);

    /// From begin() until the file is in force, rejected or postponed.
    bool active() const { return active_; }
    /// A configuration is on its way into force: turn() is to be called at short intervals.
    bool exchanging() const { return next_.has_value(); }
    /// That configuration ends live control.
    bool leads_to_shadow() const;

private:
    /// A configuration on its way into force.
    struct Next {
        /// What is waited for: the new broker's address and password, the GX, the outputs that are released.
        enum class Step : std::uint8_t { access, charge, outputs };
        Config config;
        std::optional<std::string> text{};       ///< of the file; none: it is rejected but for its `commands: shadow`
        std::vector<std::string> changes{};      ///< that the file makes
        bool keep = false;                       ///< all of it takes effect: a later start may use it
        std::shared_ptr<BrokerAccess> access{};  ///< of the new broker
        Step step = Step::access;
        Time limit{};  ///< of the step
        std::optional<OutputRelease> release{};
    };

    void take_file(ParsedConfig parsed, Time now);
    void reject(const ParsedConfig& parsed, Time now);
    void begin_shadow(Time now);
    void begin_exchange(Next next, Time now);
    void continue_exchange(Time now);
    void postpone(Time now);
    void retry_postponed(Time now);
    bool release_charge(Time now);
    void begin_release(Time now);
    void end_release();
    void apply(Time now);
    void report_applied(const Next& applied, bool was_live);
    bool on_copy() const { return !file_.rejected.empty(); }
    std::string in_use() const;

    const Parts parts_;
    ConfigFile file_;
    bool active_ = false;
    bool again_ = false;  ///< a further begin() came meanwhile
    std::optional<Next> next_;
    std::optional<Next> postponed_;         ///< its broker cannot be tried yet; `limit`: until the next try
    std::vector<std::string> left_behind_;  ///< may be on, of the reload before: an alarm each
};

}  // namespace volt
