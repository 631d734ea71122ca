#include "drivers/store/settings/accounts.hpp"

#include <ctime>

#include "drivers/store/settings/uuid.hpp"

namespace volt {

namespace {

constexpr const char* last_admin = "the last admin cannot be removed; add another one first";

std::string time_text(Utc at, const char* format) {
    const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(at).count();
    std::tm parts{};
    char room[32] = "";
    if (::gmtime_r(&seconds, &parts) == nullptr || std::strftime(room, sizeof room, format, &parts) == 0) return {};
    return room;
}

Utc of_seconds(std::int64_t seconds) { return std::chrono::duration_cast<Utc>(std::chrono::seconds{seconds}); }

}  // namespace

std::string day_of(Utc at) { return time_text(at, "%Y-%m-%d"); }
std::string second_of(Utc at) { return time_text(at, "%Y-%m-%dT%H:%M:%SZ"); }

Result<std::vector<UserRow>> read_users(Connection& db) {
    Statement rows =
        db.prepare("SELECT id, email, role, created_at, coalesce(last_login, '') FROM users ORDER BY role, created_at, id");
    std::vector<UserRow> users;
    while (rows.row()) users.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
    if (!rows.status().ok()) return rows.status().failure("users");
    return users;
}

Result<std::vector<SessionRow>> read_sessions(Connection& db) {
    Statement rows = db.prepare(
        "SELECT id, coalesce(user_id, ''), secret_sha256, kind, role, name, unixepoch(created_at), unixepoch(expires_at), "
        "last_seen_on FROM web_sessions WHERE unixepoch(expires_at) IS NOT NULL ORDER BY created_at, id LIMIT 1000");
    std::vector<SessionRow> sessions;
    while (rows.row())
        sessions.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
                            of_seconds(rows.integer(6)), of_seconds(rows.integer(7)), rows.text(8)});
    if (!rows.status().ok()) return rows.status().failure("sessions");
    return sessions;
}

SqlStatus write_session(Connection& db, const SessionRow& row) {
    Statement write = db.prepare(
        "INSERT OR REPLACE INTO web_sessions (id, user_id, secret_sha256, kind, role, name, created_at, last_seen_on, "
        "expires_at) VALUES (?1, nullif(?2, ''), ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    write.bind(1, row.id).bind(2, row.user_id).bind(3, row.secret_sha256).bind(4, row.kind).bind(5, row.role).bind(6, row.name);
    return write.bind(7, second_of(row.created)).bind(8, row.last_seen_on).bind(9, second_of(row.expires)).run();
}

SqlStatus remove_session(Connection& db, const std::string& id) {
    return db.prepare("DELETE FROM web_sessions WHERE id = ?1").bind(1, id).run();
}

std::size_t keep_sessions(const std::string& from, const std::string& into) {
    std::vector<SessionRow> kept;
    if (!from.empty())
        if (Result<Connection> before = Connection::open(from, OpenMode::read_only); before)
            if (auto sessions = read_sessions(before.value())) kept = std::move(sessions.value());
    Result<Connection> after = Connection::open(into, OpenMode::read_write);
    if (!after) return 0;
    Transaction transaction(after.value());
    if (!after.value().execute("DELETE FROM web_sessions").ok()) return 0;
    for (const SessionRow& row : kept)
        if (!write_session(after.value(), row).ok()) return 0;
    return transaction.commit().ok() ? kept.size() : 0;
}

SqlStatus set_last_login(Connection& db, const std::string& user_id, Utc at) {
    return db.prepare("UPDATE users SET last_login = ?2 WHERE id = ?1").bind(1, user_id).bind(2, second_of(at)).run();
}

SqlStatus write_session_event(Connection& db, const std::string& level, const std::string& text, Utc at) {
    Statement write = db.prepare("INSERT INTO events (at, level, kind, message) VALUES (?1, ?2, 'session', ?3)");
    return write.bind(1, std::int64_t{at.count()}).bind(2, level).bind(3, text).run();
}

std::string add_user(Connection& db, const std::string& email, const std::string& role) {
    const SqlStatus done = db.prepare("INSERT INTO users (id, email, role) VALUES (?1, ?2, ?3)")
                               .bind(1, make_uuid())
                               .bind(2, email)
                               .bind(3, role)
                               .run();
    return done.ok() ? std::string() : done.text;
}

std::string name_owner(Connection& db, const std::string& email) {
    const SqlStatus done = db.prepare(
                                 "UPDATE users SET email = ?1 WHERE id = (SELECT id FROM users WHERE role = 'admin' ORDER BY "
                                 "created_at, id LIMIT 1)")
                               .bind(1, email)
                               .run();
    return done.ok() ? std::string() : done.text;
}

std::string remove_user(Connection& db, const std::string& id) {
    Transaction transaction(db);
    if (!transaction.status().ok()) return transaction.status().text;
    if (const SqlStatus done = db.prepare("DELETE FROM users WHERE id = ?1").bind(1, id).run(); !done.ok()) return done.text;
    if (db.number("SELECT count(*) FROM users WHERE role = 'admin'").value_or(0) == 0) return last_admin;
    if (const SqlStatus done = db.prepare("DELETE FROM web_sessions WHERE user_id = ?1").bind(1, id).run(); !done.ok())
        return done.text;
    const SqlStatus done = transaction.commit();
    return done.ok() ? std::string() : done.text;
}

}  // namespace volt
