// Safe mode: after five crashes within ten minutes no miner or heater is switched on, not even by an override. The count is
// in a small file in the runtime directory, which is in memory and lost at boot.
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

    /// `directory`: where the count is kept (RUNTIME_DIRECTORY of systemd); empty: nothing is counted.
    /// A run before this one that has not ended in order counts as one end, now.
    SafeMode(const std::string& directory, Time now);

    /// From now on the file is written as `by` does it, elsewhere: a card that hangs must not hang the caller.
    void write_by(std::function<void(std::function<void()>)> by) { by_ = std::move(by); }
    /// Ends by itself an hour after the last unorderly end.
    bool active(Time now);
    /// By the owner (`voltctl safe-mode end`, a reload): resets the count. Returns whether it was active.
    bool end();
    /// This run ends in order, and is not counted.
    void end_run();

    /// For alarm and log; empty while not active.
    std::string text(Time now);
    std::size_t ends() const { return ends_.size(); }

private:
    void read();
    void write(bool running) const;

    std::string path_;
    std::function<void(std::function<void()>)> by_ = [](const std::function<void()>& task) { task(); };
    bool active_ = false, was_running_ = false;
    std::vector<Time> ends_;  ///< unorderly ones, oldest first; at most `ends_to_enter`
};

/// The first of the directories that systemd names in `variable` (RUNTIME_DIRECTORY); empty outside of systemd.
std::string service_directory(const char* variable);

}  // namespace volt
