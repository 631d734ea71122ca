// BackupMaker: a whole copy of the database, made on a thread of its own when the owner wants one, then offered for a download.
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
    /// The least time between two copies.
    static constexpr Duration pause = 1h;
    /// Free room that must remain.
    static constexpr std::uint64_t spare_bytes = 32 << 20;

    enum class State : std::uint8_t { none, making, ready, failed };
    struct Status {
        State state = State::none;
        std::string text{};       ///< why it failed
        std::string file{};       ///< while it is ready
        std::uint64_t bytes = 0;  ///< of it
        Utc made{};               ///< wall clock
        Duration wait{};          ///< until the next one may be made
    };

    /// `database` is a path. Removes what an earlier process left behind.
    explicit BackupMaker(std::string database);
    /// Gives up the copy that is being made; waits at most 2 s for it.
    ~BackupMaker();
    BackupMaker(const BackupMaker&) = delete;
    BackupMaker& operator=(const BackupMaker&) = delete;

    /// Begins a copy. Empty: it is being made; else why not (see status() too).
    std::string begin(Time now);
    Status status(Time now) const;
    /// Waits at most this long for the end of the copy that is being made.
    void wait(Duration at_most) const;

private:
    struct Job;
    const std::string database_;
    const std::shared_ptr<Job> job_;  ///< shared with its thread, which may be stuck in a dead card at the end
    std::mutex beginning_;
    std::thread thread_;
};

const char* name_of(BackupMaker::State state);

}  // namespace volt::api
