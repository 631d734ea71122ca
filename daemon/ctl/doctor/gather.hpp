// Gathers the facts that the checks judge: reads files, and queries voltd, devices, broker and systemd. Changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/ctl/doctor/facts.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt::ctl::doctor {

/// Subject of the examination.
struct Subject {
    std::string config_path;
    std::string root{};  ///< prefix of /etc, /proc and /sys; for tests
    ParsedConfig parsed{};
    std::string database{}, socket{};
    std::optional<Settings> settings{};  ///< from the database, if it can be read
    VoltdAnswers voltd{};
    bool asks_devices = true;  ///< may connect to polled devices if no voltd runs here

    /// Returns the file if it is valid, else a default that fits every site.
    const Config& config() const;
};

/// Reads the file, its database and the answers of a running voltd. Waits at most a few seconds for each answer.
Subject subject_of(const AddressOptions& options, std::string root);

MachineFacts machine_facts(const Subject& subject);
/// `gx`: facts gathered earlier, with its clock.
ClockFacts clock_facts(const Subject& subject, const DeviceFacts& gx);
DiskFacts disk_facts(const Subject& subject);
PermissionFacts permission_facts(const Subject& subject);
ConfigFacts config_facts(const Subject& subject);
DatabaseFacts database_facts(const Subject& subject);
ServiceFacts service_facts(const Subject& subject);
DeviceFacts gx_facts(const Subject& subject);
/// `config`: section `sol_ark` or `sol_ark_2`, as `source` says.
DeviceFacts sol_ark_facts(const Subject& subject, const std::string& source, const std::optional<SolArkConfig>& config);
BrokerFacts broker_facts(const Subject& subject);
/// `broker`: answers of the devices there, used while voltd does not run.
std::vector<OutputFact> output_facts(const Subject& subject, const BrokerFacts& broker);
std::vector<SensorFact> sensor_facts(const Subject& subject);
ApiFacts api_facts(const Subject& subject);
ChargingFacts charge_facts(const Subject& subject, const std::vector<std::pair<std::string, DeviceFacts>>& devices);
RuleFacts rule_facts(const Subject& subject);
FleetFacts fleet_facts(const Subject& subject);

}  // namespace volt::ctl::doctor
