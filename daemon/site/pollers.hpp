// Pollers: the threads that poll the configured devices. Starts, retries and ends them without waiting for any of them.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/site/charge_block.hpp"
#include "daemon/site/mailbox.hpp"
#include "drivers/modbus/poller.hpp"
#include "drivers/modbus/register_board.hpp"
#include "drivers/task_thread.hpp"

namespace volt {

/// Use on the loop thread only.
class Pollers {
public:
    /// `tasks` joins the ended threads and must outlive this object.
    Pollers(std::shared_ptr<Mailbox> mailbox, const ChargeExchanges& charge, TaskThread& tasks)
        : mailbox_(std::move(mailbox)), charge_(charge), tasks_(tasks) {}

    /// Replaces all pollers with those of `config`.
    void start(const Config& config, Time now);
    /// Restarts pollers that got no thread a second ago, and passes on threads that could not be joined. Call at each wake of the
    /// loop.
    void turn(const Config& config, Time now);
    /// Ends all pollers. Their later readings are ignored.
    void end();
    /// Ends all pollers at an orderly exit, and stores the registers that the devices lack.
    void finish(const Config& config);
    /// Returns the latest answers of the devices.
    std::shared_ptr<const modbus::RegisterBoard> registers() const { return registers_; }
    /// Returns the number of groups of ended pollers that `tasks` had no room for.
    std::size_t waiting() const { return ended_.size(); }

    static constexpr std::size_t most_waiting = 8;  ///< maximum groups to wait; beyond it the loop joins the oldest

private:
    using Threads = std::vector<std::unique_ptr<Poller>>;
    /// Devices, and whether the readings of their threads are still wanted.
    struct Polled {
        Threads pollers;
        std::shared_ptr<std::atomic<bool>> wanted;
    };
    bool try_all(const Config& config);
    SourceSink sink(Polled& polled) const;
    void retire(Polled& polled);
    void join_ended();
    void store_holes(const Config& config, Time now);

    std::shared_ptr<Mailbox> mailbox_;  ///< shared with pollers that are still ending
    ChargeExchanges charge_;            ///< shared, too
    TaskThread& tasks_;
    std::shared_ptr<modbus::RegisterBoard> registers_ = std::make_shared<modbus::RegisterBoard>();  ///< shared, too
    Polled victron_, sol_arks_;
    std::shared_ptr<modbus::KnownHoles> holes_;  ///< missing registers of the GX, kept in a file beside the database
    std::uint64_t stored_holes_ = 0;             ///< changes that are in the file
    Time store_holes_at_{};
    std::optional<Time> again_;                    ///< when to retry pollers that got no thread
    std::vector<std::shared_ptr<Threads>> ended_;  ///< threads to join
};

}  // namespace volt
