// Restore of a backup: on a new computer, or over an existing installation. Checks everything before it changes anything.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/ctl/backup/archive.hpp"
#include "drivers/mqtt/broker_look.hpp"

namespace volt::ctl::backup {

struct RestoreRequest {
    std::string file;
    std::string config;    ///< target of voltd.yaml
    bool dry = false;      ///< run all checks, change nothing
    bool replace = false;  ///< existing files remain as `.replaced-TIME`
    bool anyway = false;   ///< even if another voltd runs this site, or that is unknown
    bool service = false;  ///< root with default paths: files belong to the service's account
};

struct Restored {
    std::vector<std::string> notes;  ///< actions and notes for the owner, in order
    std::size_t sessions = 0;        ///< sessions kept from the existing database
};

/// Checks a broker; look_at_broker() except in tests.
using Look = std::function<BrokerLook(const BrokerConfig&, const BrokerLookOptions&)>;

/// Restores a backup. A failure gives the reason, the remedy, and that nothing was changed; or, if a file could not follow the
/// database into place, what was replaced and where it is.
Result<Restored> restore_backup(const RestoreRequest& request, const Look& look = look_at_broker);

/// Returns the reason not to continue, from what the broker shows, or an empty string if there is none. Pure.
std::string rival_problem(const BrokerConfig& broker, const BrokerLook& look, const std::string& site);

}  // namespace volt::ctl::backup
