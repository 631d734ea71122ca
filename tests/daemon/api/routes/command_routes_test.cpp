// Tests of simultaneous orders: a client whose order lost learns it at once, not that the loop is late.
#include "daemon/api/routes/command_routes.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "tests/daemon/site_fixture.hpp"

using namespace volt;
using nlohmann::json;

namespace {

/// Loop that the test turns. The last of all orders between two turns wins.
struct HandLoop : LoopContext {
    const SiteView* view() const override { return seen ? &*seen : nullptr; }
    std::uint64_t turns() const override { return done; }
    bool stored() const override { return true; }
    bool request_override(const NamedOverride& named) override {
        askers.push_back(named.who);
        OverrideRequest request;
        if (!resolve(named, site.policy, request)) waiting.push_back(request);
        return true;
    }
    void set_mode(SiteMode mode, const std::string& who) override {
        askers.push_back(who);
        site.policy.preferences.mode = mode;
        seen.reset();
    }
    bool ask(std::size_t) override { return false; }
    OutputReport report(std::size_t) const override { return {}; }
    DecisionInputs decision_inputs() const override { return {}; }
    std::string prove_charge() override { return no_proof; }
    std::string accept_temperature(const std::string&) override { return no_leap; }
    std::string prove_lease(const std::string& output, std::optional<Duration> lease) override {
        proof_of = output;
        proof_lease = lease;
        return no_proof;
    }
    std::string announce() override { return announce_refusal; }
    std::string end_safe_mode() override { return "no"; }

    void turn() {
        site.snapshot.requests = std::exchange(waiting, {});
        seen.emplace(site.view());
        ++done;
    }

    fixture::Site site;
    std::vector<OverrideRequest> waiting;
    std::optional<SiteView> seen;
    std::uint64_t done = 0;
    std::string no_proof, no_leap, proof_of, announce_refusal;
    std::optional<Duration> proof_lease;
    std::vector<std::string> askers;
};

struct Answer {
    int status = 0;
    json body;
};

/// Routes with a loop that is stopped until the test continues it.
struct CommandLoop {
    CommandLoop() {
        requests.on_posted([this] { ++posted; });
        boards.close();  // no one makes pages here
        router.add(api::command_routes(requests, boards, stored));
        loop.turn();
    }

    std::future<Answer> post(const std::string& path, const std::string& body) {
        const int before = posted;
        auto answer = std::async(std::launch::async, [this, path, body] {
            const api::HttpAnswer made =
                router.answer({.method = "POST", .path = path, .body = body, .caller = {api::Role::owner, false, "owner"}});
            return Answer{made.status, json::parse(made.body)};
        });
        while (posted == before && !is_there(answer)) std::this_thread::sleep_for(1ms);
        return answer;
    }

    static bool is_there(const std::future<Answer>& answer) { return answer.wait_for(0s) == std::future_status::ready; }

    /// Runs both at one wake, then a turn. Then the loop runs until all are answered.
    std::pair<Answer, Answer> together(std::future<Answer> one, std::future<Answer> two) {
        requests.serve(loop);
        loop.turn();
        for (; !is_there(one) || !is_there(two); std::this_thread::sleep_for(1ms)) requests.serve(loop);
        return {one.get(), two.get()};
    }

    void show(std::uint64_t turn) {
        StatusSnapshot page;
        Explanations why;
        page.turn = why.turn = turn;
        boards.explanations.post(std::make_shared<const Explanations>(why));
        boards.status.post(std::make_shared<const StatusSnapshot>(page));
    }

    /// Makes readers wait for pages from now on. There is one of the last turn.
    void make_pages(std::atomic<bool>& wanted) {
        boards.on_wanted([&wanted] { wanted = true; });
        boards.open();
        show(loop.done);
    }

    LoopRequests requests;
    Boards boards;
    ModeStored stored;  ///< none: there is no database
    HandLoop loop;
    api::Router router;
    std::atomic<int> posted = 0;
};

const std::string s21 = "/api/overrides/primary-s21-revenue";

}  // namespace

TEST_CASE("applies the last of two modes and informs the other") {
    CommandLoop commands;
    auto aggressive = commands.post("/api/mode", R"({"mode":"aggressive"})");
    auto conservative = commands.post("/api/mode", R"({"mode":"conservative"})");
    const auto [first, last] = commands.together(std::move(aggressive), std::move(conservative));
    CHECK(last.status == 200);
    CHECK(last.body == json::parse(R"({"ok":true,"mode":"conservative"})"));
    CHECK(first.status == 409);
    CHECK(first.body.value("error", "") == "another mode was set in the meantime: conservative");
}

TEST_CASE("warns about an unstored mode unless it was replaced") {
    CommandLoop commands;
    std::atomic<bool> asked = false, go_on = false;
    commands.stored = [&](SiteMode) -> std::optional<bool> {
        asked = true;
        while (!go_on) std::this_thread::sleep_for(1ms);
        return std::nullopt;
    };
    auto answer = commands.post("/api/mode", R"({"mode":"aggressive"})");
    commands.requests.serve(commands.loop);
    commands.loop.turn();
    for (; !asked; std::this_thread::sleep_for(1ms)) commands.requests.serve(commands.loop);
    const auto told = [&] {
        go_on = true;
        for (; !CommandLoop::is_there(answer); std::this_thread::sleep_for(1ms)) commands.requests.serve(commands.loop);
        return answer.get();
    };
    SUBCASE("disk is full") {
        const Answer full = told();
        CHECK(full.status == 200);
        CHECK(full.body["stored"] == false);
        CHECK(full.body.contains("warning"));
    }
    SUBCASE("another order came") {
        commands.loop.set_mode(SiteMode::off, "MQTT (mode/set)");
        commands.loop.turn();
        const Answer other = told();
        CHECK(other.status == 409);
        CHECK(other.body == json::parse(R"({"error":"another mode was set in the meantime: off"})"));
    }
}

TEST_CASE("accepts two requests for the same mode") {
    CommandLoop commands;
    auto one = commands.post("/api/mode", R"({"mode":"off"})");
    auto other = commands.post("/api/mode", R"({"mode":"off"})");
    const auto [first, last] = commands.together(std::move(one), std::move(other));
    CHECK(first.status == 200);
    CHECK(last.status == 200);
}

TEST_CASE("passes the author of an override and mode") {
    CommandLoop commands;
    auto mode = commands.post("/api/mode", R"({"mode":"off"})");
    auto load = commands.post(s21, R"({"override":"off","minutes":60})");
    commands.together(std::move(mode), std::move(load));
    CHECK(commands.loop.askers == std::vector<std::string>{"owner", "owner"});
}

TEST_CASE("answers about a mode only after a turn") {
    CommandLoop commands;
    auto answer = commands.post("/api/mode", R"({"mode":"off"})");
    for (int i = 0; i < 3; ++i) commands.requests.serve(commands.loop);
    CHECK_FALSE(CommandLoop::is_there(answer));
    SUBCASE("loop ends") {
        commands.requests.close();
        const Answer told = answer.get();
        CHECK(told.status == 503);
        CHECK(told.body.value("error", "") ==
              "the mode was accepted, but the control loop has not answered yet; check with `voltctl mode`");
    }
    SUBCASE("turn completed") {
        commands.loop.turn();
        commands.requests.serve(commands.loop);
        CHECK(answer.get().status == 200);
    }
}

TEST_CASE("changes nothing for a mode the loop never took") {
    CommandLoop commands;
    auto answer = commands.post("/api/mode", R"({"mode":"off"})");
    commands.requests.close();
    const Answer told = answer.get();
    CHECK(told.status == 503);
    CHECK(told.body.value("error", "") == "the control loop did not answer in time; nothing was changed");
    CHECK(commands.loop.site.policy.preferences.mode != SiteMode::off);
}

TEST_CASE("applies the last override per load and informs the other") {
    CommandLoop commands;
    auto on = commands.post(s21, R"({"override":"on"})");
    auto off = commands.post(s21, R"({"override":"off"})");
    const auto [first, last] = commands.together(std::move(on), std::move(off));
    CHECK(last.status == 200);
    CHECK(last.body["override"] == "off");
    CHECK(first.status == 409);
    CHECK(first.body.value("error", "") == "another override of primary-s21-revenue was set in the meantime: off");
}

TEST_CASE("reports a level replaced by another, including its end") {
    CommandLoop commands;
    auto five = commands.post("/api/overrides/heat-room/fan", R"({"override":5})");
    auto seven = commands.post("/api/overrides/heat-room/fan", R"({"override":7})");
    const Answer fan = commands.together(std::move(five), std::move(seven)).first;
    CHECK(fan.body.value("error", "") == "another override of heat-room/fan was set in the meantime: 7");
    auto hour = commands.post(s21, R"({"override":"on"})");
    auto day = commands.post(s21, R"({"override":"on","minutes":1440})");
    CHECK(commands.together(std::move(hour), std::move(day)).first.status == 409);
}

TEST_CASE("keeps overrides of two loads independent") {
    CommandLoop commands;
    auto fan = commands.post("/api/overrides/heat-room/fan", R"({"override":"on"})");
    auto heater = commands.post("/api/overrides/heat-room/heat", R"({"override":"off"})");
    const auto two = commands.together(std::move(fan), std::move(heater));
    CHECK(two.first.status == 200);
    CHECK(two.second.status == 200);
    auto one = commands.post(s21, R"({"override":"on"})");
    auto again = commands.post(s21, R"({"override":"on"})");
    const auto same = commands.together(std::move(one), std::move(again));
    CHECK(same.first.status == 200);
    CHECK(same.second.status == 200);
}

TEST_CASE("answers a proof after its old result is gone") {
    CommandLoop commands;
    std::atomic<bool> wanted = false;
    commands.make_pages(wanted);
    auto begun = commands.post("/api/charge/prove", "");
    commands.requests.serve(commands.loop);
    while (!wanted && !CommandLoop::is_there(begun)) std::this_thread::sleep_for(1ms);
    CHECK(wanted);
    commands.show(commands.loop.done + 1);
    CHECK(begun.get().status == 200);
}

TEST_CASE("answers a mode after old pages are gone") {
    CommandLoop commands;
    std::atomic<bool> wanted = false;
    commands.make_pages(wanted);
    auto answer = commands.post("/api/mode", R"({"mode":"off"})");
    commands.requests.serve(commands.loop);
    commands.loop.turn();
    while (!wanted && !CommandLoop::is_there(answer)) {
        commands.requests.serve(commands.loop);
        std::this_thread::sleep_for(1ms);
    }
    CHECK(wanted);
    commands.show(commands.loop.done);
    CHECK(answer.get().status == 200);
}

TEST_CASE("starts a charge proof or gives the reason") {
    CommandLoop commands;
    auto begun = commands.post("/api/charge/prove", "");
    commands.requests.serve(commands.loop);
    const Answer good = begun.get();
    CHECK(good.status == 200);
    CHECK(good.body == json::parse(R"({"ok":true,"see":"/api/explain/charge"})"));
    commands.loop.no_proof = "charging is blocked now";
    auto refused = commands.post("/api/charge/prove", "");
    commands.requests.serve(commands.loop);
    const Answer why = refused.get();
    CHECK(why.status == 409);
    CHECK(why.body.value("error", "") == "cannot run the test now: charging is blocked now");
    auto late = commands.post("/api/charge/prove", "");
    commands.requests.close();
    CHECK(late.get().status == 503);
}

TEST_CASE("accepts a checked battery temperature or gives the reason") {
    CommandLoop commands;
    commands.loop.site.policy.battery_temperatures = {{"jk"}};
    const auto accept = [&](const char* path) {
        auto asked = commands.post(path, "");
        commands.requests.serve(commands.loop);
        return asked.get();
    };
    CHECK(accept("/api/charge/accept/jk").status == 200);
    CHECK(accept("/api/charge/accept/nothing").status == 404);
    commands.loop.no_leap = "it did not jump";
    const Answer refused = accept("/api/charge/accept/jk");
    CHECK(refused.status == 409);
    CHECK(refused.body.value("error", "") == "jk: it did not jump");
}

TEST_CASE("starts a relay's proof or gives the reason") {
    CommandLoop commands;
    const auto asked = [&](const std::string& output, const std::string& body) {
        auto answer = commands.post("/api/outputs/" + output + "/prove", body);
        for (; !CommandLoop::is_there(answer); std::this_thread::sleep_for(1ms)) commands.requests.serve(commands.loop);
        return answer.get();
    };
    const std::string relay = commands.loop.site.policy.outputs.front().id;
    CHECK(asked(relay, "").status == 200);
    CHECK(commands.loop.proof_of == relay);
    CHECK_FALSE(commands.loop.proof_lease);
    CHECK(asked(relay, R"({"lease_s":30})").status == 200);
    CHECK(commands.loop.proof_lease == 30s);
    commands.loop.proof_of.clear();
    for (const char* body : {R"({"lease_s":29})", R"({"lease_s":301})", R"({"lease_s":60.5})", R"({"lease_s":"60"})",
                             R"({"lease_s":18446744073709551615})", R"({"lease":60})", "[]"})
        CHECK_MESSAGE(asked(relay, body).status == 400, body);
    const Answer unknown = asked("nobody", "");
    CHECK(unknown.status == 404);
    CHECK(unknown.body.at("known").size() == commands.loop.site.policy.outputs.size());
    CHECK(commands.loop.proof_of.empty());
    commands.loop.no_proof = "it is not off";
    const Answer refused = asked(relay, "{}");
    CHECK(refused.status == 409);
    CHECK(refused.body.at("error") == relay + " cannot be proven now: it is not off");
}
