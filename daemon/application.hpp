// Application: builds the parts from a configuration, runs the loop and exits.
#pragma once

#include <optional>

#include "daemon/config/config.hpp"
#include "daemon/host/background_io.hpp"
#include "daemon/host/event_wait.hpp"
#include "daemon/host/supervisor.hpp"
#include "daemon/host_watch.hpp"
#include "daemon/local_api.hpp"
#include "daemon/reload.hpp"
#include "daemon/running_site.hpp"
#include "drivers/task_thread.hpp"

namespace volt {

class Application {
public:
    /// `wake` must be created before every thread. The store is already open.
    Application(EventWait& wake, Log& log, ConfigFile file, Config config, OpenedStore opened,
                std::optional<SimulatedWall> simulated, SafeMode safe_mode);

    /// Runs until SIGTERM or SIGINT. Returns the exit code.
    int run();

private:
    static constexpr std::size_t most_background_tasks = 32;

    void turn(Time now);
    void timed_turn(Time now, Time due);
    void end();

    EventWait& wake_;
    Log& log_;
    std::unique_ptr<Store> store_;
    TaskThread background_tasks_{"tasks", most_background_tasks};  ///< tasks that the loop must not wait for: files, joins
    Supervisor supervisor_;
    BackgroundIo background_io_{5s, [this] { wake_.nudge(); }};
    RunningSite site_;
    HostWatch host_watch_;
    LocalApi api_;
    Reload reload_;
    LoopFigures figures_;
};

}  // namespace volt
