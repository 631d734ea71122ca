// Users, and who is signed in: rows of browser sessions and program keys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"
#include "rules/time.hpp"

namespace volt {

/// A row of `users`.
struct UserRow {
    std::string id, email, role;           ///< role: admin, user
    std::string created_at, last_login{};  ///< ISO 8601 UTC; last_login is empty if never
};

/// A row of `web_sessions`.
struct SessionRow {
    std::string id{}, user_id{};  ///< user_id is empty for a program's key
    std::string secret_sha256{};  ///< hexadecimal
    std::string kind{}, role{};   ///< browser, program; view, propose, operate
    std::string name{};
    Utc created{}, expires{};    ///< whole seconds
    std::string last_seen_on{};  ///< YYYY-MM-DD
};

/// Formats `2026-01-01`.
std::string day_of(Utc at);
/// Formats `2026-01-01T00:00:00Z`.
std::string second_of(Utc at);

/// Returns users, admins first, then by age.
Result<std::vector<UserRow>> read_users(Connection& db);
/// Returns at most 1000 sessions, by age.
Result<std::vector<SessionRow>> read_sessions(Connection& db);

SqlStatus write_session(Connection& db, const SessionRow& row);
SqlStatus remove_session(Connection& db, const std::string& id);
/// Remedy for users whose sessions could not be kept.
inline constexpr const char* sign_in_again = "sign in again: voltctl login; keys: voltctl key list";
/// Removes the sessions of the database `into`, then copies those of `from`, if readable (empty if there is no such file). A copy
/// that replaces a database signs no one out, and no one in. Returns the number of sessions.
std::size_t keep_sessions(const std::string& from, const std::string& into);
SqlStatus set_last_login(Connection& db, const std::string& user_id, Utc at);

/// Writes a row of `events`: who signed in, and who tried.
SqlStatus write_session_event(Connection& db, const std::string& level, const std::string& text, Utc at);

/// Adds a user. Returns empty on success; else the rule of the schema that this user breaks. `role`: admin, user.
std::string add_user(Connection& db, const std::string& email, const std::string& role);
/// Gives the first admin this address. Returns empty on success; else the rule of the schema that it breaks.
std::string name_owner(Connection& db, const std::string& email);
/// Removes a user. Returns empty on success; else the reason why not: the last admin, or the owner of settings.
std::string remove_user(Connection& db, const std::string& id);

}  // namespace volt
