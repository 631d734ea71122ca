// LocalApi: the local API as the loop serves it. Control works without it; the owner gets an alarm.
#pragma once

#include <string>

#include "daemon/api/server/lifecycle.hpp"
#include "daemon/host_watch.hpp"
#include "daemon/running_site.hpp"

namespace volt {

/// Loop thread only.
class LocalApi {
public:
    /// All references outlive this.
    LocalApi(RunningSite& site, HostWatch& host_watch, Store& store, Log& log, const std::function<void()>& wake);

    /// Listens there from now on; also if the address is unchanged, because its token may have been replaced.
    void request(const ApiConfig& api) { lifecycle_.request(api); }
    /// `path` is the configuration file; it was read now, unless the last good copy of it is in force.
    void show_config(const std::string& path, bool from_copy);
    /// Waits at most this long until that was tried. Only before the loop runs.
    void wait_for_try(std::chrono::milliseconds at_most) { lifecycle_.wait_for_try(at_most); }
    /// Once a turn, before it: the alarm.
    void check();
    /// At each wake of the loop: what clients request, and a page if one is wanted.
    void serve(const LoopFigures& figures);
    void stop() { lifecycle_.stop(); }

private:
    class Context;
    void show_proofs(StatusSnapshot& status) const;

    RunningSite& site_;
    HostWatch& host_watch_;
    Log& log_;
    std::string failure_;  ///< as the alarm shows it
    ConfigInForce config_;
    ApiLifecycle lifecycle_;
};

}  // namespace volt
