#include "drivers/store/agent/agent_store.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "drivers/store/agent/conversations.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "tests/drivers/store/agent/agent_files.hpp"
#include "tests/drivers/store/shim_vfs.hpp"

using namespace volt;

namespace agent_store_test {

namespace {

constexpr std::int64_t day = 86'400'000, now = 400 * day;

std::string insert_event_of(AgentStore& store, std::int64_t at) {
    return log_event(store, {.created_ms = at, .event_type = "tool_call", .message = "x", .agent_role = "mcp"});
}

}  // namespace

TEST_CASE("creates a durable group-readable file with the first row") {
    test::AgentFile at;
    int ran = 0;
    CHECK(at.store.read([&](Connection&) { return ++ran, SqlStatus{}; }) == "");
    CHECK(at.store.erase([&](Connection&) { return ++ran, SqlStatus{}; }) == "");
    CHECK(!at.store.tend(now));
    CHECK(ran == 0);
    CHECK(!file_exists(at.path));
    CHECK(insert_event_of(at.store, now) == "");
    struct stat found {};
    REQUIRE(::stat(at.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0660);
    CHECK(at.number("SELECT count(*) FROM log") == 1);
    CHECK(at.store.read([&](Connection& db) {
        CHECK(db.text("PRAGMA journal_mode") == "wal");
        CHECK(db.number("PRAGMA synchronous") == 2);
        CHECK(db.number("PRAGMA secure_delete") == 1);
        CHECK(db.number("PRAGMA busy_timeout") == 5000);
        return SqlStatus{};
    }) == "");
    Connection db = test::open_file(at.path);
    const auto complaints = verify(db, agent_migrations());
    REQUIRE(complaints);
    CHECK(complaints.value().empty());
    CHECK(roll_back(db, agent_migrations(), 0).ok());
}

TEST_CASE("moves a broken file aside once, and keeps the last two") {
    for (const bool open_before : {false, true}) {
        CAPTURE(open_before);
        test::AgentFile at;
        if (open_before) REQUIRE(insert_event_of(at.store, now) == "");
        for (int round = 0; round < 3; ++round) {
            for (const char* part : {"", "-wal", "-shm"}) remove_file(at.path + part);
            std::ofstream(at.path, std::ios::trunc) << std::string(20'000, 'x');
            CHECK(insert_event_of(at.store, now) == "");
            CHECK(at.number("SELECT count(*) FROM log") == 1);
            CHECK(files_beside(at.path, ".broken-").size() == static_cast<std::size_t>(std::min(round + 1, 2)));
            CHECK(at.store.take_note().starts_with(at.path + " was damaged. It was moved to " + at.path + ".broken-"));
            CHECK(at.store.take_note() == "");
        }
    }
}

TEST_CASE("reopens a file that another process replaced") {
    test::AgentFile at;
    REQUIRE(insert_event_of(at.store, now) == "");
    for (const char* part : {"", "-wal", "-shm"}) remove_file(at.path + part);
    CHECK(insert_event_of(at.store, now) == "");
    CHECK(at.number("SELECT count(*) FROM log") == 1);
}

TEST_CASE("leaves a newer file and an unwritable place unchanged") {
    test::AgentFile at;
    {
        AgentStore first(at.path);
        REQUIRE(insert_event_of(first, now) == "");
        Connection db = test::open_file(at.path);
        test::must(db, "INSERT INTO schema_migrations VALUES (4, '004_later', 'x', 'x', 1)");
    }
    const std::string newer = insert_event_of(at.store, now);
    CHECK(newer.starts_with("not kept: "));
    CHECK(newer.find("newer than this program") != std::string::npos);
    CHECK(newer.find("voltctl") == std::string::npos);  // which works only on voltd.db
    CHECK(files_beside(at.path, ".broken-").empty());
    AgentStore nowhere("/proc/agent/agent.db");
    CHECK(insert_event_of(nowhere, now).starts_with("not kept: "));
    int ran = 0;
    CHECK(nowhere.read([&](Connection&) { return ++ran, SqlStatus{}; }) == "");
    CHECK(ran == 0);
}

TEST_CASE("a file at its limit loses its oldest rows") {
    test::TempDir directory;
    AgentStore store(directory.file("agent.db"), {.megabytes = 1});
    for (int i = 0; i < 3000; ++i) {
        const AgentEvent event{.created_ms = now + i,
                               .event_type = "tool_call",
                               .message = std::string(1000, 'x'),
                               .agent_role = "mcp",
                               .data = "{\"i\":" + std::to_string(i) + "}"};
        REQUIRE(log_event(store, event) == "");
    }
    CHECK(file_size(store.path()) <= 1024 * 1024);
    const auto log = list_agent_log(store, 5000);
    REQUIRE(log);
    CHECK(log.value().size() > 100);
    CHECK(log.value().front().data == "{\"i\":2999}");
}

TEST_CASE("a full file removes a flood's rows before older ones") {
    const test::TempDir directory;
    AgentStore store(directory.file("agent.db"), {.megabytes = 1});
    AgentEvent event{.created_ms = now, .event_type = "error", .message = "a wrong code", .agent_role = "mcp"};
    REQUIRE(log_event(store, event) == "");
    event = {.event_type = "limit", .message = std::string(400, 'x'), .agent_role = "mcp"};
    for (int i = 1; i < 2600; ++i) {
        event.created_ms = now + i;
        REQUIRE(log_event(store, event) == "");
    }
    const auto log = list_agent_log(store, 5000);
    REQUIRE(log);
    CHECK(log.value().size() < 2600);
    CHECK(log.value().back().message == "a wrong code");
}

TEST_CASE("a full disk keeps nothing, reports it, and recovers") {
    const test::TempDir directory;
    const std::string disk = directory.file("disk"), filler = disk + "/filler";
    std::filesystem::create_directory(disk);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", disk.c_str(), "tmpfs", 0, "size=2m") != 0) {
        MESSAGE("SKIPPED: mounting a tmpfs is not allowed here");
        return;
    }
    {
        AgentStore store(disk + "/agent.db");
        CHECK(insert_event_of(store, now) == "");
        std::ofstream(filler) << std::string(4'000'000, 'x');
        const AgentEvent large{
            .created_ms = now, .event_type = "error", .message = std::string(60'000, 'x'), .agent_role = "mcp"};
        std::string wrong;
        for (int i = 0; i < 100 && wrong.empty(); ++i) wrong = log_event(store, large);
        CHECK(wrong.starts_with("not kept: "));
        CHECK(!list_agent_log(store, 10).value().empty());
        remove_file(filler);
        CHECK(log_event(store, large) == "");
    }
    ::umount(disk.c_str());
}

TEST_CASE("kept rows survive a power cut") {
    std::mt19937 dice(5);
    for (int round = 1; round <= 10; ++round) {
        const test::ShimVfs shim;
        const test::TempDir directory, after;
        {
            AgentStore store(directory.file("agent.db"));
            for (int i = 0; i < round * 3; ++i) REQUIRE(insert_event_of(store, now) == "");
            shim.cut(store.path(), directory_of(after.file()), dice);
        }
        AgentStore found(after.file("agent.db"));
        CHECK(list_agent_log(found, 100).value().size() == static_cast<std::size_t>(round) * 3);
        CHECK(files_beside(found.path(), ".broken-").empty());
    }
}

TEST_CASE("removes old rows in steps, once per day") {
    test::AgentFile at;
    for (const std::int64_t age : {500, 401, 399, 1}) {
        const auto begun = begin_conversation(
            at.store, {.agent_role = "ask", .client = "pi", .title = std::to_string(age), .created_ms = now - age * day});
        REQUIRE(begun);
        REQUIRE(add_message(at.store, begun.value(), {.created_ms = now - age * day, .role = "user", .content = "x"}));
    }
    REQUIRE(at.store.keep([](Connection& db) {
        return db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
            "INSERT INTO log (created_at, level, event_type, message, agent_role) "
            "SELECT " +
            std::to_string(now - 91 * day) + ", 'info', 'tool_call', '', 'mcp' FROM n");
    }) == "");
    REQUIRE(insert_event_of(at.store, now - 89 * day) == "");
    int steps = 0;
    for (; at.store.tend(now); ++steps) CHECK(at.number("SELECT count(*) FROM log") >= 2501 - (steps + 1) * retention_step);
    CHECK(steps == 3);
    CHECK(at.number("SELECT count(*) FROM log") == 1);
    CHECK(at.number("SELECT count(*) FROM conversations") == 2);
    CHECK(at.number("SELECT count(*) FROM messages") == 2);
    REQUIRE(insert_event_of(at.store, now - 95 * day) == "");
    CHECK(!at.store.tend(now + 1));
    CHECK(at.store.tend(now + day));
}

TEST_CASE("many threads and connections keep every row") {
    test::AgentFile at;
    std::vector<std::thread> threads;
    AgentStore other(at.path);
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 50; ++k) CHECK(insert_event_of(i % 2 == 0 ? at.store : other, now) == "");
        });
    for (std::thread& it : threads) it.join();
    CHECK(at.number("SELECT count(*) FROM log") == 200);
}

TEST_CASE("the boot id is the kernel's, or systemd's in a sandbox") {
    const test::TempDir directory;
    const std::string file = directory.file("boot_id"), none = directory.file("none");
    std::ofstream(file) << "f9b0c8a1-1d2e-4f3a-8b4c-5d6e7f809102\n";
    CHECK(boot_id(none).empty());
    ::setenv("VOLT_BOOT_ID", "00000000000000000000000000000001", 1);
    CHECK(boot_id(file) == "f9b0c8a11d2e4f3a8b4c5d6e7f809102");
    CHECK(boot_id(none) == "00000000000000000000000000000001");
    ::unsetenv("VOLT_BOOT_ID");
}

TEST_CASE("erased text is in neither the file nor its log") {
    test::AgentFile at;
    const std::string secret = "wandering-albatross";
    const auto begun = begin_conversation(at.store, {.agent_role = "ask", .client = "pi", .title = secret, .created_ms = now});
    REQUIRE(begun);
    REQUIRE(add_message(at.store, begun.value(), {.created_ms = now, .role = "user", .content = secret + " " + secret}));
    CHECK(remove_conversations(at.store, begun.value()).value() == 1);
    for (const char* part : {"", "-wal"}) {
        std::ifstream in(at.path + part, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), {});
        CHECK(bytes.find(secret) == std::string::npos);
    }
}

}  // namespace agent_store_test
