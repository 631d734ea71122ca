// `voltctl outputs prove` end to end: the real voltd and voltctl, a real broker, and a relay with its own timer.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/fakes/tasmota.hpp"
#include "tests/integration/site.hpp"

using namespace volt::testing;

namespace {

/// A relay of a miner that does not start by itself.
struct ProofSite : Site {
    ProofSite() {
        write_config("", ", lease_s: 90");
        std::string yaml = read_file(config_path());
        yaml.replace(yaml.find("confirm_s: 2,"), 13, "confirm_s: 20,");  // a slow machine repeats no order
        write_file(config_path(), yaml);
        start_broker();
        start_listener();
        start_gx();
        start_sol_ark();
        relay = std::make_unique<FakeTasmota>(broker_port, "miner1");
        REQUIRE(eventually([&] { return relay->connected(); }));
        start_voltd();
        quicken();
        sql("UPDATE miner_profiles SET start_voltage = 55 WHERE priority_level = 1");
        REQUIRE_MESSAGE(eventually([&] {
                            publish("zigbee2mqtt/heat-room", R"({"temperature":21.5})");
                            return waits_for_voltage() && lease() == "armed";
                        }),
                        voltd->text());
    }

    bool waits_for_voltage() const { return state("miner/primary-s21-revenue").value("reason", "") == "voltage"; }
    std::string lease() const { return state("output/primary-s21").value("lease", ""); }
    std::unique_ptr<Process> voltctl(std::vector<std::string> words) const {
        words.insert(words.begin(), VOLT_BINARY_DIR "/voltctl");
        words.insert(words.end(), {"--config", config_path()});
        return std::make_unique<Process>(words);
    }
    std::unique_ptr<Process> prove() const { return voltctl({"outputs", "prove", "primary-s21", "--lease", "30", "--yes"}); }
    std::string stored() const { return sql("SELECT count(*) FROM output_proofs"); }

    std::unique_ptr<FakeTasmota> relay;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("proves a relay's timer, and switches off one that ignores it") {
    ProofSite site;
    const std::string alarm = "voltd/solar-shack/alarm/no_lease/primary-s21";
    const auto unasked = site.voltctl({"outputs", "prove", "primary-s21"});
    CHECK(unasked->wait() == 1);
    CHECK(has(unasked->text(), "nothing was done"));
    const auto unknown = site.voltctl({"outputs", "prove", "primary-s12", "--yes"});
    CHECK(unknown->wait() == 1);
    CHECK(has(unknown->text(), "unknown output"));
    CHECK(site.commands("miner1").empty());

    const auto proof = site.prove();
    REQUIRE_MESSAGE(eventually([&] { return site.relay->relay_on(); }), proof->text());
    CHECK(site.relay->pulse_time() == 130);
    const auto second = site.prove();
    CHECK(second->wait() == 1);
    CHECK(has(second->text(), "another proof is running"));
    CHECK(proof->wait() == 0);
    CHECK_MESSAGE(has(proof->text(), "Proven: primary-s21 switched itself off"), proof->text());
    CHECK_FALSE(site.relay->relay_on());
    CHECK(site.commands("miner1") == std::vector<std::string>{"ON"});
    CHECK(eventually([&] { return site.relay->pulse_time() == 190 && site.lease() == "armed"; }));
    CHECK(eventually([&] { return site.stored() == "1\n"; }));
    const auto list = site.voltctl({"outputs", "list", "--json"});
    CHECK(list->wait() == 0);
    CHECK(has(list->text(), "measured_s"));
    CHECK(site.last(alarm).value_or("") == "");

    site.relay->set_timer_ignored(true);
    const auto ignored = site.prove();
    CHECK(ignored->wait() == 1);
    CHECK_MESSAGE(has(ignored->text(), "should have switched it off"), ignored->text());
    CHECK_FALSE(site.relay->relay_on());
    CHECK(site.commands("miner1") == std::vector<std::string>{"ON", "ON", "OFF"});
    CHECK(eventually([&] { return has(site.last(alarm).value_or(""), "should have switched it off"); }));
    CHECK(site.stored() == "1\n");

    const auto cut = site.prove();
    REQUIRE_MESSAGE(eventually([&] { return site.relay->relay_on(); }), cut->text());
    REQUIRE(eventually([&] { return site.state("output/primary-s21").value("reported", "") == "on"; }));
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.start_voltd();
    CHECK_MESSAGE(eventually([&] { return !site.relay->relay_on(); }), site.voltd->text());
    CHECK(cut->wait() == 1);
    CHECK_MESSAGE(has(cut->text(), "not proven"), cut->text());
    CHECK(site.commands("miner1") == std::vector<std::string>{"ON", "ON", "OFF", "ON", "OFF"});
    CHECK(site.stored() == "1\n");
}
