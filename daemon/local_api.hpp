// LocalApi: the local API as the loop serves it. Control works without it; the owner gets an alarm.
#pragma once

#include <string>

#include "daemon/api/server/lifecycle.hpp"
#include "daemon/host_watch.hpp"
#include "daemon/running_site.hpp"

namespace volt {

/// Use on the loop thread only.
class LocalApi {
public:
    /// All references must outlive this object.
    LocalApi(RunningSite& site, HostWatch& host_watch, Store& store, Log& log, const std::function<void()>& wake);

    /// Listens there from now on. Also call it if the address is unchanged, because its token may have been replaced.
    void request(const ApiConfig& api) { lifecycle_.request(api); }
    /// Sets the path of the configuration file and its read time to now, or to none if the last good copy is used.
    void show_config(const std::string& path, bool from_copy);
    /// Waits at most this long for the first try to listen. Only before the loop runs.
    void wait_for_try(std::chrono::milliseconds at_most) { lifecycle_.wait_for_try(at_most); }
    /// Updates the alarm. Call once before each turn.
    void check();
    /// Serves client requests, and makes a page if one is wanted. Call at each wake of the loop.
    void serve(const LoopFigures& figures);
    void stop() { lifecycle_.stop(); }

private:
    class Context;
    void show_proofs(StatusSnapshot& status) const;

    RunningSite& site_;
    HostWatch& host_watch_;
    Log& log_;
    std::string failure_;  ///< text that the alarm shows
    ConfigInForce config_;
    ApiLifecycle lifecycle_;
};

}  // namespace volt
