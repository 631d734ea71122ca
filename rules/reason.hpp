// Reasons for the state of a load, a zone or an output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace volt {

/// Values of a load's `reason`, most severe first: selection uses this order. Stops, then waiting, then running.
enum class Reason : std::uint8_t {
    mode_off,
    shutdown,
    critical,
    emergency,
    trip,
    blind,
    fault,
    override_off,
    disabled,
    preempted,
    runtime,
    voltage,
    budget,
    inverter,
    power,
    schedule,
    sun,
    excess,
    weather,
    safe_mode,
    output,
    lease,
    source,
    stage,
    predicted_sag,
    rest,
    starts,
    priority,
    stagger,
    zone,
    hold,
    running,
    min_on,
    held_back,
    override_on,
    heat,
};

/// Fixed facts of a reason.
struct ReasonFacts {
    Reason reason;
    const char* name;
    bool protects = false;  ///< an OFF for this reason is repeated every `confirm_s`
    bool sheds = false;     ///< a stop for this reason is a warning, and is always reported
};
inline constexpr ReasonFacts reason_facts[] = {
    {Reason::mode_off, "mode_off"},
    {Reason::shutdown, "shutdown", true, true},
    {Reason::critical, "critical", true, true},
    {Reason::emergency, "emergency", true, true},
    {Reason::trip, "trip", true, true},
    {Reason::blind, "blind", true, true},
    {Reason::fault, "fault"},
    {Reason::override_off, "override_off"},
    {Reason::disabled, "disabled"},
    {Reason::preempted, "preempted"},
    {Reason::runtime, "runtime"},
    {Reason::voltage, "voltage", true, false},
    {Reason::budget, "budget"},
    {Reason::inverter, "inverter", true, false},
    {Reason::power, "power"},
    {Reason::schedule, "schedule"},
    {Reason::sun, "sun"},
    {Reason::excess, "excess"},
    {Reason::weather, "weather"},
    {Reason::safe_mode, "safe_mode"},
    {Reason::output, "output"},
    {Reason::lease, "lease"},
    {Reason::source, "source"},
    {Reason::stage, "stage"},
    {Reason::predicted_sag, "predicted_sag"},
    {Reason::rest, "rest"},
    {Reason::starts, "starts"},
    {Reason::priority, "priority"},
    {Reason::stagger, "stagger"},
    {Reason::zone, "zone"},
    {Reason::hold, "hold"},
    {Reason::running, "running"},
    {Reason::min_on, "min_on"},
    {Reason::held_back, "held_back"},
    {Reason::override_on, "override_on"},
    {Reason::heat, "heat"},
};
inline constexpr std::size_t reason_count = static_cast<std::size_t>(Reason::heat) + 1;

constexpr bool in_order_of_reasons() {
    for (std::size_t i = 0; i < std::size(reason_facts); ++i)
        if (reason_facts[i].reason != static_cast<Reason>(i)) return false;
    return true;
}
static_assert(std::size(reason_facts) == reason_count && in_order_of_reasons());

constexpr const ReasonFacts& facts_of(Reason reason) { return reason_facts[static_cast<std::size_t>(reason)]; }

/// Values of a zone's `reason`, which its fan shares.
enum class ZoneReason : std::uint8_t {
    too_hot,
    hysteresis,
    run_on,
    too_cold,
    no_solar,
    sensor_lost,
    override_,
    idle,
    trip,
};

/// Reason of an order to an output: that of its load, or of the zone for a fan. Both enums have a `trip`.
class OrderReason {
public:
    constexpr OrderReason(Reason reason) : number_(static_cast<std::uint8_t>(reason)) {}
    constexpr OrderReason(ZoneReason reason)
        : number_(static_cast<std::uint8_t>(reason == ZoneReason::trip ? static_cast<std::size_t>(Reason::trip)
                                                                       : reason_count + static_cast<std::size_t>(reason))) {}
    static constexpr std::size_t count = reason_count + static_cast<std::size_t>(ZoneReason::trip);
    /// Requires `number` below `count`.
    static constexpr OrderReason of_number(std::size_t number) {
        return number < reason_count ? OrderReason(static_cast<Reason>(number))
                                     : OrderReason(static_cast<ZoneReason>(number - reason_count));
    }
    constexpr std::size_t number() const { return number_; }
    constexpr bool operator==(const OrderReason&) const = default;

private:
    std::uint8_t number_;
};

}  // namespace volt
