#include "daemon/api/access/sessions.hpp"

#include <doctest/doctest.h>

#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;

namespace {

constexpr Utc noon = std::chrono::seconds{1'750'507'200};  // 2025-06-21T12:00:00Z
const std::string admin = "a0000000-0000-0000-0000-000000000001";

struct Kept {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    OpenedStore opened = std::move(open_store(path).value());
    std::atomic<bool> give_up = false;
    Sessions sessions{path, give_up};
    ~Kept() { opened.store->close(Duration{2000}); }

    std::string sql(const std::string& query) const {
        auto db = Connection::open(path, OpenMode::read_only);
        return db ? db.value().text(query).value_or("null") : "no database";
    }
    void run(const std::string& statement) const {
        auto db = Connection::open(path, OpenMode::read_write);
        REQUIRE(db);
        db.value().busy_timeout(5000);
        REQUIRE(db.value().execute(statement).ok());
    }
    Sessions::Made browser(Utc now = noon, Role role = Role::operate, int days = 400) {
        return sessions.add_browser(admin, role, "Phone", days, now).value();
    }
};

}  // namespace

TEST_CASE("accepts a cookie until expiry and stores only its hash") {
    Kept at;
    const auto made = at.browser();
    CHECK(made.stored);
    CHECK(made.secret.size() == 43);
    CHECK(made.secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos);
    CHECK(at.browser().secret != made.secret);
    const Caller caller = at.sessions.by_cookie(made.secret, noon);
    CHECK(caller.role == Role::operate);
    CHECK_FALSE(caller.by_key);
    CHECK(caller.who == "browser Phone");
    CHECK(caller.session == made.row.id);
    CHECK(caller.user == admin);
    CHECK(at.sql("SELECT count(*) FROM web_sessions WHERE secret_sha256 = '" + made.secret + "' OR id = '" + made.secret + "'") ==
          "0");
    CHECK(at.sql("SELECT last_login FROM users") == "2025-06-21T12:00:00Z");
    for (const std::string& wrong :
         {std::string(), made.secret.substr(1), made.secret + "A", made.row.secret_sha256, made.row.id})
        CHECK(at.sessions.by_cookie(wrong, noon).role == Role::none);
    CHECK(at.sessions.by_key(made.secret, noon).role == Role::none);
    CHECK(at.sessions.by_cookie(made.secret, noon + 400 * 24h - 1s).role == Role::operate);
    CHECK(at.sessions.by_cookie(made.secret, noon + 400 * 24h).role == Role::none);
    CHECK(at.sessions.remove(made.row.id, noon));
    CHECK_FALSE(at.sessions.remove(made.row.id, noon));
    CHECK(at.sessions.by_cookie(made.secret, noon).role == Role::none);
    CHECK(at.sql("SELECT count(*) FROM web_sessions") == "1");
}

TEST_CASE("keeps sessions and keys over a restart") {
    Kept at;
    std::string why;
    const auto made = at.browser(noon, Role::view);
    const auto key = at.sessions.add_key(Role::propose, "agent", 10, noon, why);
    REQUIRE(key);
    Sessions next(at.path, at.give_up);
    CHECK(next.by_cookie(made.secret, noon + 1h).role == Role::view);
    const Caller caller = next.by_key(key->secret, noon + 1h);
    CHECK(caller.role == Role::propose);
    CHECK(caller.by_key);
    CHECK(caller.who == "key agent");
    CHECK(next.by_key(key->secret, noon + 10 * 24h).role == Role::none);
    CHECK(next.list(noon).size() == 2);
    CHECK(next.list(noon + 11 * 24h).size() == 1);
}

TEST_CASE("writes the day last seen once a day") {
    Kept at;
    const auto made = at.browser();
    at.sessions.by_cookie(made.secret, noon + 11h);
    CHECK(at.sql("SELECT last_seen_on FROM web_sessions") == "2025-06-21");
    at.sessions.by_cookie(made.secret, noon + 12h);
    CHECK(at.sql("SELECT last_seen_on FROM web_sessions") == "2025-06-22");
}

TEST_CASE("limits a browser to its user's current role") {
    Kept at;
    const auto made = at.browser();
    at.run("INSERT INTO users (id, email) VALUES ('b0000000-0000-0000-0000-000000000001', 'other@example.org')");
    at.run("UPDATE users SET role = 'user' WHERE id = '" + admin + "'");
    CHECK(at.sessions.by_cookie(made.secret, noon + 2min).role == Role::view);
    CHECK(at.sessions.add_user("guest@example.org", "user").empty());
    const auto users = at.sessions.users(noon + 2min);
    REQUIRE(users.size() == 3);
    CHECK(users[0].email == "other@example.org");
    const auto guest = at.sessions.add_browser(users[2].id, Role::operate, "Tablet", 1, noon + 2min);
    REQUIRE(guest);
    CHECK(at.sessions.by_cookie(guest->secret, noon + 2min).role == Role::view);
    CHECK(at.sessions.remove_user(users[2].id).empty());
    CHECK(at.sessions.by_cookie(guest->secret, noon + 2min).role == Role::none);
    CHECK(at.sql("SELECT count(*) FROM web_sessions") == "1");
    // The settings belong to the first user.
    CHECK_FALSE(at.sessions.remove_user(admin).empty());
    CHECK(at.sessions.remove_user(users[0].id) == "the last admin cannot be removed; add another one first");
    CHECK(at.sql("SELECT count(*) FROM users") == "2");
    CHECK_FALSE(at.sessions.add_user("no email", "user").empty());
    CHECK_FALSE(at.sessions.add_user("OTHER@example.org", "user").empty());
}

TEST_CASE("drops the longest unseen of 64 browsers, limits keys") {
    Kept at;
    const auto first = at.browser(noon);
    std::vector<Sessions::Made> made;
    for (int i = 1; i < 64; ++i) made.push_back(at.browser(noon));
    at.sessions.by_cookie(first.secret, noon + 24h);
    at.browser(noon + 24h);
    CHECK(at.sessions.by_cookie(first.secret, noon + 24h).role == Role::operate);
    CHECK(at.sessions.by_cookie(made[0].secret, noon + 24h).role == Role::none);
    CHECK(at.sessions.list(noon + 24h).size() == 64);
    std::string why;
    for (int i = 0; i < 16; ++i) REQUIRE(at.sessions.add_key(Role::view, "k" + std::to_string(i), 400, noon, why));
    CHECK_FALSE(at.sessions.add_key(Role::view, "one more", 400, noon, why));
    CHECK(why.starts_with("there are already 16 keys"));
    why.clear();
    CHECK(at.sessions.list(noon + 24h).size() == 80);
    for (const SessionRow& row : at.sessions.list(noon))
        if (row.name == "k3") at.sessions.remove(row.id, noon);
    CHECK_FALSE(at.sessions.add_key(Role::view, "k4", 400, noon, why));
    CHECK(why == "a key with this name already exists");
    why.clear();
    CHECK(at.sessions.add_key(Role::view, "k3", 400, noon, why));
    CHECK(at.sql("SELECT count(*) FROM web_sessions") == "80");
}

TEST_CASE("signs in and out while the database is unwritable") {
    Kept at;
    const auto before = at.browser();
    Sessions::Made made;
    {
        auto locked = Connection::open(at.path, OpenMode::read_write);
        REQUIRE(locked);
        locked.value().busy_timeout(5000);
        const Transaction held(locked.value());
        REQUIRE(held.status().ok());
        made = at.browser();
        CHECK_FALSE(made.stored);
        CHECK(at.sessions.by_cookie(made.secret, noon).role == Role::operate);
        CHECK(at.sessions.remove(before.row.id, noon));
    }
    at.sessions.log("info", "x", noon);
    CHECK(at.sql("SELECT group_concat(id) FROM web_sessions") == made.row.id);
    CHECK(at.sql("SELECT message FROM events WHERE kind = 'session'") == "x");
}

TEST_CASE("keeps sessions and keys when a clock jumps and returns") {
    Kept at;
    at.sessions.trust_clock(true);
    std::string why;
    const auto phone = at.browser();
    const auto key = at.sessions.add_key(Role::view, "grafana", 400, noon, why);
    REQUIRE(key);
    constexpr Utc ahead = noon + 5 * 365 * 24h;
    at.sessions.trust_clock(false);
    const auto early = at.browser(ahead);
    CHECK(at.sessions.add_key(Role::view, "later", 400, ahead, why));
    at.sessions.trust_clock(true);
    CHECK(at.sessions.by_cookie(phone.secret, noon + 1h).role == Role::operate);
    CHECK(at.sessions.by_key(key->secret, noon + 1h).role == Role::view);
    // Made while the clock was ahead, it would be valid for six years.
    CHECK(at.sessions.by_cookie(early.secret, noon + 1h).role == Role::none);
    CHECK(at.sessions.list(noon + 1h).size() == 2);
}

TEST_CASE("keeps sessions when a clock jumps ten years back") {
    Kept at;
    at.sessions.trust_clock(true);
    const auto phone = at.browser();
    at.sessions.trust_clock(false);
    CHECK(at.sessions.by_cookie(phone.secret, noon - 10 * 365 * 24h).role == Role::operate);
}
