// Functions that add names to the catalog; private to the checks.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace volt::ctl::doctor {

using Catalog = std::vector<std::pair<std::string, std::vector<std::string>>>;

void add_machine_names(Catalog& catalog);  ///< machine, clock, disk
void add_program_names(Catalog& catalog);  ///< permissions, config, database, service
void add_device_names(Catalog& catalog);   ///< gx, sol_ark
void add_broker_names(Catalog& catalog);   ///< broker
void add_output_names(Catalog& catalog);   ///< outputs, sensors
void add_site_names(Catalog& catalog);     ///< api, charge, rules
void add_fleet_names(Catalog& catalog);    ///< fleet

}  // namespace volt::ctl::doctor
