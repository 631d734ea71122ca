// Runs the program itself, like a user or an integration test.
#include <doctest/doctest.h>

#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/fakes/mosquitto.hpp"
#include "tests/fakes/mqtt_peer.hpp"

using namespace volt::testing;

namespace {

const std::string program = VOLT_BINARY_DIR "/voltsim";

struct Answer {
    int code;
    std::string text;
};

/// Runs to its end, and returns output and error together. The arguments need no quoting.
Answer run_command(const std::string& command) {
    Answer answer{-1, ""};
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (!pipe) return answer;
    char line[512];
    while (std::fgets(line, sizeof line, pipe)) answer.text += line;
    const int status = pclose(pipe);
    answer.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return answer;
}

Answer run(const std::vector<std::string>& words) {
    std::string command = program;
    for (const std::string& word : words) command += " " + word;
    return run_command(command);
}

}  // namespace

TEST_CASE("voltsim: works without a broker, and ends orderly") {
    TempDir dir;
    const std::string control = dir / "control";
    Process site({program, "--broker", "127.0.0.1:" + std::to_string(free_port()), "--control", control, "--hold",
                  "voltage=52.30", "--hold", "pv=8450", "--hold", "load=1850"});
    const auto first = site.wait_for("gx_port");
    REQUIRE(first);
    const auto ports = nlohmann::json::parse(*first);
    CHECK(ports["sol_ark_port"].get<int>() > 0);

    const std::string poll =
        "mbpoll -m tcp -p " + std::to_string(ports["gx_port"].get<int>()) + " -a 100 -0 -r 840 -c 1 -o 5 -1 127.0.0.1";
    if (run_command("command -v mbpoll").code == 0) {
        const std::string seen = run_command(poll).text;
        CAPTURE(seen);
        CHECK(seen.find("[840]") != std::string::npos);
        CHECK(seen.find("523") != std::string::npos);
    } else {
        MESSAGE("skipped: mbpoll is not installed");
    }

    CHECK(run({"set", "heat-room", "-3.5", "pv", "9000", "--control", control}).text.find("ok") != std::string::npos);
    const Answer status = run({"--control", control, "status"});
    CHECK(status.code == 0);
    CHECK(status.text.find(R"("heat_room_c":-3.5)") != std::string::npos);
    CHECK(status.text.find(R"("pv_w":9000)") != std::string::npos);
    CHECK(run({"fault", "gx", "exception:11", "60", "--control", control}).code == 0);
    CHECK(run_command(poll).text.find("523") == std::string::npos);
    CHECK(run({"fault", "gx", "sleepy", "60", "--control", control}).code == 1);

    site.signal(SIGTERM);
    CHECK(site.wait() == 0);
    CHECK(run({"status", "--control", control}).code == 3);
}

TEST_CASE("voltsim: devices appear on a broker, and leave in order") {
    TempDir dir;
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    Process site({program, "--broker", "127.0.0.1:" + std::to_string(broker.port()), "--control", dir / "control", "--print",
                  "--output", "miner1:miner:3878"});
    CHECK(listener.wait_for("tele/miner1/LWT", "Online"));
    CHECK(site.wait_for("miner1 off 0 W"));
    site.signal(SIGINT);
    CHECK(site.wait() == 0);
    CHECK(listener.wait_for("tele/miner1/LWT", "Offline"));
}

TEST_CASE("voltsim: the broker publishes the last wills of a killed voltsim") {
    TempDir dir;
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    Process site({program, "--broker", "127.0.0.1:" + std::to_string(broker.port()), "--control", dir / "control"});
    CHECK(listener.wait_for("tele/heaters/LWT", "Online"));
    site.signal(SIGKILL);
    REQUIRE(listener.wait_for("tele/heaters/LWT", "Offline"));
    MqttListener later(broker.port(), "tele/heaters/LWT");  // a later subscriber also gets it
    CHECK(later.wait_for("tele/heaters/LWT", "Offline"));
}

TEST_CASE("voltsim: usage errors exit with 2, a port in use with 1") {
    CHECK(run({"--speed", "0"}).code == 2);
    CHECK(run({"--dance"}).code == 2);
    CHECK(run({"--start", "noon", "--no-broker"}).code == 2);
    CHECK(run({"--help"}).code == 0);
    TempDir dir;
    Process site({program, "--no-broker", "--control", dir / "a"});
    const auto first = site.wait_for("gx_port");
    REQUIRE(first);
    const int port = nlohmann::json::parse(*first)["gx_port"];
    CHECK(run({"--no-broker", "--control", dir / "b", "--gx-port", std::to_string(port)}).code == 1);
    CHECK(run({"--no-broker", "--control", dir / "a"}).code == 1);
}
