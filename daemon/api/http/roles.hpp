// Table of roles: the only place that lists who may call what.
#pragma once

#include <cstdint>
#include <string>

namespace volt::api {

/// Roles in order: each includes the rights of the ones before it.
enum class Role : std::uint8_t { none, view, propose, operate, owner };
/// Returns the name in JSON and database.
const char* name_of(Role role);

/// Caller and role. The Unix socket and the token give owner, a cookie or key its own role; no credentials give no role.
struct Caller {
    Role role = Role::none;
    bool by_key = false;     ///< a program's key, which may not make sessions or keys or take a backup
    std::string who{};       ///< for settings_history: `voltctl pi`, `owner`, `browser NAME`, `key NAME`
    std::string session{};   ///< id of the session or key
    std::string user{};      ///< id of the browser's user
    bool open_view = false;  ///< no credentials, where viewing needs none (`api.view: open`)
};

/// Right that a route requires of its caller.
enum class Grant : std::uint8_t {
    anyone,   ///< without a role
    look,     ///< view and above
    see,      ///< view and above, and anyone if `api.view` is open
    try_out,  ///< propose and above: what-if
    change,   ///< operate and above; propose only with `?dry_run=1`
    act,      ///< operate and above
    person,   ///< operate and above, but no key
    owner,
};

/// Returns the grant of a route by the table. A route that is missing there is for the owner only.
Grant grant_of(const std::string& method, const std::string& pattern);
/// Returns true if the table has a row for the route.
bool has_row(const std::string& method, const std::string& pattern);

bool may(Grant grant, const Caller& caller, bool dry_run);

}  // namespace volt::api
