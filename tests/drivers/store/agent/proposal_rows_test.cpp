#include "drivers/store/agent/proposal_rows.hpp"

#include <thread>

#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;

namespace proposal_rows_test {

namespace {

const AgentMoment start{1'700'000'000'000, 5'000'000, "boot-1"};

AgentMoment later(std::int64_t wall_ms, std::int64_t up_ms, const std::string& boot = "boot-1") {
    return {start.wall_ms + wall_ms, start.up_ms + up_ms, boot};
}

Proposal wanted() {
    return {.client = "claude",
            .transport = "stdio",
            .login = "pi",
            .tool = "set_mode",
            .why = "guests",
            .method = "POST",
            .path = "/api/mode",
            .body = R"({"mode":"off"})",
            .diff = R"({"mode":["balanced","off"]})",
            .would = "[]",
            .newest_change = 7};
}

std::string stored(AgentStore& store, const AgentMoment& now = start) {
    const auto made = store_proposal(store, wanted(), now);
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.failure().text));
    REQUIRE(made.value().refused == "");
    return made.value().id;
}

std::string state(AgentStore& store, const std::string& id, const AgentMoment& now = start) {
    const auto found = find_proposal(store, id, now).value();
    return found ? found->state : "none";
}

}  // namespace

TEST_CASE("a proposal waits with its code until it is decided") {
    test::AgentFile at;
    CHECK(waiting_proposals(at.store, start).value().empty());
    CHECK(!find_proposal(at.store, "x", start).value());
    const std::string id = stored(at.store), second = stored(at.store);
    const auto waiting = waiting_proposals(at.store, start).value();
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].code != waiting[1].code);
    CHECK(waiting[0].code.size() == code_length);
    CHECK(waiting[0].proposal.id == second);
    CHECK(waiting[1].proposal.body == wanted().body);
    CHECK(waiting[1].proposal.newest_change == 7);
    const auto found = find_by_code(at.store, waiting[1].code, start).value();
    REQUIRE(found.proposal);
    CHECK(found.proposal->id == id);
    CHECK(claim_proposal(at.store, id, "applying", "pi", start).value());
    CHECK(!claim_proposal(at.store, id, "applying", "pi", start).value());
    CHECK(!claim_proposal(at.store, id, "rejected", "pi", start).value());
    CHECK(!find_by_code(at.store, waiting[1].code, start).value().proposal);
    CHECK(close_proposal(at.store, id, true, "{}", 8) == "");
    CHECK(close_proposal(at.store, id, false, "again", {}) == "");
    const Proposal done = *find_proposal(at.store, id, start).value();
    CHECK(done.state == "applied");
    CHECK(done.decided_by == "pi");
    CHECK(done.change == 8);
    CHECK(done.answer == "{}");
    CHECK(at.number("SELECT count(*) FROM proposals WHERE code IS NOT NULL") == 1);
    CHECK(claim_proposal(at.store, second, "rejected", "pi", start).value());
    CHECK(list_proposals(at.store, 10, start).value().size() == 2);
}

TEST_CASE("expires after ten minutes, or with another boot") {
    constexpr std::int64_t minute = 60'000;
    const std::pair<AgentMoment, std::string> moments[] = {{later(9 * minute, 9 * minute), "waiting"},
                                                           {later(10 * minute, 10 * minute), "expired"},
                                                           {later(-600 * minute, 9 * minute), "waiting"},
                                                           {later(-600 * minute, 11 * minute), "expired"},
                                                           {later(11 * minute, 1), "expired"},
                                                           {later(1 * minute, -4'000'000, "boot-2"), "expired"}};
    for (const auto& [moment, expected] : moments) {
        test::AgentFile at;
        const std::string id = stored(at.store), code = waiting_proposals(at.store, start).value().front().code;
        CHECK(state(at.store, id, moment) == expected);
        CHECK(find_by_code(at.store, code, moment).value().proposal.has_value() == (expected == "waiting"));
        CHECK(claim_proposal(at.store, id, "applying", "pi", moment).value() == (expected == "waiting"));
    }
}

TEST_CASE("clocks decide if a sandbox hides the boot") {
    constexpr std::int64_t minute = 60'000;
    for (const auto& [made_in, read_in] : {std::pair<std::string, std::string>{"", "boot-1"}, {"boot-1", ""}, {"", ""}}) {
        const std::pair<AgentMoment, std::string> moments[] = {{later(9 * minute, 9 * minute, read_in), "waiting"},
                                                               {later(0, -5'000, read_in), "waiting"},
                                                               {later(10 * minute, 9 * minute, read_in), "expired"},
                                                               {later(-60 * minute, 10 * minute, read_in), "expired"},
                                                               {later(1 * minute, -4'000'000, read_in), "expired"}};
        for (const auto& [moment, expected] : moments) {
            test::AgentFile at;
            AgentMoment made = start;
            made.boot = made_in;
            const std::string id = stored(at.store, made);
            CHECK(state(at.store, id, moment) == expected);
        }
    }
}

TEST_CASE("at most three wait, and a decided one makes room") {
    test::AgentFile at;
    const std::string first = stored(at.store);
    stored(at.store);
    stored(at.store);
    const auto fourth = store_proposal(at.store, wanted(), start);
    REQUIRE(fourth);
    CHECK(fourth.value().refused == "3 proposals wait already; the owner decides on one first: voltctl proposals");
    CHECK(at.number("SELECT count(*) FROM proposals") == 3);
    CHECK(claim_proposal(at.store, first, "rejected", "pi", start).value());
    stored(at.store);
    stored(at.store, later(proposal_life_ms, proposal_life_ms));
}

TEST_CASE("five wrong codes end pending proposals") {
    test::AgentFile at;
    const std::string id = stored(at.store), code = waiting_proposals(at.store, start).value().front().code;
    for (int i = 0; i < 4; ++i) CHECK(find_by_code(at.store, "AAAAAAAA", start).value().ended == 0);
    CHECK(find_by_code(at.store, code, start).value().proposal.has_value());
    CHECK(find_by_code(at.store, "", start).value().ended == 1);
    CHECK(state(at.store, id) == "ended");
    CHECK(!find_by_code(at.store, code, start).value().proposal);
}

TEST_CASE("only one of several callers claims a proposal") {
    test::AgentFile at;
    const std::string id = stored(at.store);
    AgentStore other(at.path);
    std::atomic<int> taken = 0;
    std::vector<std::thread> threads;
    for (AgentStore* store : {&at.store, &other, &at.store, &other})
        threads.emplace_back([&, store] {
            const auto claimed = claim_proposal(*store, id, "applying", "pi", start);
            if (claimed && claimed.value()) ++taken;
        });
    for (std::thread& it : threads) it.join();
    CHECK(taken == 1);
}

TEST_CASE("an applied proposal can be reopened, a decided one cannot") {
    test::AgentFile at;
    const std::string id = stored(at.store), code = waiting_proposals(at.store, start).value().front().code;
    Proposal moved = *find_proposal(at.store, id, start).value();
    moved.newest_change = 12;
    CHECK(reopen_proposal(at.store, moved, "AAAAAAAA") == "");
    CHECK(find_by_code(at.store, code, start).value().proposal->newest_change == 7);
    CHECK(claim_proposal(at.store, id, "applying", "pi", start).value());
    CHECK(reopen_proposal(at.store, moved, code) == "");
    const auto again = find_by_code(at.store, code, start).value().proposal;
    REQUIRE(again);
    CHECK(again->newest_change == 12);
    CHECK(again->decided_by == "");
    CHECK(!again->decided_ms);
    CHECK(claim_proposal(at.store, id, "applying", "pi", start).value());
    CHECK(close_proposal(at.store, id, true, "{}", 8) == "");
    CHECK(reopen_proposal(at.store, moved, code) == "");
    CHECK(state(at.store, id) == "applied");
}

TEST_CASE("approves the renewed trial") {
    test::AgentFile at;
    const std::string id = stored(at.store);
    Proposal moved = *find_proposal(at.store, id, start).value();
    moved.newest_change = 12;
    moved.would = R"([{"output":"x","order":"off"}])";
    CHECK(renew_trial(at.store, moved) == "");
    CHECK(find_proposal(at.store, id, start).value()->newest_change == 12);
    CHECK(find_proposal(at.store, id, start).value()->would == moved.would);
}

}  // namespace proposal_rows_test
