#include "daemon/api/access/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/crypto.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/settings/uuid.hpp"

namespace volt::api {

namespace {

constexpr const char *browser = "browser", *program = "program";
constexpr std::size_t secret_bytes = 32;
/// Maximum age of the users list, so that a change made with sqlite3 takes effect.
constexpr Duration users_age = 1min;
/// Maximum rows that wait for a disk that cannot be written. Beyond it nothing is added.
constexpr std::size_t most_unwritten = 256;
/// A session from further in the future was made by a wrong clock.
constexpr Duration most_ahead = 24h;

Role role_named(const std::string& word) {
    if (word == "operate") return Role::operate;
    return word == "propose" ? Role::propose : Role::view;
}

/// Converts hexadecimal bytes to base64url without padding.
std::string base64url(const std::string& hex) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned bits = 0, count = 0;
    for (const char c : hex) {
        bits = (bits << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10)) & 0xfff;
        count += 4;
        if (count < 6) continue;
        count -= 6;
        text += digits[bits >> count & 63];
    }
    if (count > 0) text += digits[bits << (6 - count) & 63];
    return text;
}

}  // namespace

Caller Sessions::by_cookie(const std::string& secret, Utc now) { return enter(secret, browser, now); }
Caller Sessions::by_key(const std::string& secret, Utc now) { return enter(secret, program, now); }

Caller Sessions::enter(const std::string& secret, const std::string& kind, Utc now) {
    const std::lock_guard lock(mutex_);
    read(now);
    const SessionRow* found = find(secret, kind, now);
    if (found == nullptr || role_of(*found) == Role::none) return {};
    const bool by_key = kind == program;
    Caller caller{role_of(*found), by_key, (by_key ? "key " : "browser ") + found->name, found->id, found->user_id};
    // Store only the day, and only once a day, to save flash writes.
    if (const std::string today = day_of(now); found->last_seen_on < today) {
        rows_[static_cast<std::size_t>(found - rows_.data())].last_seen_on = today;
        unwritten_.insert(caller.session);
        flush();
    }
    return caller;
}

/// Finds a session by a hash of its secret, so that the time it takes reveals nothing about the secret.
const SessionRow* Sessions::find(const std::string& secret, const std::string& kind, Utc now) const {
    const std::string hash = sha256_hex(secret);
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const SessionRow& row) {
        return row.kind == kind && row.secret_sha256 == hash && is_valid(row, now);
    });
    return found == rows_.end() ? nullptr : &*found;
}

/// Returns true if the session is valid. One made while the clock ran ahead would last for years once the clock is right again.
bool Sessions::is_valid(const SessionRow& row, Utc now) const {
    return now < row.expires && (!clock_trusted_ || row.created <= now + most_ahead);
}

/// Returns the role of a session. A browser has at most the current role of its user.
Role Sessions::role_of(const SessionRow& row) const {
    if (row.kind == program) return role_named(row.role);
    const auto user = std::find_if(users_.begin(), users_.end(), [&](const UserRow& it) { return it.id == row.user_id; });
    if (user == users_.end()) return Role::none;
    return user->role == "admin" ? role_named(row.role) : Role::view;
}

/// Reads users and sessions, under the lock. On failure tries again in a minute.
void Sessions::read(Utc now) {
    if (tried_ && now - *tried_ < users_age && now >= *tried_) return;
    tried_ = now;
    Edit<Connection> db = open_settings(path_, false, lock_wait_);
    if (!db) return;
    read_users_again(db.value());
    if (loaded_) return;
    auto rows = read_sessions(db.value());
    if (!rows) return;
    loaded_ = true;
    // Sign-ins and sign-outs made before the database could be read are newer than its rows.
    std::erase_if(rows.value(), [&](const SessionRow& row) {
        return unwritten_.contains(row.id) ||
               std::any_of(rows_.begin(), rows_.end(), [&](const SessionRow& it) { return it.id == row.id; });
    });
    rows_.insert(rows_.begin(), rows.value().begin(), rows.value().end());
}

void Sessions::read_users_again(Connection& db) {
    if (auto users = read_users(db)) users_ = std::move(users.value());
}

/// Writes pending rows, under the lock. Returns true if the disk has everything.
bool Sessions::flush() {
    if (unwritten_.empty() && logins_.empty() && notes_.empty()) return true;
    Edit<Connection> db = open_settings(path_, true, lock_wait_);
    if (!db) return false;
    Transaction transaction(db.value());
    SqlStatus done = transaction.status();
    for (const std::string& id : unwritten_) {
        if (!done.ok()) return false;
        const auto row = std::find_if(rows_.begin(), rows_.end(), [&](const SessionRow& it) { return it.id == id; });
        done = row == rows_.end() ? remove_session(db.value(), id) : write_session(db.value(), *row);
    }
    for (const auto& [user, at] : logins_)
        if (done.ok()) done = set_last_login(db.value(), user, at);
    for (const Note& note : notes_)
        if (done.ok()) done = write_session_event(db.value(), note.level, note.text, note.at);
    if (done.ok()) done = transaction.commit();
    if (!done.ok()) return false;
    unwritten_.clear();
    logins_.clear();
    notes_.clear();
    read_users_again(db.value());
    return true;
}

std::optional<Sessions::Made> Sessions::add(SessionRow row, Utc expires, Utc now) {
    const auto secret = random_hex(secret_bytes);
    if (!secret || unwritten_.size() >= most_unwritten) return std::nullopt;
    Made made{std::move(row), base64url(*secret)};
    made.row.id = make_uuid();
    made.row.secret_sha256 = sha256_hex(made.secret);
    made.row.created = std::chrono::floor<std::chrono::seconds>(now);
    made.row.expires = std::chrono::floor<std::chrono::seconds>(expires);
    made.row.last_seen_on = day_of(now);
    rows_.push_back(made.row);
    unwritten_.insert(made.row.id);
    made.stored = flush();
    return made;
}

std::optional<Sessions::Made> Sessions::add_browser(const std::string& user_id, Role role, const std::string& name, int days,
                                                    Utc now, Utc latest) {
    const std::lock_guard lock(mutex_);
    read(now);
    const auto drop = [&](auto row) {
        unwritten_.insert(row->id);
        return rows_.erase(row);
    };
    const auto is_browser = [](const SessionRow& row) { return row.kind == browser; };
    while (static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), is_browser)) >= most_browsers)
        drop(std::min_element(rows_.begin(), rows_.end(), [&](const SessionRow& a, const SessionRow& b) {
            return std::pair(!is_browser(a), a.last_seen_on) < std::pair(!is_browser(b), b.last_seen_on);
        }));
    logins_[user_id] = now;
    return add({.id = {}, .user_id = user_id, .kind = browser, .role = name_of(role), .name = name},
               std::min<Utc>(now + days * 24h, latest), now);
}

std::optional<Sessions::Made> Sessions::add_key(Role role, const std::string& name, int days, Utc now, std::string& why,
                                                Utc latest) {
    const std::lock_guard lock(mutex_);
    read(now);
    // While the clock is not trusted, a key may only seem expired.
    if (clock_trusted_)
        for (auto row = rows_.begin(); row != rows_.end();) {
            const bool over = row->kind == program && !is_valid(*row, now);
            if (over) unwritten_.insert(row->id);
            row = over ? rows_.erase(row) : row + 1;
        }
    const auto counts = [&](const SessionRow& row) { return row.kind == program; };
    if (static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), counts)) >= most_keys)
        why = fmt::format("there are already {} keys; remove one first", most_keys);
    else if (std::any_of(rows_.begin(), rows_.end(), [&](const SessionRow& row) { return counts(row) && row.name == name; }))
        why = "a key with this name already exists";
    if (!why.empty()) return std::nullopt;
    auto made = add({.id = {}, .user_id = {}, .kind = program, .role = name_of(role), .name = name},
                    std::min<Utc>(now + days * 24h, latest), now);
    if (!made) why = "the key cannot be made now";
    return made;
}

std::vector<SessionRow> Sessions::list(Utc now) {
    const std::lock_guard lock(mutex_);
    read(now);
    std::vector<SessionRow> valid;
    std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(valid),
                 [&](const SessionRow& row) { return is_valid(row, now) && role_of(row) != Role::none; });
    return valid;
}

bool Sessions::remove(const std::string& id, Utc now) {
    const std::lock_guard lock(mutex_);
    read(now);
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const SessionRow& row) { return row.id == id; });
    if (found == rows_.end()) return false;
    rows_.erase(found);
    unwritten_.insert(id);
    flush();
    return true;
}

void Sessions::log(const std::string& level, const std::string& text, Utc now) {
    const std::lock_guard lock(mutex_);
    if (notes_.size() >= most_notes) return;
    notes_.push_back({level, text, now});
    flush();
}

std::vector<UserRow> Sessions::users(Utc now) {
    const std::lock_guard lock(mutex_);
    read(now);
    return users_;
}

std::string Sessions::add_user(const std::string& email, const std::string& role) {
    const std::lock_guard lock(mutex_);
    Edit<Connection> db = open_settings(path_, true, lock_wait_);
    if (!db) return db.failure().text;
    std::string why = volt::add_user(db.value(), email, role);
    read_users_again(db.value());
    return why;
}

std::string Sessions::remove_user(const std::string& id) {
    const std::lock_guard lock(mutex_);
    Edit<Connection> db = open_settings(path_, true, lock_wait_);
    if (!db) return db.failure().text;
    std::string why = volt::remove_user(db.value(), id);
    read_users_again(db.value());
    if (why.empty()) std::erase_if(rows_, [&](const SessionRow& row) { return row.user_id == id && row.kind == browser; });
    return why;
}

}  // namespace volt::api
