#include "daemon/site/pollers.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "tests/fakes/modbus_server.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;

TEST_CASE("keeps ended pollers waiting without blocking") {
    Config config;
    config.victron = VictronConfig{};
    config.victron->host = "127.0.0.1";
    config.victron->port = 1;  // connection refused
    TaskThread tasks("tasks", 1);
    std::promise<void> go_on;
    std::promise<void> began;
    REQUIRE(tasks.post([&, wait = go_on.get_future().share()] {
        began.set_value();
        wait.wait();
    }));
    began.get_future().wait();
    Pollers pollers(std::make_shared<Mailbox>(std::vector<std::string>{"victron.system"}), {}, tasks);
    for (int i = 0; i < 3; ++i) {  // the queue takes two
        pollers.start(config, 10s);
        pollers.end();
    }
    CHECK(pollers.waiting() == 1);
    pollers.turn(config, 10s);
    CHECK(pollers.waiting() == 1);
    go_on.set_value();
    REQUIRE(tasks.drain(1min));
    pollers.turn(config, 10s);
    CHECK(pollers.waiting() == 0);
}

TEST_CASE("stores the GX's missing registers once beside the database") {
    fakes::ModbusServer gx;
    gx.window(225, 258, {100, 5234, 0, 20, 215, 0, 0, 0, 853});
    gx.window(225, 303, {0, 990, 565, 440, 1000, 2000, 2800});  // without alarms: older firmware
    const auto folder = std::filesystem::temp_directory_path() / ("volt-holes-" + std::to_string(gx.port()));
    std::filesystem::create_directory(folder);
    Config config;
    config.database = folder / "voltd.db";
    config.voltage_sources = {"victron.battery"};
    config.victron = VictronConfig{};
    config.victron->host = "127.0.0.1";
    config.victron->port = gx.port();
    config.victron->poll = 20ms;
    config.victron->battery_unit = 225;
    TaskThread tasks("tasks", 4);
    const auto mailbox = std::make_shared<Mailbox>(std::vector<std::string>{"victron.battery"});
    Pollers pollers(mailbox, {}, tasks);
    pollers.start(config, 10s);
    const auto text = [&] {
        std::ifstream file(config.database + ".holes");
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const auto limits = [&] { return mailbox->read().at("victron.battery").reading.discharge_limit; };
    REQUIRE(testing::eventually([&] { return limits().has_value(); }));
    pollers.turn(config, 11s);
    REQUIRE(tasks.drain(1min));
    CHECK(text().empty());  // the first minute is for learning
    CHECK(testing::eventually([&] {
        pollers.turn(config, 80s);
        return tasks.drain(1min) && !text().empty();
    }));
    CHECK(text() == "victron.battery@127.0.0.1:" + std::to_string(gx.port()) + "/225 apart 267+13 318+9\n");
    pollers.end();
    tasks.drain(1min);
    std::filesystem::remove_all(folder);
}
