// Checks of `voltctl doctor`: one function for each group, from facts to findings. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/doctor/facts.hpp"

namespace volt::ctl::doctor {

std::vector<Check> machine_checks(const MachineFacts& facts);
std::vector<Check> clock_checks(const ClockFacts& facts);
std::vector<Check> disk_checks(const DiskFacts& facts);
std::vector<Check> permission_checks(const PermissionFacts& facts);
std::vector<Check> config_checks(const ConfigFacts& facts);
std::vector<Check> database_checks(const DatabaseFacts& facts);
std::vector<Check> service_checks(const ServiceFacts& facts);
std::vector<Check> gx_checks(const DeviceFacts& facts);
/// `source`: `sol_ark` or `sol_ark_2`, the prefix of the ids.
std::vector<Check> sol_ark_checks(const std::string& source, const DeviceFacts& facts);
std::vector<Check> broker_checks(const BrokerFacts& facts);
std::vector<Check> home_assistant_checks(const BrokerFacts& facts);
std::vector<Check> output_checks(const std::vector<OutputFact>& facts);
std::vector<Check> sensor_checks(const std::vector<SensorFact>& facts);
std::vector<Check> api_checks(const ApiFacts& facts);
std::vector<Check> charge_checks(const ChargingFacts& facts);
std::vector<Check> rule_checks(const RuleFacts& facts);
std::vector<Check> fleet_checks(const FleetFacts& facts);

/// Returns every group with the names of its checks, in the order of the report. `ID` and `KEY` are placeholders for the site's
/// names.
const std::vector<std::pair<std::string, std::vector<std::string>>>& catalog();

}  // namespace volt::ctl::doctor
