// Sessions: signed-in browsers of users, and keys of programs. Kept in memory, so that a failing disk signs no one out; the
// database has them for the next start.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/api/http/roles.hpp"
#include "drivers/store/settings/accounts.hpp"

namespace volt::api {

/// Safe from any thread. `now` is the wall clock.
class Sessions {
public:
    static constexpr std::size_t most_browsers = 64, most_keys = 16;
    static constexpr int most_days = 400;

    /// Once `give_up` is set, no thread waits for the database. It must outlive this object.
    Sessions(std::string path, const std::atomic<bool>& give_up) : path_(std::move(path)), lock_wait_{busy_ms, &give_up} {}

    /// Sets whether the clock is trusted. An untrusted clock deletes no session or key.
    void trust_clock(bool trusted) { clock_trusted_ = trusted; }
    /// Returns the caller with this secret. An unknown one has no role.
    Caller by_cookie(const std::string& secret, Utc now);
    Caller by_key(const std::string& secret, Utc now);

    struct Made {
        SessionRow row;
        std::string secret;   ///< shown only once
        bool stored = false;  ///< false: a restart would lose it
    };
    /// Adds a browser's session that lasts `days`, but at most until `latest`. Of 64, it drops the one unseen for longest.
    /// Returns nothing if the system has no random numbers.
    std::optional<Made> add_browser(const std::string& user_id, Role role, const std::string& name, int days, Utc now,
                                    Utc latest = Utc::max());
    /// Adds a program's key. Returns nothing, with the reason in `why`, if 16 exist, the name is taken, or there are no random
    /// numbers.
    std::optional<Made> add_key(Role role, const std::string& name, int days, Utc now, std::string& why, Utc latest = Utc::max());
    /// Returns the sessions that have not expired, by age.
    std::vector<SessionRow> list(Utc now);
    /// Removes a session. Returns false if none has this id.
    bool remove(const std::string& id, Utc now);

    /// Adds a row to `events`. Drops it if 32 are waiting for the disk.
    void log(const std::string& level, const std::string& text, Utc now);

    /// Returns the users, admins first, then by age. Returns the last known ones if the database cannot be read.
    std::vector<UserRow> users(Utc now);
    /// Adds a user. Returns an empty string, or the reason it failed.
    std::string add_user(const std::string& email, const std::string& role);
    std::string remove_user(const std::string& id);

private:
    static constexpr int busy_ms = 500;
    static constexpr std::size_t most_notes = 32;
    struct Note {
        std::string level, text;
        Utc at{};
    };

    void read(Utc now);
    void read_users_again(Connection& db);
    bool is_valid(const SessionRow& row, Utc now) const;
    const SessionRow* find(const std::string& secret, const std::string& kind, Utc now) const;
    Role role_of(const SessionRow& row) const;
    Caller enter(const std::string& secret, const std::string& kind, Utc now);
    std::optional<Made> add(SessionRow row, Utc expires, Utc now);
    bool flush();

    const std::string path_;
    const LockWait lock_wait_;
    std::atomic<bool> clock_trusted_ = false;
    std::mutex mutex_;
    bool loaded_ = false;
    std::optional<Utc> tried_;      ///< when the database was last read or tried
    std::vector<SessionRow> rows_;  ///< at most most_browsers + most_keys once something is added
    std::vector<UserRow> users_;
    std::set<std::string> unwritten_;    ///< ids whose row on disk differs from rows_
    std::map<std::string, Utc> logins_;  ///< of users, not yet on disk
    std::vector<Note> notes_;            ///< not yet on disk, at most most_notes
};

}  // namespace volt::api
