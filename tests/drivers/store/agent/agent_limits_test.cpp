#include "drivers/store/agent/agent_limits.hpp"

#include <thread>

#include "tests/drivers/store/agent/agent_files.hpp"

using namespace volt;

namespace agent_limits_test {

TEST_CASE("a limit applies for its period, globally or per client") {
    test::AgentFile at;
    const std::int64_t now = 1'000'000;
    for (int i = 0; i < 12; ++i) CHECK(take_limit(at.store, heavy_limit, "a", now + i).over == "");
    CHECK(take_limit(at.store, heavy_limit, "a", now + 20'000).over ==
          "the limit is 12 query_history and what_if a minute; try again in 40 s");
    CHECK(take_limit(at.store, heavy_limit, "b", now).over == "");
    CHECK(take_limit(at.store, heavy_limit, "a", now + 60'000).over == "");
    for (int i = 0; i < 6; ++i) CHECK(take_limit(at.store, propose_limit, std::to_string(i), now).over == "");
    CHECK(take_limit(at.store, propose_limit, "another", now + 1).over ==
          "the limit is 6 proposals an hour; try again in 60 min");
    CHECK(at.number("SELECT count(*) FROM limits WHERE name = 'proposals'") == 1);
}

TEST_CASE("a clock set back blocks a client only briefly") {
    test::AgentFile at;
    for (int i = 0; i < 12; ++i) CHECK(take_limit(at.store, heavy_limit, "a", 10'000'000).over == "");
    CHECK(take_limit(at.store, heavy_limit, "a", 10'000'001).over != "");
    CHECK(take_limit(at.store, heavy_limit, "a", 1'000'000).over == "");
}

TEST_CASE("several processes and threads share one count") {
    test::AgentFile at;
    AgentStore other(at.path);
    std::atomic<int> taken = 0;
    std::vector<std::thread> threads;
    for (AgentStore* store : {&at.store, &other, &at.store, &other})
        threads.emplace_back([&, store] {
            for (int i = 0; i < 50; ++i)
                if (const LimitTaken it = take_limit(*store, read_limit, "a", 5000); it.over.empty() && it.not_kept.empty())
                    ++taken;
        });
    for (std::thread& it : threads) it.join();
    CHECK(taken == 120);
}

TEST_CASE("reports that nothing can be kept") {
    AgentStore store("/proc/agent/agent.db");
    const LimitTaken taken = take_limit(store, read_limit, "a", 1);
    CHECK(taken.over == "");
    CHECK(taken.not_kept.starts_with("not kept: "));
}

}  // namespace agent_limits_test
