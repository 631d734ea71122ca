// Reload: handles SIGHUP. Reads the file again and applies its changes while the loop keeps running.
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

/// File of the configuration and its copies.
struct ConfigFile {
    std::string path;      ///< file to read again on SIGHUP
    std::string text;      ///< text in use; stored as the good copy unless it comes from there
    std::string copy;      ///< path of the good copy, or empty if none is stored
    std::string rejected;  ///< reason the copy is used instead, or empty if it is not
};

/// Use on the loop thread only. Never waits.
class Reload {
public:
    /// Parts that a reload changes or reports to. All must outlive it.
    struct Parts {
        RunningSite& site;
        BackgroundIo& background_io;
        HostWatch& host_watch;
        LocalApi& api;
        Supervisor& supervisor;
        Log& log;
    };
    Reload(const Parts& parts, ConfigFile file);

    /// Requests the file. A request during a reload runs after it.
    void begin(Time now);
    /// Continues as far as it can. Call at each wake of the loop.
    void turn(Time now);

    /// Returns true from begin() until the file is in use, rejected or postponed.
    bool active() const { return active_; }
    /// Returns true while a configuration is being applied. Call turn() at short intervals then.
    bool exchanging() const { return next_.has_value(); }
    /// Returns true if that configuration ends live control.
    bool leads_to_shadow() const;

private:
    /// Configuration being applied.
    struct Next {
        /// Awaited step: the new broker's address and password, the GX, the released outputs.
        enum class Step : std::uint8_t { access, charge, outputs };
        Config config;
        std::optional<std::string> text{};       ///< text of the file; none if it is rejected except for its `commands: shadow`
        std::vector<std::string> changes{};      ///< changes in the file
        bool keep = false;                       ///< all of it takes effect, so a later start may use it
        std::shared_ptr<BrokerAccess> access{};  ///< access to the new broker
        Step step = Step::access;
        Time limit{};  ///< deadline of the step
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
    bool again_ = false;  ///< another begin() came during this reload
    std::optional<Next> next_;
    std::optional<Next> postponed_;         ///< its broker cannot be tried yet; `limit` is the next try
    std::vector<std::string> left_behind_;  ///< may still be on after the previous reload; one alarm each
};

}  // namespace volt
