// Verdicts: the decision for each load, with all its gates and the deciding reason. Data only; daemon/explain turns it into the
// sentence that log, topics, database and command line show.
#pragma once

#include <cassert>
#include <cstdint>
#include <new>
#include <optional>
#include <type_traits>
#include <vector>

#include "rules/brief.hpp"
#include "rules/policy.hpp"
#include "rules/reason.hpp"
#include "rules/snapshot.hpp"

namespace volt {

enum class GateName : std::uint8_t {
    enabled,
    output,
    lease,
    mode,
    override_,
    stage,
    source,
    voltage,
    predicted_sag,
    schedule,
    sun,
    excess,
    weather,
    budget,
    power,
    priority,
    inverter,
    runtime,
    rest,
    starts,
    stagger,
    zone,
};
inline constexpr std::size_t gate_count = 22;

/// Unit in which `have` and `need` of a gate are counted.
enum class Unit : std::uint8_t { none, volts, watts, celsius, seconds, count, watt_hours };

/// One condition of one load. A gate without numbers has no `have` and `need`.
struct Gate {
    GateName name{};
    bool passes = true;
    bool waived = false;  ///< passes only because of an override, held-back sun, overvoltage or a request for heat
    bool hold = false;    ///< true by value, but not yet for its hold time: blocks with reason `hold`
    Reason reason{};      ///< reason if it blocks: the gate's name, or a more specific one
    Unit unit = Unit::none;
    Brief<std::int64_t> have, need;  ///< in the smallest step of `unit` (10 mV, 1 W, 0.1 K, ms, pieces, Wh)
    Brief<Duration> remaining;       ///< time until it can pass, if only time decides
    Index subject = no_index;        ///< the other load concerned (priority, predicted_sag, stagger)
};

/// Fixed space for every gate of a load. Allocates nothing, and never writes unused entries.
class Gates {
public:
    Gates() {}
    Gates(const Gates& other) { copy(other); }
    Gates& operator=(const Gates& other) {
        if (this != &other) copy(other);
        return *this;
    }
    ~Gates() = default;

    void add(const Gate& gate) {
        add_from([&] { return gate; });
    }
    /// Adds the result of `make`, built in place: a copy of fields just written would stall the processor.
    template <class Make>
    void add_from(Make make) {
        assert(count_ < gate_count);
        ::new (static_cast<void*>(gates_ + count_)) Gate(make());
        ++count_;
    }
    void clear() { count_ = 0; }
    const Gate* begin() const { return gates_; }
    const Gate* end() const { return gates_ + count_; }
    std::size_t size() const { return count_; }
    const Gate* find(GateName name) const {
        for (const Gate& gate : *this)
            if (gate.name == name) return &gate;
        return nullptr;
    }

private:
    static_assert(std::is_trivially_destructible_v<Gate>);
    void copy(const Gates& other) {
        count_ = 0;
        for (const Gate& gate : other) add(gate);
    }
    std::size_t count_ = 0;
    union {
        Gate gates_[gate_count];  ///< the first `count_` are valid
    };
};

enum class LoadState : std::uint8_t { off, starting, on, stopping, unknown, fault };

/// Smallest change that would flip a verdict: "0.42 V more for 60 s".
struct Flip {
    GateName gate{};
    std::int64_t delta = 0;  ///< in steps of `unit`; positive if more is needed
    Unit unit = Unit::none;
    Duration hold{};  ///< time for which it must then hold
};

struct Verdict {
    bool wanted = false;  ///< should be on now
    LoadState state = LoadState::off;
    Reason reason = Reason::hold;  ///< the deciding reason
    Gates gates;                   ///< start gates, in the fixed order; also for a running load, to show what would change it
    std::optional<std::int64_t> have, need;  ///< for a stop reason: the measured value and the limit it crossed
    Unit unit = Unit::none;
    std::optional<Reason> waiting;      ///< for `min_on`: the most severe stop reason that waits
    std::optional<Duration> remaining;  ///< time until the stop acts (its hold or min_on_s)
    bool reserve = false;               ///< `voltage`: the reserve decided, not the load's own threshold
    Index source = no_index;            ///< voltage source that decided, if it is not the source in use
    Index subject = no_index;           ///< the other load concerned (preempted)
    std::optional<Flip> flip;
    Time since{};             ///< start of the current state
    Watts draw{};             ///< power reserved for it now
    std::int64_t sag_mv = 0;  ///< predicted voltage drop of its start
    bool sag_learned = false;
    int starts_today = 0;
    Duration runtime_today{};
    OverrideKind override_ = OverrideKind::automatic;
    bool lease_trial = false;  ///< on to prove its relay's lease timer, or going off after it
    bool override_adopted = false;
    std::optional<Time> override_until;
    std::optional<Watts> denied;  ///< power on its meter although its output reports off
};

struct ZoneVerdict {
    std::optional<Celsius> temperature;  ///< usable value, or empty
    std::int32_t fan_wanted = 0;         ///< 0 if off
    ZoneReason reason = ZoneReason::idle;
    HeatSource heat = HeatSource::none;  ///< source of the heat that is wanted now
    bool heat_wanted = false;
    bool tripped = false;
    OverrideKind fan_override = OverrideKind::automatic;
    std::int32_t fan_override_level = 0;
    std::optional<Time> fan_override_until;
    std::optional<Duration> remaining;  ///< rest of run_on, trip grace, the level hold or the start hold of PV for heat
};

enum class ChargeReason : std::uint8_t { none, cold, overvoltage, released, hold, sensor_lost };

struct ChargeVerdict {
    bool blocked = false;
    ChargeReason reason = ChargeReason::none;
    std::optional<Celsius> temperature;  ///< usable value of the guard, or empty
    std::optional<Celsius> limit;        ///< empty without a guard
    Index source = no_index;             ///< into Policy::battery_temperatures, or into sensors if `zone_sensor`
    bool zone_sensor = false;
    std::optional<Duration> remaining;
    bool by_other = false;                     ///< a source other than the guard's blocks, as described by the three fields below
    Index other = no_index;                    ///< into Policy::battery_temperatures, or no_index if no longer configured
    std::optional<Celsius> other_temperature;  ///< its last usable value
    bool other_usable = false;
};

enum class Stage : std::uint8_t {
    blind,
    shutdown,
    critical,
    recovering,
    low,
    normal,
    optimal,
    high,
    float_,
    absorption,
    full,
    overvoltage,
};

enum class Quality : std::uint8_t { good, stale, implausible, missing };

}  // namespace volt
