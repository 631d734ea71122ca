// Who may call what: the table of roles, in one place.
#pragma once

#include <cstdint>
#include <string>

namespace volt::api {

/// In order: each may what the ones before it may.
enum class Role : std::uint8_t { none, view, propose, operate, owner };
/// As JSON and the database have it.
const char* name_of(Role role);

/// The caller's role: the Unix socket and the token give owner, a cookie or key its own; no credentials give no role.
struct Caller {
    Role role = Role::none;
    bool by_key = false;     ///< a program's key, which never makes sessions or keys nor takes a backup
    std::string who{};       ///< for settings_history: `voltctl pi`, `owner`, `browser NAME`, `key NAME`
    std::string session{};   ///< id of the session or key
    std::string user{};      ///< id of the browser's user
    bool open_view = false;  ///< no credentials, where looking needs none (`api.view: open`)
};

/// What a route asks of its caller.
enum class Grant : std::uint8_t {
    anyone,   ///< without a role
    look,     ///< view and above
    see,      ///< the same, and anyone where `api.view` is open
    try_out,  ///< propose and above: what-if
    change,   ///< operate and above; propose with `?dry_run=1` alone
    act,      ///< operate and above
    person,   ///< operate and above, but no key
    owner,
};

/// The grant of a route by the table; a route that is not in it is the owner's.
Grant grant_of(const std::string& method, const std::string& pattern);
/// Whether the table has a row for it.
bool has_row(const std::string& method, const std::string& pattern);

bool may(Grant grant, const Caller& caller, bool dry_run);

}  // namespace volt::api
