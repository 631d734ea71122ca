// Heat of a zone: judges if it is wanted, and asks a heater or a miner. The heater's own gates are a load's gates.
#include "rules/zones/zone_parts.hpp"

namespace volt {

namespace {

constexpr Watts sun_hysteresis = 500_W;
constexpr Duration second_choice_after = 10min;
constexpr Duration miner_takes_over_after = 10min;

/// Keeps heat wanted that was wanted before a restart: a restart switches nothing.
void resume(const ZoneTurn& turn, ZoneState& state) {
    if (!state.heat_wanted) return;
    state.cold = state.sun_ok = true;
    const bool heater = turn.in.heater_on && !turn.in.heater_override_on;
    if (state.serving == HeatSource::none && heater) state.serving = HeatSource::heater;
}

void follow_cold(const ZoneTurn& turn, ZoneState& state) {
    if (turn.t && *turn.t <= turn.zone.too_cold) state.cold = true;
    if (turn.t && *turn.t >= turn.zone.cold_ok) state.cold = false;
}

void follow_sun(const ZoneTurn& turn, ZoneState& state) {
    const Watts need = turn.zone.minimum_solar_for_heating;
    const std::optional<Watts> pv = turn.readings.pv;
    const bool asked = need > 0_W;
    if (turn.readings.starts_begin_again) state.sun_since.reset();
    state.sun_since.see(!asked || (pv && *pv >= need), turn.now());
    state.no_sun_since.see(asked && !(pv && *pv >= need - sun_hysteresis), turn.now());
    if (state.sun_since.over(turn.now(), turn.policy.control.start_hold)) state.sun_ok = true;
    if (state.no_sun_since.over(turn.now(), turn.policy.control.stop_hold)) state.sun_ok = false;
}

/// Heater first: asks the miner once the heater has been wanted for long and is not on.
HeatSource heater_first(const ZoneTurn& turn, HeatSource second, ZoneState& state) {
    const bool miner =
        second == HeatSource::miner && !turn.in.heater_on && state.heater_wanted_since.over(turn.now(), second_choice_after);
    return miner ? HeatSource::miner : HeatSource::heater;
}

/// Miner first: the heater takes over if no miner has been on for a while, until a miner has drawn its power for a while.
HeatSource miner_first(const ZoneTurn& turn, HeatSource second, const ZoneState& state) {
    if (second != HeatSource::heater) return HeatSource::miner;
    if (state.miner_drew_since.over(turn.now(), miner_takes_over_after)) return HeatSource::miner;
    const bool none_ran = state.no_miner_since.over(turn.now(), second_choice_after);
    return none_ran || state.serving == HeatSource::heater ? HeatSource::heater : HeatSource::miner;
}

HeatSource first_of(const Zone& zone) { return zone.heat_first == HeatSource::none ? zone.heat_second : zone.heat_first; }

HeatSource second_of(const Zone& zone) { return zone.heat_first == HeatSource::none ? HeatSource::none : zone.heat_second; }

void follow_heat_request(const ZoneTurn& turn, ZoneState& state) {
    state.heat_wanted =
        turn.zone.heating_enabled && turn.t && state.cold && state.sun_ok && first_of(turn.zone) != HeatSource::none;
    state.no_miner_since.see(state.heat_wanted && !turn.in.miner_on, turn.now());
    state.miner_drew_since.see(turn.in.miner_drawing, turn.now());
    const bool heater_asked = state.heat_wanted && first_of(turn.zone) == HeatSource::heater;
    state.heater_wanted_since.see(heater_asked, turn.now());
}

HeatSource serving(const ZoneTurn& turn, ZoneState& state) {
    if (!state.heat_wanted) return HeatSource::none;
    const HeatSource second = second_of(turn.zone);
    return first_of(turn.zone) == HeatSource::heater ? heater_first(turn, second, state) : miner_first(turn, second, state);
}

}  // namespace

void judge_heat(const ZoneTurn& turn, ZoneState& state, ZoneView& view) {
    resume(turn, state);
    follow_cold(turn, state);
    follow_sun(turn, state);
    follow_heat_request(turn, state);
    state.serving = serving(turn, state);
    const HeatSource first = first_of(turn.zone);
    // The first choice is still asked while the second one heats.
    const bool heater_asked = state.heat_wanted && (first == HeatSource::heater || state.serving == HeatSource::heater);
    const bool by_hand = turn.in.heater_override_on;
    view.heat_by_miner = state.heat_wanted && (first == HeatSource::miner || state.serving == HeatSource::miner);
    const bool warm = turn.t && *turn.t >= turn.zone.cold_ok && !by_hand;
    view.heater_stop_now = view.fan_wanted > 0 || !turn.t || warm;
    const bool fan_is_off = turn.in.heater_on || turn.in.fan_reports_off;
    view.heater_lacks_sun = turn.zone.heating_enabled && turn.t && state.cold && !state.sun_ok && !by_hand;
    view.heater_wanted = (heater_asked || by_hand) && !view.heater_stop_now && fan_is_off;
    view.heater_may_by_hand = view.fan_wanted == 0 && turn.t && fan_is_off;
}

}  // namespace volt
