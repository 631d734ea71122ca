// The fixed words of enums, as topics, API, database and replay write them.
#pragma once

#include "rules/decision.hpp"

namespace volt {

const char* name_of(Reason reason);
const char* name_of(ZoneReason reason);
const char* name_of(OrderReason reason);
const char* name_of(GateName gate);
const char* name_of(Stage stage);
const char* name_of(Quality quality);
const char* name_of(LoadState state);
const char* name_of(OverrideKind kind);
const char* name_of(SiteMode mode);
const char* name_of(OperatingMode mode);
const char* name_of(HeatSource source);
const char* name_of(FanMode mode);
const char* name_of(ChargeReason reason);
const char* name_of(AlarmCode code);
const char* name_of(Lease lease);
const char* name_of(OutputState state);
/// `foreign_hand`, `lease_ended`, `restarted_off`, `restarted_on`, `strayed`.
const char* name_of(OutputMove move);
/// `critical` or `warning`.
const char* severity_of(AlarmCode code);

}  // namespace volt
