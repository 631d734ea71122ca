// Safe mode: after five crashes within ten minutes no miner or heater is switched on, not even by an override. A small file in
// the runtime directory, which is in memory and lost at boot, holds the count.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "rules/time.hpp"

namespace volt {

class SafeMode {
public:
    static constexpr std::size_t ends_to_enter = 5;
    static constexpr Duration ends_within = 10min;
    static constexpr Duration quiet_to_end = 1h;

    /// `directory` holds the count (RUNTIME_DIRECTORY of systemd). Empty means that nothing is counted. A previous run without an
    /// orderly end counts as one crash, now.
    SafeMode(const std::string& directory, Time now);

    /// Writes the file through `by` from now on, because a hanging card must not hang the caller.
    void write_by(std::function<void(std::function<void()>)> by) { by_ = std::move(by); }
    /// Returns true while safe mode is active. It ends an hour after the last crash.
    bool active(Time now);
    /// Resets the count on behalf of the owner (`voltctl safe-mode end`, a reload). Returns true if it was active.
    bool end();
    /// Notes that this run ends in order and does not count.
    void end_run();

    /// Returns the text for alarm and log, or an empty string while not active.
    std::string text(Time now);
    std::size_t ends() const { return ends_.size(); }

private:
    void read();
    void write(bool running) const;

    std::string path_;
    std::function<void(std::function<void()>)> by_ = [](const std::function<void()>& task) { task(); };
    bool active_ = false, was_running_ = false;
    std::vector<Time> ends_;  ///< crashes, oldest first; at most `ends_to_enter`
};

/// Returns the first of the directories that systemd names in `variable` (RUNTIME_DIRECTORY), or an empty string outside systemd.
std::string service_directory(const char* variable);

}  // namespace volt
