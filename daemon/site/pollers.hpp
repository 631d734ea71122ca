// Pollers: the threads that poll the site's devices, as the configuration says. Started, tried again, and ended without
// waiting for any of them.
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

/// Loop thread only.
class Pollers {
public:
    /// `tasks` joins what has ended; it outlives this.
    Pollers(std::shared_ptr<Mailbox> mailbox, const ChargeExchanges& charge, TaskThread& tasks)
        : mailbox_(std::move(mailbox)), charge_(charge), tasks_(tasks) {}

    /// Those of `config` in place of those before.
    void start(const Config& config, Time now);
    /// At each wake of the loop: starts again what got no thread a second ago, and passes on what could not be joined.
    void turn(const Config& config, Time now);
    /// Ends all; nothing they bring is taken any more.
    void end();
    /// At an orderly end of voltd: what the devices lack is stored too.
    void finish(const Config& config);
    /// What the devices answered last.
    std::shared_ptr<const modbus::RegisterBoard> registers() const { return registers_; }
    /// Groups of ended pollers that `tasks` had no room for.
    std::size_t waiting() const { return ended_.size(); }

    static constexpr std::size_t most_waiting = 8;  ///< beyond it the oldest is joined by the loop

private:
    using Threads = std::vector<std::unique_ptr<Poller>>;
    /// Devices, and whether what their threads bring is still wanted.
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
    ChargeExchanges charge_;            ///< likewise
    TaskThread& tasks_;
    std::shared_ptr<modbus::RegisterBoard> registers_ = std::make_shared<modbus::RegisterBoard>();  ///< likewise
    Polled victron_, sol_arks_;
    std::shared_ptr<modbus::KnownHoles> holes_;  ///< of the GX; a file beside the database keeps it
    std::uint64_t stored_holes_ = 0;             ///< changes that are in the file
    Time store_holes_at_{};
    std::optional<Time> again_;                    ///< there was no thread for them: tried then
    std::vector<std::shared_ptr<Threads>> ended_;  ///< to be joined
};

}  // namespace volt
