// HostWatch: problems of this computer, as alarms and log lines: safe mode after crashes, a weak power supply, the broker's
// certificate, the copy of the configuration.
#pragma once

#include "daemon/host/background_io.hpp"
#include "daemon/host/safe_mode.hpp"
#include "daemon/running_site.hpp"

namespace volt {

/// Use on the loop thread only.
class HostWatch {
public:
    /// `safe_mode` writes its file on `background_tasks`. All references must outlive this object.
    HostWatch(SafeMode safe_mode, TaskThread& background_tasks, BackgroundIo& background_io, RunningSite& site, Log& log);

    /// Starts the checks. Call before the first turn.
    void begin(Time now);
    /// Updates alarms and log. Call once before each turn.
    void check(Time now);
    /// Ends safe mode on behalf of the owner: a command or a reload. Returns true if safe mode was active.
    bool end_safe_mode();
    /// Notes an orderly end of this run.
    void end() { safe_mode_.end_run(); }

private:
    void check_safe_mode(Time now);
    void check_supply();
    void check_certificates();

    SafeMode safe_mode_;
    BackgroundIo& background_io_;
    RunningSite& site_;
    Log& log_;
    bool supply_low_ = false;  ///< value that the alarm shows
};

}  // namespace volt
