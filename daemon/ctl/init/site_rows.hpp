// Settings of a site from answers, and their database: first tried in memory, then created as voltd does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/edit.hpp"

namespace volt::ctl::init {

/// Returns preferences, zones and miners of the answers. Miners without voltages get those of the bank.
WantedRows wanted_rows(const Json& answers);

/// Returns one sentence for each answer about bank or miners that init could not apply as given.
std::vector<std::string> bank_notes(const Json& answers);

/// Returns the email address of the first user, or the site's default if there is no answer.
std::string owner_of(const Json& answers);

/// Tries the edit on a new database in memory. Returns the changes, or the problem with an answer. `end_guard` as in EditRequest.
/// `owner`: email of the first user; empty means the default.
Edit<Edited> try_rows(const WantedRows& wanted, bool end_guard, const std::string& owner = {});

/// Creates the database at `path` with these settings, completely or not at all. Returns nothing, or the error. `as_service`:
/// gives it to the service's account.
std::optional<std::string> make_database(const std::string& path, const WantedRows& wanted, bool end_guard,
                                         const std::string& owner, bool as_service);

/// Gives a file or directory to the account `voltd` with this mode. Returns false if there is no such account, or this is not
/// allowed.
bool give_to_voltd(const std::string& path, unsigned mode);

}  // namespace volt::ctl::init
