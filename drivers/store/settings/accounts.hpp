// Users, and who is signed in: browsers' sessions and programs' keys as rows.
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
    std::string created_at, last_login{};  ///< ISO 8601 UTC; last_login empty: never
};

/// A row of `web_sessions`.
struct SessionRow {
    std::string id{}, user_id{};  ///< user_id empty: a program's key
    std::string secret_sha256{};  ///< hexadecimal
    std::string kind{}, role{};   ///< browser, program; view, propose, operate
    std::string name{};
    Utc created{}, expires{};    ///< whole seconds
    std::string last_seen_on{};  ///< YYYY-MM-DD
};

/// `2026-01-01`.
std::string day_of(Utc at);
/// `2026-01-01T00:00:00Z`.
std::string second_of(Utc at);

/// Admins first, then by age.
Result<std::vector<UserRow>> read_users(Connection& db);
/// At most 1000, by age.
Result<std::vector<SessionRow>> read_sessions(Connection& db);

SqlStatus write_session(Connection& db, const SessionRow& row);
SqlStatus remove_session(Connection& db, const std::string& id);
/// What those must do whose sessions could not be kept.
inline constexpr const char* sign_in_again = "sign in again: voltctl login; keys: voltctl key list";
/// Removes the sessions of the database `into`, then brings those of `from`, where they can be read (empty: there is no such file): a
/// copy that takes the place of a database signs no one out, and no one in. How many there are now.
std::size_t keep_sessions(const std::string& from, const std::string& into);
SqlStatus set_last_login(Connection& db, const std::string& user_id, Utc at);

/// A row of `events`: who signed in, and who tried.
SqlStatus write_session_event(Connection& db, const std::string& level, const std::string& text, Utc at);

/// Empty: added; else the rule of the schema that this user breaks. `role`: admin, user.
std::string add_user(Connection& db, const std::string& email, const std::string& role);
/// Gives the first admin this address. Empty: done; else the rule of the schema that it breaks.
std::string name_owner(Connection& db, const std::string& email);
/// Empty: removed; else why this user stays: the last admin, or the owner of settings.
std::string remove_user(Connection& db, const std::string& id);

}  // namespace volt
