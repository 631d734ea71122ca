// The settings of a site from answers, and the database that holds them: tried in memory first, then made as voltd makes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt::ctl::init {

/// Preferences, zones and miners of the answers; miners without voltages get those of the bank.
WantedRows wanted_rows(const Json& answers);

/// The mail address of the first user; the site's own where there is no answer.
std::string owner_of(const Json& answers);

/// The same edit on a new database in memory: what would change, or what is wrong with an answer. `end_guard` as in EditRequest;
/// `owner`: of the first user, empty: as shipped.
Edit<Edited> try_rows(const WantedRows& wanted, bool end_guard, const std::string& owner = {});

/// Makes the database at `path` with these settings, whole or not at all. Empty: done; else why not. `as_service`: give it
/// to the service's account.
std::optional<std::string> make_database(const std::string& path, const WantedRows& wanted, bool end_guard,
                                         const std::string& owner, bool as_service);

/// Gives a file or directory to the account `voltd` with this mode; false: there is no such account, or it may not be done.
bool give_to_voltd(const std::string& path, unsigned mode);

}  // namespace volt::ctl::init
