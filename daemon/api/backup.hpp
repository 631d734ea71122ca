// BackupMaker: copies the whole database on a separate thread when the owner requests it, and offers the copy for download.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "drivers/source.hpp"

namespace volt::api {

/// Safe from any thread.
class BackupMaker {
public:
    /// Minimum time between two copies.
    static constexpr Duration pause = 1h;
    /// Free space that must remain.
    static constexpr std::uint64_t spare_bytes = 32 << 20;

    enum class State : std::uint8_t { none, making, ready, failed };
    struct Status {
        State state = State::none;
        std::string text{};       ///< reason of a failure
        std::string file{};       ///< set while it is ready
        std::uint64_t bytes = 0;  ///< size of the file
        Utc made{};               ///< time of the copy (wall clock)
        Duration wait{};          ///< until the next one may be made
    };

    /// `database` is a path. Removes leftovers of an earlier process.
    explicit BackupMaker(std::string database);
    /// Cancels a running copy. Waits at most 2 s for it.
    ~BackupMaker();
    BackupMaker(const BackupMaker&) = delete;
    BackupMaker& operator=(const BackupMaker&) = delete;

    /// Starts a copy. Returns an empty string if it runs, or the reason it cannot (see status() too).
    std::string begin(Time now);
    Status status(Time now) const;
    /// Waits at most this long for the end of a running copy.
    void wait(Duration at_most) const;

private:
    struct Job;
    const std::string database_;
    const std::shared_ptr<Job> job_;  ///< shared with its thread, which may be stuck in a dead card at exit
    std::mutex beginning_;
    std::thread thread_;
};

const char* name_of(BackupMaker::State state);

}  // namespace volt::api
