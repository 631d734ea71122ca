// Memory of one load (a miner, or the heater of a zone) from tick to tick.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "rules/hold.hpp"
#include "rules/limits.hpp"
#include "rules/verdict.hpp"

namespace volt {

/// First ONs of the last hour, oldest first. Bounded by the largest `max_starts_per_hour` (60).
class StartHistory {
public:
    static constexpr std::size_t capacity = 60;
    /// Adds a start. A full list drops the oldest.
    void add(Time at) {
        if (count_ == capacity) drop(1);
        times_[count_++] = at;
    }
    /// Forgets starts that are an hour old.
    void forget(Time now) {
        std::size_t old = 0;
        while (old < count_ && now - times_[old] >= limits::starts_window) ++old;
        if (old != 0) drop(old);
    }
    std::size_t size() const { return count_; }
    Time at(std::size_t i) const { return times_[i]; }
    std::optional<Time> last() const { return count_ == 0 ? std::optional<Time>{} : std::optional<Time>{times_[count_ - 1]}; }
    bool operator==(const StartHistory& other) const {
        if (count_ != other.count_) return false;
        for (std::size_t i = 0; i < count_; ++i)
            if (times_[i] != other.times_[i]) return false;
        return true;
    }

private:
    void drop(std::size_t n) {
        for (std::size_t i = n; i < count_; ++i) times_[i - n] = times_[i];
        count_ -= n;
    }
    std::array<Time, capacity> times_{};
    std::size_t count_ = 0;
};

/// Learned voltage drop of a load, in 0.1 mV, and the sample in progress.
struct SagMemory {
    std::optional<std::int64_t> learned;  ///< survives a restart
    Time learned_at{};                    ///< kept: time of the last sample
    std::optional<std::int64_t> before;   ///< mean voltage before the start, while a sample is in progress
    std::int64_t surplus_before = 0;      ///< PV minus base load at the start, W
    bool operator==(const SagMemory&) const = default;
};

/// Memory of one load. Fields marked "kept" survive a restart of the daemon.
struct LoadMemory {
    std::string key;               ///< Miner::id, or Zone::id for a heater
    bool wanted = false;           ///< kept
    Reason reason = Reason::hold;  ///< reason of the last change
    LoadState state = LoadState::off;
    Time since{};  ///< start of `state`

    OverrideKind override_ = OverrideKind::automatic;  ///< kept
    bool override_adopted = false;                     ///< kept
    std::optional<Time> override_until;                ///< kept, or empty if it has no end
    bool lease_trial = false;                          ///< kept: switched on to prove its relay's timer, and not off since

    std::optional<Time> ordered_on;   ///< kept: first ON of the current run
    std::optional<Time> on_since;     ///< kept: confirmed on since
    std::optional<Time> off_since;    ///< kept: confirmed off since, or empty if unknown
    bool drew = false;                ///< its meter reached limits::drawing_percent in this run
    int short_runs = 0;               ///< kept: short runs that ended badly, since the last longer run
    bool continuous_reached = false;  ///< kept: the last run ended by its continuous limit
    bool ended_by_voltage = false;    ///< kept: the last run ended by voltage
    StartHistory starts;              ///< kept
    std::int32_t day = -1;            ///< kept: local date of the two fields below; never goes back
    int starts_today = 0;             ///< kept
    Duration runtime_today{};         ///< kept

    bool held_start = false;             ///< this run began as `held_back`
    std::optional<Time> held_out_until;  ///< kept: no further start on held-back power until then
    SagMemory sag;
    std::optional<Time> on_battery_at;  ///< last time it was on while the battery supplied power
    std::optional<Time> too_small_at;   ///< last time that `critical` came within 12 h of a run on the battery

    Hold voltage, sun, excess, power, budget;  ///< start holds
    Hold above_stop;                           ///< start hold of the voltage for a load that was switched on externally
    ProtectingHold low_voltage;                ///< stop hold of the voltage
    Hold no_sun, no_excess, no_weather, no_power, over_budget;  ///< stop holds
    Hold waiting;                                               ///< only power or inverter blocks it
    Hold claim;                                                 ///< it passes every gate except power and inverter
};

}  // namespace volt
