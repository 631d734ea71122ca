// BackgroundIo: the thread that reads and writes files for the loop and checks this computer. A minute after the start it gives
// back what only the start needed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "daemon/host/file_requests.hpp"
#include "daemon/host/host_checks.hpp"

namespace volt {

class BackgroundIo {
public:
    /// Without a thread (the system has none to give) nothing is done; it is tried again each second. `every`: how often the
    /// computer is checked. `wake` is called when a requested result is there. `hwmon`: where the kernel shows its sensors.
    explicit BackgroundIo(
        Duration every = 5s, std::function<void()> wake = [] {}, std::string hwmon = hwmon_directory);
    ~BackgroundIo();
    BackgroundIo(const BackgroundIo&) = delete;
    BackgroundIo& operator=(const BackgroundIo&) = delete;

    FileRequests& files() { return files_; }
    HostChecks& checks() { return checks_; }
    /// Once a turn: starts the thread where there is none.
    void start();

private:
    void run();
    void trim_memory();

    const Duration every_;
    FileRequests files_;
    HostChecks checks_;
    std::optional<Time> trim_at_;  ///< memory of the start, or of reading a configuration, is given back then
    std::thread thread_;
    Time tried_{};  ///< to get the thread
};

}  // namespace volt
