#include "daemon/site/pollers.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace volt;

TEST_CASE("ended pollers wait where nobody can join them yet, and nobody waits for them") {
    Config config;
    config.victron = VictronConfig{};
    config.victron->host = "127.0.0.1";
    config.victron->port = 1;  // refuses
    TaskThread chores("chores", 1);
    std::promise<void> go_on;
    std::promise<void> began;
    REQUIRE(chores.post([&, wait = go_on.get_future().share()] {
        began.set_value();
        wait.wait();
    }));
    began.get_future().wait();
    Pollers pollers(std::make_shared<Mailbox>(std::vector<std::string>{"victron.system"}), {}, chores);
    for (int i = 0; i < 3; ++i) {  // the queue takes two
        pollers.start(config, 10s);
        pollers.end();
    }
    CHECK(pollers.waiting() == 1);
    pollers.turn(config, 10s);
    CHECK(pollers.waiting() == 1);
    go_on.set_value();
    REQUIRE(chores.drain(1min));
    pollers.turn(config, 10s);
    CHECK(pollers.waiting() == 0);
}
