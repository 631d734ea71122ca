// Devices that change under a running voltd: other firmware, missing units, a replaced device, a second inverter.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

const std::string s21 = "miner/primary-s21-revenue";

struct Running : Site {
    Running() {
        write_config(", blind_grace_s: 60", "");
        start_devices();
        start_voltd();
        quicken();
        REQUIRE_MESSAGE(wait_for_command("miner1", "ON"), voltd->text());
        REQUIRE(eventually([&] { return state(s21).value("state", "") == "on"; }));
    }
    bool comes_to(const std::string& source, const std::string& wanted) {
        return eventually([&] { return state("source/" + source).value("state", "") == wanted; });
    }
    /// Checks that nothing was switched except on, and that voltd is the same process.
    void check_undisturbed() {
        for (const std::string& order : commands("miner1")) CHECK_MESSAGE(order == "ON", voltd->text());
        CHECK(commands("miner2").empty());
        CHECK(state(s21).value("state", "") == "on");
        CHECK(voltd->running());
    }
};

/// Replaces one part of the configuration.
void edit(const Site& site, const std::string& from, const std::string& to) {
    std::ifstream in(site.config_path());
    std::string text(std::istreambuf_iterator<char>(in), {});
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    write_file(site.config_path(), text);
}

}  // namespace

TEST_CASE("survives older GX firmware and units that come and go") {
    Running site;
    site.gx.reset();
    REQUIRE(site.comes_to("victron.battery", "failing"));
    site.start_gx({"--gx-server", "60"});  // no spacers after 847, no registers of later versions
    CHECK(site.comes_to("victron.battery", "ok"));
    CHECK(site.comes_to("victron.system", "ok"));

    site.gx.reset();
    REQUIRE(site.comes_to("victron.battery", "failing"));
    site.start_gx({"--gx-units", "100"});
    CHECK(site.comes_to("victron.battery", "absent"));
    CHECK(site.comes_to("victron.system", "ok"));
    CHECK(eventually([&] { return site.state("battery").value("source", "") == "victron.system"; }));

    site.gx.reset();
    site.start_gx();
    CHECK(site.comes_to("victron.battery", "ok"));
    CHECK(eventually([&] { return site.state("battery").value("quality", "") == "good"; }));
    site.check_undisturbed();
}

TEST_CASE("refuses a replaced inverter until a reload") {
    Running site;
    site.sol_ark.reset();
    REQUIRE(site.comes_to("sol_ark", "failing"));
    site.start_sol_ark({"--sol-ark-serial", "2100000999"});
    const auto told = [&] { return site.state("source/sol_ark").value("last_error", json("")).dump(); };
    CHECK(eventually([&] { return told().find("systemctl reload voltd") != std::string::npos; }));
    CHECK(eventually(
        [&] { return site.state("alarm/source_failing/sol_ark").value("text", "").find("2100000999") != std::string::npos; }));
    site.voltd->signal(SIGHUP);
    CHECK(site.comes_to("sol_ark", "ok"));
    CHECK(eventually([&] { return site.state("alarm/source_failing/sol_ark").empty(); }));
    site.check_undisturbed();
}

TEST_CASE("a second inverter added by reload adds its powers") {
    Running site;
    REQUIRE(eventually([&] { return site.state("power").value("pv_w", 0) == 8450; }));
    const int port = free_port();
    Process second({VOLT_BINARY_DIR "/voltsim", "--control", site.dir / "second.sock", "--sol-ark-port", std::to_string(port),
                    "--no-broker", "--sol-ark-unit", "2", "--sol-ark-serial", "2100000999", "--hold", "voltage=52.30", "--hold",
                    "pv=1000", "--hold", "load=150"});
    REQUIRE(second.wait_for("gx_port").has_value());
    edit(site, "mqtt:", "sol_ark_2: { host: 127.0.0.1, port: " + std::to_string(port) + ", unit: 2, poll_s: 0.2 }\nmqtt:");
    site.voltd->signal(SIGHUP);
    CHECK(site.comes_to("sol_ark_2", "ok"));
    CHECK(eventually([&] { return site.state("power").value("pv_w", json()) == 9450; }));
    CHECK(eventually([&] { return site.state("power").value("load_w", json()) == 2000; }));
    second.signal(SIGKILL);  // half of the sum is not a sum
    CHECK(site.comes_to("sol_ark_2", "failing"));
    CHECK(site.voltd->running());
}
