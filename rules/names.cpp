#include "rules/names.hpp"

namespace volt {

const char* name_of(Reason reason) { return static_cast<std::size_t>(reason) < reason_count ? facts_of(reason).name : "?"; }

const char* name_of(ZoneReason reason) {
    switch (reason) {
        case ZoneReason::too_hot: return "too_hot";
        case ZoneReason::hysteresis: return "hysteresis";
        case ZoneReason::run_on: return "run_on";
        case ZoneReason::too_cold: return "too_cold";
        case ZoneReason::no_solar: return "no_solar";
        case ZoneReason::sensor_lost: return "sensor_lost";
        case ZoneReason::override_: return "override";
        case ZoneReason::idle: return "idle";
        case ZoneReason::trip: return "trip";
    }
    return "?";
}

const char* name_of(OrderReason reason) {
    const std::size_t number = reason.number();
    return number < reason_count ? name_of(static_cast<Reason>(number)) : name_of(static_cast<ZoneReason>(number - reason_count));
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

const char* name_of(FanMode mode) {
    switch (mode) {
        case FanMode::automatic: return "auto";
        case FanMode::fixed: return "fixed";
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

const char* name_of(AlarmCode code) { return static_cast<std::size_t>(code) < alarm_code_count ? facts_of(code).name : "?"; }

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
        case OutputMove::external: return "foreign_hand";
        case OutputMove::lease_ended: return "lease_ended";
        case OutputMove::restarted_off: return "restarted_off";
        case OutputMove::restarted_on: return "restarted_on";
        case OutputMove::tripped: return "tripped";
        case OutputMove::unexplained: return "strayed";
    }
    return "?";
}

const char* name_of(OutputKind kind) {
    switch (kind) {
        case OutputKind::relay: return "relay";
        case OutputKind::level: return "level";
    }
    return "?";
}

const char* name_of(ChargeLimit limit) {
    switch (limit) {
        case ChargeLimit::report: return "report";
        case ChargeLimit::write: return "write";
    }
    return "?";
}

const char* name_of(ChargeMeans means) {
    switch (means) {
        case ChargeMeans::report: return "report";
        case ChargeMeans::write: return "write";
        case ChargeMeans::output: return "output";
        case ChargeMeans::none: return "none";
        case ChargeMeans::failed: return "failed";
    }
    return "?";
}

const char* name_of(TemperatureRole role) {
    switch (role) {
        case TemperatureRole::battery: return "battery";
        case TemperatureRole::room: return "room";
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

std::optional<OverrideKind> parse_override(std::string_view name) {
    const auto kind = parse<OverrideKind>(name);
    return kind == OverrideKind::level ? std::nullopt : kind;
}

const char* severity_of(AlarmCode code) { return facts_of(code).severity == Severity::critical ? "critical" : "warning"; }

}  // namespace volt
