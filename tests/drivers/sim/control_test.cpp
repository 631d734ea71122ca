#include "drivers/sim/control.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "tests/fakes/process.hpp"

using namespace volt::sim;
using volt::testing::TempDir;

namespace {

/// Turns the server on its own thread while it exists.
class Running {
public:
    explicit Running(ControlServer& server)
        : thread_([this, &server] {
              while (!stop_) {
                  std::vector<pollfd> descriptors;
                  server.add_descriptors(descriptors);
                  poll(descriptors.data(), descriptors.size(), 5);
                  server.turn();
              }
          }) {}
    ~Running() {
        stop_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("control: answers one line after the other") {
    TempDir dir;
    ControlServer server(dir / "s", [](const std::string& line) { return "heard " + line; });
    Running running(server);
    CHECK(send_line(dir / "s", "fault gx silent 5") == "heard fault gx silent 5");
    CHECK(send_line(dir / "s", "status") == "heard status");
    CHECK_FALSE(send_line(dir / "s", std::string(5'000, 'x')));
    CHECK(send_line(dir / "s", "still there") == "heard still there");
}

TEST_CASE("control: replaces the socket of a dead simulator only") {
    TempDir dir;
    CHECK_FALSE(send_line(dir / "s", "status"));
    {
        ControlServer first(dir / "s", [](const std::string&) { return "first"; });
        CHECK_THROWS_AS(ControlServer(dir / "s", [](const std::string&) { return ""; }), std::runtime_error);
        struct stat info {};
        REQUIRE(stat((dir / "s").c_str(), &info) == 0);
        CHECK((info.st_mode & 0077) == 0);
        link((dir / "s").c_str(), (dir / "leftover").c_str());
    }
    ControlServer second(dir / "leftover", [](const std::string&) { return "second"; });
    Running running(second);
    CHECK(send_line(dir / "leftover", "x") == "second");
}

TEST_CASE("control: refuses a long path and a file that is no socket") {
    TempDir dir;
    CHECK_THROWS_AS(ControlServer(dir / std::string(200, 'a'), [](const std::string&) { return ""; }), std::runtime_error);
    volt::testing::write_file(dir / "file", "precious");
    CHECK_THROWS_AS(ControlServer(dir / "file", [](const std::string&) { return ""; }), std::runtime_error);
    CHECK(volt::testing::read_file(dir / "file") == "precious");
}
