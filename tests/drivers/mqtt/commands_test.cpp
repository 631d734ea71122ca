#include "drivers/mqtt/commands.hpp"

#include <doctest/doctest.h>

#include "drivers/mqtt/payload.hpp"
#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

using Kind = TopicCommand::Kind;
const std::string root = "voltd/shack";

struct Fixture {
    Fixture() : commands(root, bus) { bus.come(0s); }
    void receive(const std::string& path, const std::string& payload, bool retained = false) {
        commands.receive(received(root + "/" + path, payload, 7s, retained));
    }
    MemoryBus bus;
    Commands commands;
};

}  // namespace

TEST_CASE("parses valid commands") {
    struct Row {
        const char* path;
        const char* payload;
        Kind kind;
        OverrideKind override_kind;
        std::int32_t level;
        std::optional<Duration> lasts;
    };
    const Row rows[] = {
        {"miner/a-1/set", "on", Kind::miner, OverrideKind::on, 0, 3600s},
        {"miner/a-1/set", " {\"override\":\"off\"}\n", Kind::miner, OverrideKind::off, 0, 3600s},
        {"miner/a-1/set", "auto", Kind::miner, OverrideKind::automatic, 0, {}},
        {"miner/a-1/set", R"({"override":"on","minutes":5})", Kind::miner, OverrideKind::on, 0, 300s},
        {"miner/a-1/set", R"({"override":"on"})", Kind::miner, OverrideKind::on, 0, 3600s},
        {"miner/a-1/set", R"({"override":"on","minutes":1440})", Kind::miner, OverrideKind::on, 0, 86400s},
        {"miner/a-1/set", R"({"override":"off","minutes":null})", Kind::miner, OverrideKind::off, 0, {}},
        {"miner/a-1/set", R"({"override":"auto","minutes":5})", Kind::miner, OverrideKind::automatic, 0, {}},
        {"zone/a-1/fan/set", "7", Kind::fan, OverrideKind::level, 7, 3600s},
        {"zone/a-1/fan/set", R"({"override":7,"minutes":1})", Kind::fan, OverrideKind::level, 7, 60s},
        {"zone/a-1/fan/set", R"({"override":"7"})", Kind::fan, OverrideKind::level, 7, 3600s},
        {"zone/a-1/fan/set", "on", Kind::fan, OverrideKind::on, 0, 3600s},
        {"zone/a-1/heat/set", "off", Kind::heat, OverrideKind::off, 0, 3600s},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.path));
        CAPTURE(std::string(row.payload));
        const auto parsed = parse_command(row.path, row.payload);
        REQUIRE(parsed.has_value());
        REQUIRE_MESSAGE(parsed->ok(), (parsed->ok() ? "" : parsed->failure().text));
        const TopicCommand& command = parsed->value();
        CHECK(command.kind == row.kind);
        CHECK(command.slug == "a-1");
        CHECK(command.override_kind == row.override_kind);
        CHECK(command.level == row.level);
        CHECK(command.lasts == row.lasts);
    }
    CHECK(parse_command("mode/set", "conservative")->value().mode == SiteMode::conservative);
    CHECK(parse_command("mode/set", "off")->value().kind == Kind::mode);
}

TEST_CASE("refuses invalid commands") {
    const std::pair<const char*, const char*> rows[] = {
        {"miner/a/set", "ON"},
        {"miner/a/set", "on "},
        {"miner/a/set", " off"},
        {"miner/a/set", "auto\n"},
        {"miner/a/set", R"({"override":"on "})"},
        {"zone/a/fan/set", "7 "},
        {"zone/a/fan/set", R"({"override":" 7"})"},
        {"mode/set", "off "},
        {"miner/a/set", "toggle"},
        {"miner/a/set", "7"},
        {"miner/a/set", "{"},
        {"miner/a/set", "{}"},
        {"miner/a/set", R"({"override":true})"},
        {"miner/a/set", R"({"override":"on","minutes":0})"},
        {"miner/a/set", R"({"override":"on","minutes":1441})"},
        {"miner/a/set", R"({"override":"on","minutes":1.5})"},
        {"miner/a/set", R"({"override":"on","minutes":"5"})"},
        {"miner/a/set", R"({"override":"on","minutes":null})"},
        {"miner/a/set", R"({"override":"on","hours":1})"},
        {"miner/a/set", R"({"override":"on","minutes":1e300})"},
        {"miner/a/set", R"({"override":"on","minutes":18446744073709551615})"},
        {"zone/a/heat/set", "7"},
        {"zone/a/fan/set", "-1"},
        {"zone/a/fan/set", "256"},
        {"zone/a/fan/set", "7.5"},
        {"zone/a/fan/set", "99999999999"},
        {"mode/set", "turbo"},
        {"zone/a/fan/set", R"({"override":7,"minutes":null})"},
        {"miner/a/set", "\xff\xff"},
        {"mode/set", "{}"},
    };
    for (const auto& row : rows) {
        CAPTURE(std::string(row.first));
        CAPTURE(std::string(row.second));
        const auto parsed = parse_command(row.first, row.second);
        REQUIRE(parsed.has_value());
        CHECK_FALSE(parsed->ok());
    }
    for (const char* path : {"miner/set", "miner//set", "miner/A/set", "miner/a/b/set", "zone/a/set", "x/set", "miner/a"}) {
        CAPTURE(std::string(path));
        CHECK_FALSE(parse_command(path, "on").has_value());
    }
}

TEST_CASE("passes on a command once and answers it") {
    Fixture f;
    CHECK(f.bus.filters.size() == 4);
    f.receive("miner/a/set", "on");
    const auto commands = f.commands.take();
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].at == 7s);
    CHECK(f.commands.take().empty());
    CHECK(f.bus.sent.empty());
    f.commands.answer(commands[0]);
    f.commands.answer(commands[0], "there is no such miner \xff");
    REQUIRE(f.bus.sent.size() == 2);
    CHECK(f.bus.sent[0].topic == "voltd/shack/miner/a/result");
    CHECK(f.bus.sent[0].payload == R"({"ok":true})");
    CHECK_FALSE(f.bus.sent[0].as.retained);
    CHECK(f.bus.sent[1].payload.starts_with(R"({"error":"there is no such miner)"));
    CHECK(f.bus.sent[1].payload.find(R"("ok":false)") != std::string::npos);
}

TEST_CASE("answers an invalid command at once") {
    Fixture f;
    f.receive("miner/a/set", "ON");
    f.receive("miner/A/set", "on");
    f.receive("miner/a/set", std::string(2000, 'x'));
    CHECK(f.commands.take().empty());
    REQUIRE(f.bus.sent.size() == 3);
    for (const auto& sent : f.bus.sent) CHECK(sent.payload.find(R"("ok":false)") != std::string::npos);
}

TEST_CASE("refuses, reports and clears a retained command") {
    Fixture f;
    f.receive("miner/a/set", "on", true);
    CHECK(f.commands.take().empty());
    CHECK(f.commands.take_retained() == std::vector<std::string>{"voltd/shack/miner/a/set"});
    CHECK(f.commands.take_retained().empty());
    REQUIRE(f.bus.sent.size() == 2);
    CHECK(f.bus.sent[0].topic == "voltd/shack/miner/a/set");
    CHECK(f.bus.sent[0].payload.empty());
    CHECK(f.bus.sent[0].as.retained);
    CHECK(f.bus.sent[1].payload.find(R"("ok":false)") != std::string::npos);
    f.bus.sent.clear();
    f.receive("miner/a/set", "");  // our own clearing
    CHECK(f.bus.sent.empty());
}

TEST_CASE("keeps the last command of a flooded topic, within bounds") {
    Fixture f;
    for (int i = 0; i < 1000; ++i) f.receive("miner/a/set", i % 2 == 0 ? "on" : "off");
    auto commands = f.commands.take();
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].override_kind == OverrideKind::off);
    for (int i = 0; i < 1000; ++i) f.receive("miner/m" + std::to_string(i) + "/set", "on");
    CHECK(f.commands.take().size() == Commands::most_waiting);
    f.commands.receive(received("room/a/set", "on", 1s));
    CHECK(f.commands.take().empty());
}

TEST_CASE("refuses old and future commands by a trusted clock") {
    Fixture site;
    const Utc given = *utc_of("2025-06-21T19:00:00Z");
    const char* const recorded[][2] = {{"miner/a-1/set", R"({"override":"on","minutes":60,"at":"2025-06-21T19:00:00Z"})"},
                                       {"mode/set", R"({"mode":"aggressive","at":"2025-06-21T19:00:00Z"})"}};
    for (const auto& message : recorded) {
        CAPTURE(std::string(message[0]));
        site.receive(message[0], message[1]);
        CHECK(site.commands.take(given + 30s).size() == 1);
        site.receive(message[0], message[1]);
        CHECK(site.commands.take(given + 31s).empty());
        CHECK(site.bus.sent.back().payload.find("31 s old") != std::string::npos);
        site.receive(message[0], message[1]);
        CHECK(site.commands.take(given - 30s).size() == 1);  // the sender's clock may be a little ahead
        site.receive(message[0], message[1]);
        CHECK(site.commands.take(given - 31s).empty());
        CHECK(site.bus.sent.back().payload.find("31 s in the future") != std::string::npos);
        site.receive(message[0], message[1]);
        CHECK(site.commands.take().size() == 1);  // its age is unknown without a trusted clock
    }
    site.receive("mode/set", R"({"mode":"balanced","at":"yesterday"})");
    site.receive("mode/set", R"({"mode":"balanced","when":1})");
    CHECK(site.commands.take(given).empty());
}

TEST_CASE("names the state of a refused command once") {
    Fixture f;
    f.receive("miner/a/set", "TOGGLE");
    f.receive("miner/a/set", std::string(1024 + 1, 'x'));
    f.receive("zone/b/fan/set", "on", true);
    f.receive("mode/set", "BALANCED");
    f.receive("miner/c/set", "on");
    CHECK(f.commands.take_refused() == std::vector<std::string>{"miner/a", "zone/b", "site"});
    CHECK(f.commands.take_refused().empty());
    const auto waiting = f.commands.take();
    REQUIRE(waiting.size() == 1);
    f.commands.answer(waiting[0], "unknown miner");
    CHECK(f.commands.take_refused() == std::vector<std::string>{"miner/c"});
}

TEST_CASE("accepts off from a sender whose clock is ahead") {
    Fixture site;
    const Utc given = *utc_of("2025-06-21T19:00:00Z");
    const char* const stops[][2] = {{"miner/a-1/set", R"({"override":"off","minutes":60,"at":"2025-06-21T19:00:00Z"})"},
                                    {"zone/a/fan/set", R"({"override":"off","at":"2025-06-21T19:00:00Z"})"},
                                    {"mode/set", R"({"mode":"off","at":"2025-06-21T19:00:00Z"})"}};
    for (const auto& message : stops) {
        CAPTURE(std::string(message[0]));
        site.receive(message[0], message[1]);
        CHECK(site.commands.take(given - 24h).size() == 1);
        CHECK(site.bus.sent.empty());
    }
    site.receive(stops[0][0], stops[0][1]);
    CHECK(site.commands.take(given + 31s).empty());
    for (const char* word : {"on", "auto"}) {
        site.receive("miner/a-1/set", std::string(R"({"override":")") + word + R"(","at":"2025-06-21T19:00:00Z"})");
        CHECK(site.commands.take(given - 31s).empty());
    }
}
