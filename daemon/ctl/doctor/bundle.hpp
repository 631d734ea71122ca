// The bundle for a question: what doctor found with what explains it, in one archive that stays on this computer.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/doctor/gather.hpp"

namespace volt::ctl::doctor {

struct Bundled {
    std::string error;               ///< why there is no archive; empty: there is one
    std::vector<std::string> names;  ///< of its files, with their sizes
};

/// Writes `path` (tar.gz, mode 0600), wholly or not at all, and never over what is there. `report`: doctor's JSON. `full`: with
/// addresses, serial numbers and the place of the site.
Bundled write_bundle(const Subject& subject, const AddressOptions& options, const Json& report, const std::string& path,
                     bool full);

}  // namespace volt::ctl::doctor
