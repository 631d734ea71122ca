// Bundle for a question: doctor's findings with the data that explains them, in one archive on this computer.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/doctor/gather.hpp"

namespace volt::ctl::doctor {

struct Bundled {
    std::string error;               ///< reason there is no archive, or empty if there is one
    std::vector<std::string> names;  ///< names of its files, with their sizes
};

/// Writes `path` (tar.gz, mode 0600), completely or not at all, and never over an existing file. `report`: doctor's JSON. `full`:
/// includes addresses, serial numbers and the location of the site.
Bundled write_bundle(const Subject& subject, const AddressOptions& options, const Json& report, const std::string& path,
                     bool full);

}  // namespace volt::ctl::doctor
