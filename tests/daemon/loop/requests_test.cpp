#include "daemon/loop/requests.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "tests/daemon/site_fixture.hpp"

using namespace volt;

namespace {

struct NoLoop : LoopContext {
    const SiteView* view() const override { return nullptr; }
    std::uint64_t turns() const override { return 0; }
    bool stored() const override { return true; }
    bool request_override(const NamedOverride&) override { return false; }
    void set_mode(SiteMode, const std::string&) override {}
    bool ask(std::size_t) override { return false; }
    OutputReport report(std::size_t) const override { return {}; }
    DecisionInputs decision_inputs() const override { return {}; }
    std::string prove_charge() override { return "no"; }
    std::string accept_temperature(const std::string&) override { return "it did not jump"; }
    std::string prove_lease(const std::string&, std::optional<Duration>) override { return {}; }
    std::string announce() override { return {}; }
    std::string end_safe_mode() override { return "no"; }
};

/// Loop that serves at each nudge.
struct Loop {
    LoopRequests& requests;
    std::atomic<int> nudges = 0;
    std::atomic<bool> stop = false;
    NoLoop side;
    std::thread thread;
    explicit Loop(LoopRequests& served) : requests(served) {
        requests.on_posted([this] { ++nudges; });
        thread = std::thread([this] {
            for (int done = 0; !stop; std::this_thread::sleep_for(1ms))
                if (nudges > done) ++done, requests.serve(side);
        });
    }
    ~Loop() {
        stop = true;
        thread.join();
    }
};

}  // namespace

TEST_CASE("runs a request on the loop's thread when possible") {
    LoopRequests requests;
    Loop loop(requests);
    std::thread::id where;
    int tries = 0;
    CHECK(requests.run(
        [&](LoopContext&) {
            where = std::this_thread::get_id();
            if (++tries == 1) ++loop.nudges;
            return tries == 2;
        },
        5s));
    CHECK(tries == 2);
    CHECK(where == loop.thread.get_id());
}

TEST_CASE("never runs a request that did not start in time") {
    LoopRequests requests;
    requests.on_posted([] {});
    NoLoop side;
    int tries = 0;
    const LoopRequests::Work work = [&](LoopContext&) { return ++tries > 0; };
    CHECK_FALSE(requests.run(work, 5ms));
    requests.serve(side);
    CHECK(tries == 0);
}

TEST_CASE("rethrows a request's exception to its caller") {
    LoopRequests requests;
    Loop loop(requests);
    CHECK_THROWS_AS(requests.run([](LoopContext&) -> bool { throw std::runtime_error("no"); }, 5s), std::runtime_error);
    CHECK(requests.run([](LoopContext&) { return true; }, 5s));
}

TEST_CASE("ends waiting requests on close and accepts none until open") {
    LoopRequests requests;
    std::atomic<int> posted = 0;
    requests.on_posted([&] { ++posted; });
    std::atomic<int> refused = 0;
    std::vector<std::thread> waiting;
    for (int i = 0; i < 4; ++i)
        waiting.emplace_back([&] { refused += requests.run([](LoopContext&) { return false; }, 60s) ? 0 : 1; });
    while (posted < 4) std::this_thread::sleep_for(1ms);
    requests.close();
    for (std::thread& thread : waiting) thread.join();
    CHECK(refused == 4);
    CHECK_FALSE(requests.run([](LoopContext&) { return true; }, 60s));
    requests.open();
    CHECK_FALSE(requests.run([](LoopContext&) { return true; }, 1ms));
    CHECK(posted == 5);
}

TEST_CASE("resolves an override by name or lists the valid names") {
    fixture::Site site;
    OverrideRequest request;
    CHECK_FALSE(resolve({"dump-load-s19-1", OverrideKind::on, 0, 60s}, site.policy, request));
    CHECK(request.target == TargetKind::miner);
    CHECK(site.policy.miners[request.index].slug == "dump-load-s19-1");
    CHECK_FALSE(resolve({"heat-room/fan", OverrideKind::level, 7, 60s}, site.policy, request));
    CHECK(request.target == TargetKind::fan);
    CHECK(request.level == 7);
    CHECK_FALSE(resolve({"heat-room/heat", OverrideKind::off, 0, {}}, site.policy, request));
    CHECK(request.target == TargetKind::heat);
    const auto unknown = resolve({"nobody", OverrideKind::on, 0, 60s}, site.policy, request);
    REQUIRE(unknown);
    CHECK(unknown->kind == OverrideProblem::Kind::unknown);
    CHECK(unknown->known.size() >= 3);
    const auto high = resolve({"heat-room/fan", OverrideKind::level, 99, 60s}, site.policy, request);
    REQUIRE(high);
    CHECK(high->kind == OverrideProblem::Kind::level);
    CHECK(resolve({"dump-load-s19-1", OverrideKind::level, 1, 60s}, site.policy, request)->kind == OverrideProblem::Kind::level);
    site.policy.zones[0].fan = no_index;
    CHECK(resolve({"heat-room/fan", OverrideKind::on, 0, 60s}, site.policy, request)->kind == OverrideProblem::Kind::lacking);
}
