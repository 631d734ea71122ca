#include "daemon/agent/proposals/approval.hpp"

#include <doctest/doctest.h>

#include "drivers/store/agent/agent_limits.hpp"
#include "tests/daemon/agent/proposals/proposed.hpp"
#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;
using namespace volt::agent;

namespace approval_test {

namespace {

/// Changes a field of the dump load like the owner, in this process.
void owner_sets(agent::testing::Proposed& at, const Json& fields) {
    const auto reply = at.socket()("pi", {.method = "PUT", .path = "/api/miners/dump-load-s19-1", .body = fields.dump()});
    REQUIRE_MESSAGE(reply.ok(), reply.error);
}

/// Edits agent.db like another program.
void edit_row(agent::testing::Proposed& at, const std::vector<std::pair<std::string, std::string>>& columns) {
    Connection db = std::move(Connection::open(at.store.path(), OpenMode::read_write).value());
    for (const auto& [column, value] : columns)
        REQUIRE(db.prepare("UPDATE proposals SET " + column + " = ?1 WHERE state = 'waiting'").bind(1, value).run().ok());
}

AgentMoment in_minutes(int minutes) {
    AgentMoment now = agent_now();
    now.wall_ms += minutes * 60'000;
    now.up_ms += minutes * 60'000;
    return now;
}

/// voltd that would switch one output, and counts what it was really asked to do.
struct SwitchingVoltd {
    std::string order = "none";
    int made = 0;
    SendAs send() {
        return [this](const std::string&, const api::HttpRequest& request) {
            if (request.method == "POST" && !request.query.contains("dry_run")) ++made;
            if (request.path == "/api/settings/history") return ctl::reply_of(200, "[]");
            if (request.path == "/api/status") return ctl::reply_of(200, R"({"site":{"mode":"balanced"}})");
            const Json orders = Json::array({Json{{"output", "s19"}, {"order", order}, {"text", "As it is now."}}});
            return ctl::reply_of(200, Json{{"would", orders}, {"override", "auto"}, {"voltage_at_100_percent", 56.0}}.dump());
        };
    }
    /// Returns the code of a proposal of this change, made like its tool.
    std::string proposed(AgentStore& store, const std::string& tool, const WantedChange& wanted) {
        const Trial trial =
            try_proposal([&](const api::HttpRequest& request) { return send()("pi", request); }, tool, wanted, {});
        REQUIRE(trial.error == "");
        const auto stored = store_proposal(store,
                                           {.client = "claude",
                                            .transport = "stdio",
                                            .login = "pi",
                                            .tool = tool,
                                            .why = "x",
                                            .method = wanted.method,
                                            .path = wanted.path,
                                            .body = wanted.body.dump(),
                                            .diff = trial.diff.dump(),
                                            .would = trial.would.dump()},
                                           agent_now());
        REQUIRE(stored.ok());
        return waiting_proposals(store, agent_now()).value().front().code;
    }
};

}  // namespace

TEST_CASE("applies an approved proposal once with its authors") {
    agent::testing::Proposed at;
    const std::int64_t before = at.revision();
    const ToolOutcome proposed = at.change({{"start_voltage", 54.8}});
    REQUIRE(proposed.error == "");
    CHECK(at.revision() == before);
    const std::string code = at.newest_code(), id = proposed.answer.at("proposal");
    CHECK(proposed.answer.dump().find(code) == std::string::npos);
    const Reviewed reviewed = review(at.store, at.socket(), "pi", code, agent_now());
    CHECK(reviewed.refusal == "");
    REQUIRE(reviewed.proposal);
    CHECK(at.revision() == before);
    const Applied applied = apply(at.store, at.socket(), "pi", reviewed, agent_now());
    CHECK(applied.error == "");
    CHECK(at.revision() == before + 1);
    CHECK(at.text("SELECT who FROM settings_history ORDER BY id DESC LIMIT 1").find("pi for agent:claude") != std::string::npos);
    CHECK(applied.change == at.number("SELECT max(change) FROM settings_history"));
    const Json shown = at.call("get_proposal", {{"proposal", id}}).answer;
    CHECK(shown["state"] == "applied");
    CHECK(shown["decided_by"] == "pi");
    CHECK(shown["change"] == *applied.change);
    CHECK(apply(at.store, at.socket(), "pi", reviewed, agent_now()).error ==
          "this proposal is no longer waiting: it was decided, or it expired");
    CHECK(review(at.store, at.socket(), "pi", code, agent_now()).refusal == "no waiting proposal has this code");
    CHECK(at.revision() == before + 1);
}

TEST_CASE("refuses and shows again a row changed since") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const std::string code = at.newest_code();
    owner_sets(at, {{"start_voltage", 54.3}});
    const std::int64_t before = at.revision();
    const Reviewed moved = review(at.store, at.socket(), "pi", code, agent_now());
    CHECK(moved.refusal.find("the site changed since") != std::string::npos);
    REQUIRE(moved.proposal);
    CHECK(moved.proposal->diff.find("54.3") != std::string::npos);
    CHECK(at.revision() == before);
    const Reviewed again = review(at.store, at.socket(), "pi", code, agent_now());
    CHECK(again.refusal == "");
    owner_sets(at, {{"start_voltage", 54.1}});
    const std::int64_t owners = at.revision();
    const Applied applied = apply(at.store, at.socket(), "pi", again, agent_now());
    CHECK(applied.error.starts_with("the site changed while this was shown"));
    REQUIRE(applied.moved);
    CHECK(applied.moved->diff.find("54.1") != std::string::npos);
    CHECK(at.revision() == owners);
    CHECK(find_proposal(at.store, again.proposal->id, agent_now()).value()->state == "waiting");
    CHECK(review(at.store, at.socket(), "pi", code, agent_now()).refusal == "");
}

TEST_CASE("shows again after a change just before the request") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const Reviewed reviewed = review(at.store, at.socket(), "pi", at.newest_code(), agent_now());
    const SendAs just_before = [&](const std::string& who, const api::HttpRequest& request) {
        if (request.method == "PUT" && !request.query.contains("dry_run")) owner_sets(at, {{"start_voltage", 54.3}});
        return at.socket()(who, request);
    };
    const Applied applied = apply(at.store, just_before, "pi", reviewed, agent_now());
    REQUIRE_MESSAGE(applied.moved, applied.error);
    CHECK(applied.moved->diff.find("54.3") != std::string::npos);
    CHECK(at.newest_code() == reviewed.code);
}

TEST_CASE("tries again after the yes and asks once more") {
    const std::pair<std::string, WantedChange> changes[] = {
        {"set_mode", {"POST", mode_path, {{"mode", "off"}}}},
        {"override_load", {"POST", std::string(override_folder) + "s19", {{"override", "off"}, {"minutes", 5}}}}};
    for (const auto& [tool, wanted] : changes) {
        SwitchingVoltd voltd;
        test::AgentFile at;
        const std::string code = voltd.proposed(at.store, tool, wanted);
        int asked = 0;
        std::string last;
        // Moves the orders to the next ones while each question is read.
        const auto yes_while = [&](const std::vector<const char*>& moves) {
            asked = 0;
            const Reviewed reviewed = review(at.store, voltd.send(), "pi", code, agent_now());
            CHECK(reviewed.refusal == "");
            return ask_and_apply(at.store, voltd.send(), "pi", reviewed, [&](const Reviewed& shown) {
                last = shown.refusal + shown.proposal->would;
                const auto number = static_cast<std::size_t>(asked++);
                if (number < moves.size()) voltd.order = moves[number];
                return true;
            });
        };
        const Applied moved = yes_while({"on", "low"});
        CHECK(moved.error.starts_with("the site changed while this was shown"));
        CHECK(moved.error.ends_with("give the command again"));
        REQUIRE(moved.moved);
        CHECK(moved.moved->would.find("low") != std::string::npos);
        CHECK(asked == 2);
        CHECK(voltd.made == 0);
        const Applied done = yes_while({"off"});
        CHECK(done.error == "");
        CHECK(asked == 2);
        CHECK(voltd.made == 1);
        CHECK(last.starts_with("the site changed while this was shown"));
        CHECK(last.find("off") != std::string::npos);
    }
}

TEST_CASE("changes nothing after a no or without voltd") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const Reviewed reviewed = review(at.store, at.socket(), "pi", at.newest_code(), agent_now());
    const std::int64_t before = at.revision();
    const Applied no = ask_and_apply(at.store, at.socket(), "pi", reviewed, [](const Reviewed&) { return false; });
    CHECK(no.error == "nothing was done; the proposal stays open until it expires");
    const SendAs nowhere = [](const std::string&, const api::HttpRequest&) { return ctl::ApiReply{}; };
    CHECK(apply(at.store, nowhere, "pi", reviewed, agent_now()).error.starts_with("cannot reach voltd"));
    CHECK(at.newest_code() == reviewed.code);
    CHECK(at.revision() == before);
}

TEST_CASE("refuses a proposal that would now switch other outputs") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    at.would = Json::array({Json{{"output", "dump-load-s19"}, {"order", "off"}, {"text", "Off."}}});
    const Reviewed moved = review(at.store, at.socket(), "pi", at.newest_code(), agent_now());
    CHECK(moved.refusal.find("the site changed since") != std::string::npos);
    CHECK(moved.proposal->would.find("dump-load-s19") != std::string::npos);
    CHECK(review(at.store, at.socket(), "pi", at.newest_code(), agent_now()).refusal == "");
}

TEST_CASE("refuses a change that has become too large") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 55.0}}).error == "");
    owner_sets(at, {{"start_voltage", 52.5}, {"stop_voltage", 51.5}});
    CHECK(review(at.store, at.socket(), "pi", at.newest_code(), agent_now())
              .refusal.starts_with("start_voltage: a tool may change"));
}

TEST_CASE("checks an edited row without asking voltd") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const std::string code = at.newest_code(), load = "/api/overrides/dump-load-s19-1";
    const std::string miner = waiting_proposals(at.store, agent_now()).value().front().proposal.path;
    struct Edited {
        std::string tool, method, path, body, refusal;
    };
    const Edited rows[] = {
        {"change_settings", "PUT", miner, R"({"emergency_stop_voltage":40})",
         "emergency_stop_voltage: a tool never changes this"},
        {"change_settings", "PUT", miner, "[]", "change_settings sends an object"},
        {"change_settings", "PUT", "/api/sessions/key", R"({"name":"x"})", "no proposal of this tool goes to /api/sessions/key"},
        {"change_settings", "PUT", miner + "?dry_run=0", R"({"start_voltage":54.8})", "no proposal of this tool goes to"},
        {"change_settings", "POST", miner, R"({"start_voltage":54.8})", "change_settings never sends POST"},
        {"override_load", "POST", load, R"({"override":"on"})", "minutes is missing"},
        {"override_load", "POST", load, R"({"override":"on","minutes":121})", "minutes must be 1 to 120"},
        {"override_load", "POST", load, R"({"override":"off","minutes":null})", "minutes must be 1 to 120"},
        {"override_load", "POST", "/api/outputs/dump-load-s19/prove", R"({"override":"auto"})",
         "no proposal of this tool goes to"},
        {"set_mode", "PUT", miner, R"({"start_voltage":54.8})", "set_mode never sends PUT"},
        {"undo_change", "POST", "/api/settings/restore", R"({"to":1})", "give the number"},
        {"approve", "POST", "/api/mode", R"({"mode":"off"})", "there is no tool 'approve'"}};
    int asked = 0;
    const SendAs counted = [&](const std::string& who, const api::HttpRequest& request) {
        ++asked;
        return at.socket()(who, request);
    };
    const std::int64_t before = at.revision();
    for (const Edited& it : rows) {
        edit_row(at, {{"tool", it.tool}, {"method", it.method}, {"path", it.path}, {"body", it.body}});
        const std::string refusal = review(at.store, counted, "pi", code, agent_now()).refusal;
        CHECK_MESSAGE(refusal.starts_with(it.refusal), refusal);
    }
    CHECK(asked == 0);
    CHECK(at.revision() == before);
}

TEST_CASE("shows and sends edited values as they were tried") {
    agent::testing::Proposed at;
    at.would = Json::array({Json{{"output", "dump-load-s19"}, {"order", "off"}, {"text", "Off."}}});
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const std::string code = at.newest_code();
    edit_row(at, {{"would", R"([{"output":"dump-load-s19","order":"off","text":"Nothing happens."}])"}});
    const Reviewed shown = review(at.store, at.socket(), "pi", code, agent_now());
    CHECK(shown.refusal == "");
    CHECK(Json::parse(shown.proposal->would)[0]["text"] == "Off.");
    edit_row(at, {{"body", R"({"start_voltage":54.8,"start_voltage":54.9})"}});
    CHECK(review(at.store, at.socket(), "pi", code, agent_now()).refusal.find("the site changed since") != std::string::npos);
    const Reviewed again = review(at.store, at.socket(), "pi", code, agent_now());
    REQUIRE(again.refusal == "");
    CHECK(again.proposal->diff.find("54.9") != std::string::npos);
    CHECK(again.proposal->body == R"({"start_voltage":54.9})");
    edit_row(at, {{"body", R"({"start_voltage":54.1})"}});
    CHECK(apply(at.store, at.socket(), "pi", again, agent_now()).error == "");
    CHECK(at.number("SELECT start_voltage = 54.9 FROM miner_profiles WHERE slug = 'dump-load-s19-1'") == 1);
}

TEST_CASE("expires code and question after eleven minutes") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const std::string code = at.newest_code();
    const Reviewed reviewed = review(at.store, at.socket(), "pi", code, in_minutes(9));
    CHECK(reviewed.refusal == "");
    const std::int64_t before = at.revision();
    CHECK(apply(at.store, at.socket(), "pi", reviewed, in_minutes(11)).error.find("expired") != std::string::npos);
    CHECK(review(at.store, at.socket(), "pi", code, in_minutes(11)).refusal == "no waiting proposal has this code");
    CHECK(at.revision() == before);
}

TEST_CASE("rejects for good and cancels after wrong codes") {
    agent::testing::Proposed at;
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    CHECK(reject(at.store, "pi", at.newest_code(), agent_now()) == "");
    CHECK(list_proposals(at.store, 1, agent_now()).value().front().state == "rejected");
    REQUIRE(at.change({{"start_voltage", 54.7}}).error == "");
    const SendAs nowhere = [](const std::string&, const api::HttpRequest&) { return ctl::ApiReply{}; };
    CHECK(review(at.store, nowhere, "pi", at.newest_code(), agent_now()).refusal.starts_with("cannot reach voltd"));
    for (int i = 0; i < 4; ++i) CHECK(reject(at.store, "pi", "AAAAAAAA", agent_now()) == "no waiting proposal has this code");
    CHECK(reject(at.store, "pi", "AAAAAAAA", agent_now()).find("too many wrong codes") != std::string::npos);
    CHECK(waiting_proposals(at.store, agent_now()).value().empty());
}

TEST_CASE("applies at most twelve a day") {
    agent::testing::Proposed at;
    const Reviewed none{.proposal = Proposal{.id = "none", .client = "c"}};
    for (int i = 0; i <= apply_limit.most; ++i)
        CHECK(apply(at.store, at.socket(), "pi", none, agent_now()).error.find("no longer waiting") != std::string::npos);
    REQUIRE(at.change({{"start_voltage", 54.7}}).error == "");
    const Reviewed shown = review(at.store, at.socket(), "pi", at.newest_code(), agent_now());
    REQUIRE(shown.refusal == "");
    for (int i = 0; i < apply_limit.most; ++i) take_limit(at.store, apply_limit, "", agent_now().wall_ms);
    CHECK(apply(at.store, at.socket(), "pi", shown, agent_now()).error.starts_with("the limit is 12 applied proposals a day"));
    CHECK(waiting_proposals(at.store, agent_now()).value().size() == 1);
}

TEST_CASE("fits the person's name into the header") {
    CHECK(who_decides("pi", {.client = "claude"}) == "pi for agent:claude");
    CHECK(who_decides("root for pi", {.client = std::string(200, 'x')}).size() <= 64);
    CHECK(who_decides("pi", {.client = "a\r\nX-Volt-Who: root"}) == "pi for agent:a??X-Volt-Who: root");
}

}  // namespace approval_test
