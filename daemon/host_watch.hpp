// HostWatch: what is wrong with this computer, as alarms and log lines: safe mode after crashes, a weak power supply, the broker's
// certificate, the copy of the configuration.
#pragma once

#include "daemon/host/background_io.hpp"
#include "daemon/host/safe_mode.hpp"
#include "daemon/running_site.hpp"

namespace volt {

/// Loop thread only.
class HostWatch {
public:
    /// `safe_mode` writes its file by `background_tasks`. All references outlive this.
    HostWatch(SafeMode safe_mode, TaskThread& background_tasks, BackgroundIo& background_io, RunningSite& site, Log& log);

    /// Before the first turn.
    void begin(Time now);
    /// Once a turn, before it.
    void check(Time now);
    /// By the owner: a command or a reload. Returns whether safe mode was active.
    bool end_safe_mode();
    /// This run ends in order.
    void end() { safe_mode_.end_run(); }

private:
    void check_safe_mode(Time now);
    void check_supply();
    void check_certificates();

    SafeMode safe_mode_;
    BackgroundIo& background_io_;
    RunningSite& site_;
    Log& log_;
    bool supply_low_ = false;  ///< as the alarm shows it
};

}  // namespace volt
