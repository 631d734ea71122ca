// SQL from outside: one SELECT, no secrets, bounded.
#include "drivers/store/telemetry/guarded_query.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "drivers/store/store.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;

namespace guarded_query_test {

namespace {

struct Kept {
    test::TempDir directory;
    std::string path = directory.file();
    Kept() { open_store(path).value().store->close(Duration{5000}); }
    Result<GuardedRows> ask(const std::string& sql, std::size_t most = 200) const { return guarded_query(path, sql, most); }
    std::string refusal(const std::string& sql) const {
        const auto answer = ask(sql);
        return answer ? "" : answer.failure().text;
    }
};

}  // namespace

TEST_CASE("a SELECT returns its columns and rows in their types") {
    const Kept at;
    const auto found = at.ask("SELECT 1 AS n, 2.5 AS x, 'a' AS t, NULL AS e, x'0102' AS b;  -- done");
    REQUIRE(found);
    CHECK(found.value().columns == std::vector<std::string>{"n", "x", "t", "e", "b"});
    CHECK(found.value().rows == std::vector<GuardedRow>{{std::int64_t{1}, 2.5, "a", nullptr, "(2 bytes)"}});
    CHECK(at.ask("SELECT slug FROM miner_profiles").value().rows.size() == 2);
    CHECK(at.ask("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 5) SELECT sum(n) FROM c").value().rows ==
          std::vector<GuardedRow>{{std::int64_t{15}}});
    CHECK(at.ask("SELECT * FROM recent_activity").ok());
    CHECK(at.ask("SELECT * FROM v_runtime_per_day").ok());
}

TEST_CASE("accepts only one SELECT") {
    const Kept at;
    for (const char* sql :
         {"UPDATE miner_profiles SET start_voltage = 1", "DELETE FROM events", "DROP TABLE events", "VACUUM",
          "PRAGMA query_only = 0", "PRAGMA table_info(users)", "ATTACH '/tmp/guarded.db' AS a", "BEGIN", "EXPLAIN SELECT 1",
          "CREATE TEMP TABLE t(a)", "SELECT * FROM pragma_database_list", "INSERT INTO events DEFAULT VALUES RETURNING id"})
        CHECK_MESSAGE(at.refusal(sql) != "", sql);
    CHECK(at.refusal("SELECT 1; SELECT 2") == "only one statement is allowed");
    CHECK(at.refusal("SELECT 1; nonsense") == "only one statement is allowed");
    CHECK(at.refusal("") == "only one SELECT is allowed");
    CHECK(at.refusal("-- nothing") == "only one SELECT is allowed");
    CHECK(at.refusal("SELECT a FROM nowhere") == "no such table: nowhere");
    CHECK(at.refusal(std::string(5000, ' ')) != "");
    CHECK(at.refusal(std::string("SELECT 1\0; DELETE", 17)) != "");
}

TEST_CASE("hides users, sessions and coordinates") {
    const Kept at;
    for (const char* sql : {"SELECT * FROM users", "SELECT count(*) FROM web_sessions", "SELECT email FROM USERS",
                            "SELECT after FROM settings_history", "SELECT 1 WHERE EXISTS (SELECT 1 FROM users)",
                            "SELECT load_extension('x')", "SELECT readfile('/etc/passwd')"})
        CHECK_MESSAGE(at.refusal(sql) != "", sql);
    const auto where = at.ask("SELECT latitude, longitude, timezone FROM user_preferences");
    REQUIRE(where);
    CHECK(where.value().rows[0][0] == GuardedValue(nullptr));
    CHECK(where.value().rows[0][1] == GuardedValue(nullptr));
    CHECK(where.value().rows[0][2] != GuardedValue(nullptr));
    const auto shared = guarded_query(at.path, "SELECT latitude FROM user_preferences", 1, nullptr, true);
    REQUIRE(shared);
    CHECK(shared.value().rows[0][0] != GuardedValue(nullptr));
    const auto schema = readable_schema(at.path);
    REQUIRE(schema);
    CHECK(schema.value().find("\nv_load_runs (load, started_at") != std::string::npos);
    CHECK(schema.value().find("web_sessions") == std::string::npos);
}

TEST_CASE("limits rows, bytes and time") {
    const Kept at;
    const char* count = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c";
    const auto ten = at.ask(count, 10);
    REQUIRE(ten);
    CHECK(ten.value().rows.size() == 10);
    CHECK(ten.value().more);
    const auto wide =
        at.ask("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100) SELECT printf('%1000d', n) FROM c");
    REQUIRE(wide);
    CHECK(wide.value().more);
    CHECK(wide.value().rows.size() == 32);
    CHECK_FALSE(at.ask("SELECT 1", 1).value().more);
    CHECK(at.refusal("SELECT length(zeroblob(2000000))") != "");
    CHECK(at.refusal(std::string("SELECT count(*) FROM (") + count + ")") == "it took longer than 2 s; ask for less");
    const std::atomic<bool> give_up = true;
    CHECK_FALSE(guarded_query(at.path, std::string("SELECT count(*) FROM (") + count + ")", 1, &give_up));
}

TEST_CASE("limits single values, rows, comparisons and sorts") {
    const Kept at;
    std::string many = "a";
    for (int i = 0; i < 150; ++i) many += ", a";
    CHECK(at.refusal("SELECT " + many + " FROM (SELECT 1 AS a)") == "too many columns in result set");
    CHECK(at.refusal("SELECT hex(zeroblob(499999))") == "string or blob too big");
    CHECK(at.refusal("SELECT replace(hex(zeroblob(20000)),'0','a') LIKE '%' || replace(hex(zeroblob(5000)),'0','a') || 'b'") ==
          "LIKE or GLOB pattern too complex");
    for (const char* name : {"trim", "ltrim", "rtrim"}) {
        CHECK(at.refusal(std::string("SELECT ") + name + "('aXa', 'a')") == "trim, ltrim and rtrim take one argument here");
        CHECK(at.ask(std::string("SELECT ") + name + "(' a ')").ok());
    }
    const std::string sorted = at.refusal(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, hex(randomblob(30000)) AS b FROM c ORDER BY "
        "b");
    CHECK_MESSAGE((sorted == "out of memory" || sorted.find("took longer") != std::string::npos), sorted);
    CHECK(at.ask("SELECT 1").ok());
}

TEST_CASE("reports a missing or invalid database") {
    const Kept at;
    CHECK(guarded_query(at.directory.file("none.db"), "SELECT 1", 1).failure().fault == Fault::absent);
    std::ofstream(at.directory.file("text.db")) << std::string(5000, 'x');
    CHECK_FALSE(guarded_query(at.directory.file("text.db"), "SELECT 1", 1));
}

}  // namespace guarded_query_test
