// The polling of one device without its thread: which unit is due, what is asked, what is reported. Time comes from a
// function, registers from a Transport, so that tests can control both.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/modbus/backoff.hpp"
#include "drivers/modbus/block.hpp"
#include "drivers/modbus/joined_read.hpp"
#include "drivers/modbus/request_size.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/modbus/unit_plan.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

struct PollTiming {
    Duration period = 1s;
    Duration absent_gap = 30s;  ///< until a unit that is not there is asked again
    Duration first_gap = 1s;    ///< after a failure; doubled by each further one
    Duration longest_gap = 60s;
    Duration keep_block = 30s;   ///< how long the last answer of a further block stands in while it fails
    Duration slow_period = 10s;  ///< of the slow blocks, and of units that no decision waits for; under `keep_block`
    /// How long one poll goes on looking for what a device refuses; the rest waits for a later look. The other units of
    /// the gateway wait meanwhile.
    Duration split_time = 2s;
    /// Registers that a device did not know are asked for again: it may have been starting, or refused in passing. The
    /// gap is doubled from the first to the longest while they stay unknown, but not where a decision needs them.
    Duration ask_holes_first = 5s, ask_holes = 10min;
    /// How long an identity outlives its connection: else a gateway that spoils each connection after one answer would
    /// be identified for ever. After it the device is looked at again, on the new connection.
    Duration keep_identity = 5s;
    Duration search_gap = 1s;     ///< between two candidates in a search
    Duration search_pause = 60s;  ///< after the first round of all candidates; doubled 4 times
};

/// Rules of asking:
///  - Phase: deadlines are start + n * period; one that was missed is skipped, never caught up.
///  - The unit whose voltage decides is asked at each deadline, another one every `slow_period` (whole periods). Once the
///    deciding one fails, has no voltage, or the rules take another one, the next best is asked at once and at each deadline.
///  - A unit that fails is asked again after growing gaps of its own, one that is absent after `absent_gap` (once soon
///    when it was there just before); the others go on on their phase. The first good answer after a failure brings
///    every failing unit forward, but into a gap of its own only once since it answered last: a silent unit costs the
///    connection, and some gateways are slow to take the next one.
///  - No connection, or one that the device closes before it said anything on it: nobody is asked until the gap of the
///    connection is over; then absent units are asked at once too, where there was none.
///  - Of the units that are due the one whose own trouble is over, or was never, is asked first.
///  - A further block (not the first) that fails does not cost the reading: its last answer stands in for a while, and
///    it is asked after growing gaps. What of a block the device does not know is left out, told in `last_error`, and
///    asked for again after growing gaps; what decisions need always after the shortest. Where that is refused (it may be in
///    passing), the block's last answer stands in as long as for any other trouble.
///  - Requests that are lost twice in a row are asked in smaller ones (where the plan has sizes).
///  - A unit that is looked for is `absent`, without a failure, until it is found; one that was found and is absent for
///    long is looked for anew.
class Polling {
public:
    using Clock = std::function<Time()>;

    /// The place of the voltage that decides now, as the rules judge it; larger than every place while none does.
    using Deciding = std::function<int()>;

    /// `transport` and `stop` must outlive it. `seed` spreads the gaps. Without `deciding` the units' own health counts alone.
    Polling(std::vector<UnitPlan> plans, Transport& transport, const PollTiming& timing, SourceSink sink, Clock clock,
            const StopEvent& stop, std::uint64_t seed, Deciding deciding = {});

    /// Polls every unit that is due, once. Ends early, without further reports, if `stop` is set.
    void turn();
    /// When the next unit is due.
    Time next_due() const;
    /// On this connection the unit of this source has been identified as the right device.
    bool knows(const std::string& source) const;

private:
    struct Asked {
        Block block;
        Duration every{};  ///< 0: at each poll
        std::optional<Time> answered{};
        Answers whole{};  ///< the last ones that lacked nothing that is needed
        std::optional<Time> whole_at{};
        std::optional<Failure> flaw{};  ///< trouble that lasts since it was asked last
        Time due{};
        Time looked_again{};  ///< when it was last asked for with its holes, or had none
        Duration hole_gap{};  ///< until they are asked for again
        Backoff backoff;
    };
    struct Polled {
        UnitPlan plan;
        RequestSize size;
        std::vector<Asked> blocks;
        JoinedRead joined;
        std::optional<Finding> finding;  ///< while the unit is not known
        SourceHealth health{};
        Backoff backoff;
        Time due{};
        Time own_due{};            ///< end of the gap after trouble of its own; 0 since it answered
        Time turned_away{};        ///< when the connection was closed on it as the first; 0 since it answered
        bool may_be_early = true;  ///< it may be asked before `own_due`: once since it answered last
        Time moved{};
        bool identified = false;  ///< on this connection, or a moment ago on the one before
        Time identified_at{};
        int rounds = 0;                        ///< of the search, in vain
        bool carried = false;                  ///< identified on the connection before this one
        std::optional<Duration> unseen_gap{};  ///< set: the identity was passed over, and is looked at again after this
        std::string unseen{};                  ///< why, where the device was only in trouble with it
        Time split_until{};                    ///< of this poll
        bool has_voltage = false;              ///< the last poll was good and brought one
    };
    static constexpr int most_doublings = 4;  ///< of the pause between two rounds: 16 min

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
    std::optional<Failure> ask(Polled& unit, Asked& asked);
    void ask_further_blocks(Polled& unit);
    void join(Polled& unit);
    void recall(Polled& unit) const;
    static void remember(const Polled& unit);
    Answers answers_of(const Polled& unit, Time now) const;
    void resize(Polled& unit);
    void take_unit(Polled& unit, int id);
    Duration gap_of_search(Polled& unit) const;
    Duration gap_after(Polled& unit, const Failure& failure) const;
    void look_for_holes_anew(Asked& asked);
    void succeeded(Polled& unit, SourceReading reading, Time taken, Duration rtt);
    static std::string last_error_of(const Polled& unit, const std::string& complaint);
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
