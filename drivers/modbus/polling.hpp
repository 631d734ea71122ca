// Polling of one device without its thread: decides which unit is due, what to read and what to report. Time comes from a
// function, registers from a Transport, so that tests can control both.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/modbus/backoff.hpp"
#include "drivers/modbus/poll_timing.hpp"
#include "drivers/modbus/request_size.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/modbus/unit_blocks.hpp"
#include "drivers/modbus/unit_plan.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

/// Schedule of the units:
/// - Deadlines are start + n * period. A missed deadline is skipped.
/// - The unit whose voltage decides is polled at each deadline, the others every `slow_period` (in whole periods). If it fails or
///   has no voltage, or the rules use another unit, the next best unit is polled at once and then at each deadline.
/// - A failed unit is retried after its own growing gaps. An absent one is retried after `absent_gap`, but once soon if it has
///   just answered. The other units keep their deadlines.
/// - The first good answer after a failure makes every failing unit due. A unit is retried inside its own gap only once until it
///   answers: a silent unit costs the connection, and some gateways are slow to accept the next one.
/// - Without a connection, or if the device closes it before any answer, no unit is polled until the connection's gap is over. If
///   the device could not be reached in between, absent units are then polled at once too.
/// - If several units are due, those without faults come first.
/// - If a further block (any but the first) fails, the reading is still reported: the block's last answer is used for
///   `keep_block`, and the block is retried after growing gaps.
/// - Registers that the device rejects are skipped, named in `last_error`, and retried after growing gaps; those that decisions
///   need always after the shortest gap. While needed ones are rejected, the block's last complete answer is used for
///   `keep_block`.
/// - After two consecutive lost replies the requests get smaller, if the plan has smaller sizes.
/// - The deciding voltage is reported before the slow blocks are read, and again, with the same `taken`, after them.
/// - A unit in a search is `absent`, without a failure, until it is found. If it is absent later, it is searched again.
class Polling {
public:
    using Clock = std::function<Time()>;

    /// Returns the place of the voltage that decides now, as the rules judge it; larger than every place if none does.
    using Deciding = std::function<int()>;

    /// Makes a polling. `transport` and `stop` must outlive it. `seed` spreads the gaps. Without `deciding` only the units' own
    /// health counts.
    Polling(std::vector<UnitPlan> plans, Transport& transport, const PollTiming& timing, SourceSink sink, Clock clock,
            const StopEvent& stop, std::uint64_t seed, Deciding deciding = {});

    /// Polls every unit that is due, once. Ends early, without further reports, if `stop` is set.
    void turn();
    /// Returns the time when the next unit is due.
    Time next_due() const;
    /// Returns true if the unit of this source was identified as the right device on this connection.
    bool knows(const std::string& source) const;

private:
    struct Polled {
        UnitPlan plan;
        RequestSize size;
        UnitBlocks blocks;
        std::string holes_key{};           ///< key of its holes, once its id is known
        std::optional<UnitFinder> finder;  ///< set while the unit is not known
        SourceHealth health{};
        Backoff backoff;
        Time due{};
        Time own_due{};            ///< end of the gap after its own fault; 0 since it answered
        Time turned_away{};        ///< when the connection was closed on it as the first; 0 since it answered
        bool may_be_early = true;  ///< it may be polled before `own_due`: once since it last answered
        Time moved{};
        bool identified = false;  ///< on this connection, or a moment ago on the previous one
        Time identified_at{};
        int rounds = 0;                        ///< unsuccessful rounds of the search
        Time search_due{};                     ///< time of the next candidate
        bool carried = false;                  ///< identified on the previous connection
        std::optional<Duration> unseen_gap{};  ///< if set: the identity was skipped, and is read again after this time
        std::string unseen{};                  ///< reason for skipping it, if the device only failed to answer it
        Time split_until{};                    ///< limit of this poll
        bool has_voltage = false;              ///< the last poll was good and had one
    };
    static constexpr int most_doublings = 4;  ///< doublings of the pause between two rounds: 16 min

    Polled polled(UnitPlan plan, std::uint64_t& seed) const;
    bool connect();
    void connected_anew();
    std::vector<Polled*> due_units();
    Duration slow_round() const;
    bool is_fast(const Polled& unit) const;
    void hasten();
    void turn(Polled& unit);
    void poll(Polled& unit);
    void find(Polled& unit);
    std::optional<Failure> identify(Polled& unit);
    std::optional<Failure> ask(Polled& unit, PolledBlock& asked);
    void ask_further_blocks(Polled& unit);
    void hand_over_early(Polled& unit, Time taken);
    void hand_over(Polled& unit, SourceReading& reading, Time taken);
    void join(Polled& unit);
    void take_unit(Polled& unit, int id);
    static void recall_holes(Polled& unit, Time now);
    Duration gap_of_search(Polled& unit) const;
    void begin_search_anew(Polled& unit) const;
    Duration gap_after(Polled& unit, const Failure& failure) const;
    void succeeded(Polled& unit, SourceReading reading, Time taken, Duration rtt);
    std::string last_error_of(const Polled& unit, const std::string& complaint) const;
    void failed(Polled& unit, const Failure& failure);
    void link_failed(const Failure& failure);
    void cut_off(Polled& unit);
    bool serves_any() const;
    static void count(Polled& unit, const Failure& failure);
    static Time earliest(const Polled& unit);
    void report_health(const Polled& unit) const;

    std::vector<Polled> units_;
    Transport& transport_;
    PollTiming timing_;
    SourceSink sink_;
    Clock clock_;
    const StopEvent& stop_;
    Deciding deciding_;
    Backoff link_backoff_;
    Time link_due_{};
    Failure link_failure_;
    bool was_connected_ = false;
    bool was_away_ = false;  ///< the device could not be reached since the last connection
    Time phase_{};           ///< the next deadline
};

}  // namespace volt::modbus
