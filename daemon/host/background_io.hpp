// BackgroundIo: the thread that reads and writes files for the loop and checks this computer. A minute after the start it
// releases memory that only the start needed.
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
    /// `every`: interval of the computer checks. `wake` is called when a requested result is ready. `hwmon`: directory of the
    /// kernel's sensors. If the system has no thread to give, it does nothing and retries each second.
    explicit BackgroundIo(
        Duration every = 5s, std::function<void()> wake = [] {}, std::string hwmon = hwmon_directory);
    ~BackgroundIo();
    BackgroundIo(const BackgroundIo&) = delete;
    BackgroundIo& operator=(const BackgroundIo&) = delete;

    FileRequests& files() { return files_; }
    HostChecks& checks() { return checks_; }
    /// Starts the thread if there is none. Call once a turn.
    void start();

private:
    void run();
    void trim_memory();

    const Duration every_;
    FileRequests files_;
    HostChecks checks_;
    std::optional<Time> trim_at_;  ///< when to release memory of the start, or of reading a configuration
    std::thread thread_;
    Time tried_{};  ///< last try to get the thread
};

}  // namespace volt
