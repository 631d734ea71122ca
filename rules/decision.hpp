// Decision: the complete result of one tick.
#pragma once

#include <utility>
#include <vector>

#include "rules/alarm.hpp"
#include "rules/memory/state.hpp"
#include "rules/verdict.hpp"

namespace volt {

/// A command to one output. It is sent in this tick or dropped.
struct Command {
    Index output = no_index;  ///< into Policy::outputs
    bool on = false;
    std::int32_t level = 0;   ///< level of a level output while on; 0 for a relay
    bool renewal = false;     ///< repeats ON only to renew the lease: not a start or a change
    bool retry = false;       ///< sent again because it was not confirmed
    bool protection = false;  ///< sheds a load: repeated until confirmed
    OrderReason reason = Reason::hold;
};

/// Cause of a change of a confirmed output that was not commanded.
enum class OutputMove : std::uint8_t {
    none,
    external,       ///< switched by someone else
    lease_ended,    ///< turned off because its lease ended
    restarted_off,  ///< restarted or was offline, and is off
    restarted_on,   ///< restarted or was offline, and is on
    tripped,        ///< tripped by the device's own protection
    unexplained,    ///< differs for an unknown reason: voltd sends the command again
};

/// An output that changed without a command, in the tick that noticed it.
struct OutputMoved {
    Index output = no_index;
    OutputMove move = OutputMove::none;
    bool on = false;  ///< reported state
};

/// Power figures of the `power` topic. A value that is not usable is empty.
struct PowerPicture {
    std::optional<Watts> pv, load, grid, battery;
    std::optional<Watts> base_load, excess, available;
    Watts allocated{};
    PowerBalance balance{};                 ///< result of the balance check of the four powers
    std::optional<Amps> discharge_limit{};  ///< limit that the BMS reports
};

/// Battery state as judged in this tick.
struct BatteryPicture {
    std::optional<Volts> voltage;       ///< usable voltage, or empty while blind
    std::optional<Volts> last_voltage;  ///< last usable voltage
    Index source = no_index;            ///< the source in use
    Quality quality = Quality::missing;
    Duration age{};
    std::optional<Percent> soc;  ///< from the curve, for display only
    Stage stage = Stage::blind;
    Time stage_since{};
    std::optional<Duration> stage_remaining;  ///< rest of the restart hold
    bool degraded = false;
    std::optional<Celsius> temperature{};  ///< the guard's temperature, or else of the first usable source
    Index refused_source = no_index;       ///< first source whose newest value is implausible for this bank
    std::optional<Volts> refused{};        ///< the implausible value
};

struct Decision {
    Decision() = default;
    explicit Decision(RuleState&& state) : next(std::move(state)) {}

    std::vector<Command> commands;   ///< commands of this tick only
    std::vector<Index> ask;          ///< outputs to query for their state
    std::vector<OutputMoved> moved;  ///< usually none
    std::vector<Verdict> verdicts;   ///< by load index: miners, then heaters of zones
    std::vector<Index> order;        ///< load indexes by order
    std::vector<ZoneVerdict> zones;  ///< by zone index
    ChargeVerdict charge;
    std::optional<TemperatureDisagreement> temperatures;  ///< battery temperatures that contradict each other
    BatteryPicture battery;
    PowerPicture power;
    BudgetView budget;
    std::vector<Alarm> alarms;
    RuleState next;
};

}  // namespace volt
