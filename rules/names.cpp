#include "rules/names.hpp"

namespace volt {

const char* name_of(Reason reason) {
    switch (reason) {
        case Reason::mode_off: return "mode_off";
        case Reason::shutdown: return "shutdown";
        case Reason::critical: return "critical";
        case Reason::emergency: return "emergency";
        case Reason::trip: return "trip";
        case Reason::blind: return "blind";
        case Reason::fault: return "fault";
        case Reason::override_off: return "override_off";
        case Reason::disabled: return "disabled";
        case Reason::preempted: return "preempted";
        case Reason::runtime: return "runtime";
        case Reason::voltage: return "voltage";
        case Reason::budget: return "budget";
        case Reason::inverter: return "inverter";
        case Reason::power: return "power";
        case Reason::schedule: return "schedule";
        case Reason::sun: return "sun";
        case Reason::excess: return "excess";
        case Reason::weather: return "weather";
        case Reason::safe_mode: return "safe_mode";
        case Reason::output: return "output";
        case Reason::lease: return "lease";
        case Reason::source: return "source";
        case Reason::stage: return "stage";
        case Reason::predicted_sag: return "predicted_sag";
        case Reason::rest: return "rest";
        case Reason::starts: return "starts";
        case Reason::priority: return "priority";
        case Reason::stagger: return "stagger";
        case Reason::zone: return "zone";
        case Reason::hold: return "hold";
        case Reason::running: return "running";
        case Reason::min_on: return "min_on";
        case Reason::held_back: return "held_back";
        case Reason::override_on: return "override_on";
        case Reason::heat: return "heat";
        case Reason::too_hot: return "too_hot";
        case Reason::hysteresis: return "hysteresis";
        case Reason::run_on: return "run_on";
        case Reason::too_cold: return "too_cold";
        case Reason::no_solar: return "no_solar";
        case Reason::sensor_lost: return "sensor_lost";
        case Reason::override_: return "override";
        case Reason::idle: return "idle";
    }
    return "?";
}

const char* name_of(GateName gate) {
    switch (gate) {
        case GateName::enabled: return "enabled";
        case GateName::output: return "output";
        case GateName::lease: return "lease";
        case GateName::mode: return "mode";
        case GateName::override_: return "override";
        case GateName::stage: return "stage";
        case GateName::source: return "source";
        case GateName::voltage: return "voltage";
        case GateName::predicted_sag: return "predicted_sag";
        case GateName::schedule: return "schedule";
        case GateName::sun: return "sun";
        case GateName::excess: return "excess";
        case GateName::weather: return "weather";
        case GateName::budget: return "budget";
        case GateName::power: return "power";
        case GateName::priority: return "priority";
        case GateName::inverter: return "inverter";
        case GateName::runtime: return "runtime";
        case GateName::rest: return "rest";
        case GateName::starts: return "starts";
        case GateName::stagger: return "stagger";
        case GateName::zone: return "zone";
    }
    return "?";
}

const char* name_of(Stage stage) {
    switch (stage) {
        case Stage::blind: return "blind";
        case Stage::shutdown: return "shutdown";
        case Stage::critical: return "critical";
        case Stage::recovering: return "recovering";
        case Stage::low: return "low";
        case Stage::normal: return "normal";
        case Stage::optimal: return "optimal";
        case Stage::high: return "high";
        case Stage::float_: return "float";
        case Stage::absorption: return "absorption";
        case Stage::full: return "full";
        case Stage::overvoltage: return "overvoltage";
    }
    return "?";
}

const char* name_of(Quality quality) {
    switch (quality) {
        case Quality::good: return "good";
        case Quality::stale: return "stale";
        case Quality::implausible: return "implausible";
        case Quality::missing: return "missing";
    }
    return "?";
}

const char* name_of(LoadState state) {
    switch (state) {
        case LoadState::off: return "off";
        case LoadState::starting: return "starting";
        case LoadState::on: return "on";
        case LoadState::stopping: return "stopping";
        case LoadState::unknown: return "unknown";
        case LoadState::fault: return "fault";
    }
    return "?";
}

const char* name_of(OverrideKind kind) {
    switch (kind) {
        case OverrideKind::automatic: return "auto";
        case OverrideKind::on: return "on";
        case OverrideKind::off: return "off";
        case OverrideKind::level: return "level";
    }
    return "?";
}

const char* name_of(SiteMode mode) {
    switch (mode) {
        case SiteMode::aggressive: return "aggressive";
        case SiteMode::balanced: return "balanced";
        case SiteMode::conservative: return "conservative";
        case SiteMode::off: return "off";
    }
    return "?";
}

const char* name_of(OperatingMode mode) {
    switch (mode) {
        case OperatingMode::aggressive: return "aggressive";
        case OperatingMode::balanced: return "balanced";
        case OperatingMode::opportunistic: return "opportunistic";
    }
    return "?";
}

const char* name_of(HeatSource source) {
    switch (source) {
        case HeatSource::none: return "none";
        case HeatSource::miner: return "miner";
        case HeatSource::heater: return "heater";
    }
    return "?";
}

const char* name_of(ChargeReason reason) {
    switch (reason) {
        case ChargeReason::none: return "none";
        case ChargeReason::cold: return "cold";
        case ChargeReason::overvoltage: return "overvoltage";
        case ChargeReason::released: return "released";
        case ChargeReason::hold: return "hold";
        case ChargeReason::sensor_lost: return "sensor_lost";
    }
    return "?";
}

const char* name_of(AlarmCode code) {
    switch (code) {
        case AlarmCode::blind: return "blind";
        case AlarmCode::critical: return "critical";
        case AlarmCode::shutdown: return "shutdown";
        case AlarmCode::overvoltage: return "overvoltage";
        case AlarmCode::charge_not_blocked: return "charge_not_blocked";
        case AlarmCode::charge_not_carried_out: return "charge_not_carried_out";
        case AlarmCode::output_stuck_on: return "output_stuck_on";
        case AlarmCode::zone_trip: return "zone_trip";
        case AlarmCode::second_controller: return "second_controller";
        case AlarmCode::voltage_disagreement: return "voltage_disagreement";
        case AlarmCode::voltage_frozen: return "voltage_frozen";
        case AlarmCode::voltage_implausible: return "voltage_implausible";
        case AlarmCode::source_failing: return "source_failing";
        case AlarmCode::sensor_lost: return "sensor_lost";
        case AlarmCode::charge_guard_blind: return "charge_guard_blind";
        case AlarmCode::clock_untrusted: return "clock_untrusted";
        case AlarmCode::output_not_following: return "output_not_following";
        case AlarmCode::output_unreachable: return "output_unreachable";
        case AlarmCode::not_drawing: return "not_drawing";
        case AlarmCode::draw_over_nominal: return "draw_over_nominal";
        case AlarmCode::no_lease: return "no_lease";
        case AlarmCode::power_on_state: return "power_on_state";
        case AlarmCode::reserve_too_small: return "reserve_too_small";
        case AlarmCode::budget_missed: return "budget_missed";
        case AlarmCode::bank_misfit: return "bank_misfit";
        case AlarmCode::bank_never_full: return "bank_never_full";
    }
    return "?";
}

const char* name_of(Lease lease) {
    switch (lease) {
        case Lease::none: return "none";
        case Lease::armed: return "armed";
        case Lease::unverified: return "unverified";
    }
    return "?";
}

const char* name_of(OutputMove move) {
    switch (move) {
        case OutputMove::none: return "none";
        case OutputMove::foreign: return "foreign_hand";
        case OutputMove::lease_ended: return "lease_ended";
        case OutputMove::restarted_off: return "restarted_off";
        case OutputMove::restarted_on: return "restarted_on";
        case OutputMove::strayed: return "strayed";
    }
    return "?";
}

const char* name_of(OutputState state) {
    switch (state) {
        case OutputState::unknown: return "unknown";
        case OutputState::off: return "off";
        case OutputState::on: return "on";
    }
    return "?";
}

const char* severity_of(AlarmCode code) { return code <= AlarmCode::second_controller ? "critical" : "warning"; }

}  // namespace volt
