// Decision: the complete result of one tick.
#pragma once

#include <utility>
#include <vector>

#include "rules/alarm.hpp"
#include "rules/memory/state.hpp"
#include "rules/verdict.hpp"

namespace volt {

/// A command to one output, to be sent in this tick or never.
struct Command {
    Index output = no_index;  ///< into Policy::outputs
    bool on = false;
    std::int32_t level = 0;   ///< of a level output while on; 0 for a relay
    bool renewal = false;     ///< repeats ON for the lease only: no start and no change
    bool retry = false;       ///< sent again because it was not confirmed
    bool protection = false;  ///< shedding: repeated until confirmed
    OrderReason reason = Reason::hold;
};

/// What happened to a confirmed output without a command.
enum class OutputMove : std::uint8_t {
    none,
    external,       ///< switched by someone else
    lease_ended,    ///< fell back to off by its lease
    restarted_off,  ///< restarted or was offline
    restarted_on,   ///< was offline or restarted, and is on
    tripped,        ///< by the device's own protection
    unexplained,    ///< differs for an unknown reason: the command is sent again
};

/// An output that moved without a command, in the tick that saw it.
struct OutputMoved {
    Index output = no_index;
    OutputMove move = OutputMove::none;
    bool on = false;  ///< what it reports now
};

/// The power figures of the `power` topic. Empty where a value is not usable.
struct PowerPicture {
    std::optional<Watts> pv, load, grid, battery;
    std::optional<Watts> base_load, excess, available;
    Watts allocated{};
    PowerBalance balance{};                 ///< how the four fit together
    std::optional<Amps> discharge_limit{};  ///< of the BMS, as it reports it
};

/// The battery as judged in this tick.
struct BatteryPicture {
    std::optional<Volts> voltage;       ///< usable; empty while blind
    std::optional<Volts> last_voltage;  ///< the last usable one
    Index source = no_index;            ///< the source in use
    Quality quality = Quality::missing;
    Duration age{};
    std::optional<Percent> soc;  ///< from the curve, display only
    Stage stage = Stage::blind;
    Time stage_since{};
    std::optional<Duration> stage_remaining;  ///< of the restart hold
    bool degraded = false;
    std::optional<Celsius> temperature{};  ///< the guard's, else of the first usable source
    Index refused_source = no_index;       ///< the first source whose newest value is implausible for this bank
    std::optional<Volts> refused{};        ///< that value
};

struct Decision {
    Decision() = default;
    explicit Decision(RuleState&& state) : next(std::move(state)) {}

    std::vector<Command> commands;   ///< of this tick, no others
    std::vector<Index> ask;          ///< outputs to be asked for their state
    std::vector<OutputMoved> moved;  ///< usually none
    std::vector<Verdict> verdicts;   ///< by load index: miners, then heaters of zones
    std::vector<Index> order;        ///< load indexes by order
    std::vector<ZoneVerdict> zones;  ///< by zone index
    ChargeVerdict charge;
    std::optional<TemperatureDisagreement> temperatures;  ///< battery temperatures that cannot all be right
    BatteryPicture battery;
    PowerPicture power;
    BudgetView budget;
    std::vector<Alarm> alarms;
    RuleState next;
};

}  // namespace volt
