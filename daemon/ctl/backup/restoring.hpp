// Puts a backup in place: on a new computer, or over what is there. Everything is checked before anything is changed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/ctl/backup/archive.hpp"
#include "drivers/mqtt/broker_look.hpp"

namespace volt::ctl::backup {

struct RestoreRequest {
    std::string file;
    std::string config;    ///< where voltd.yaml goes
    bool dry = false;      ///< all checks, no change
    bool replace = false;  ///< what is there stays as `.replaced-TIME`
    bool anyway = false;   ///< though another voltd runs this site, or that is not known
    bool service = false;  ///< root, at the usual places: files belong to the service's account
};

struct Restored {
    std::vector<std::string> notes;  ///< what was put where, and what the owner must know, in order
    std::size_t sessions = 0;        ///< of the database in place: they stay
};

/// Looks at a broker; look_at_broker() but in tests.
using Look = std::function<BrokerLook(const BrokerConfig&, const BrokerLookOptions&)>;

/// Refused, with the reason and what to do, and that nothing was changed; or, where a file could not follow the database into place,
/// what was replaced and where that is.
Result<Restored> restore_backup(const RestoreRequest& request, const Look& look = look_at_broker);

/// Why what the broker shows forbids to go on; empty: nothing does. Pure.
std::string rival_problem(const BrokerConfig& broker, const BrokerLook& look, const std::string& site);

}  // namespace volt::ctl::backup
