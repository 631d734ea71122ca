// Settings edited with voltctl while the daemon runs, in force on the next tick, and a database lost while running.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

Ended voltctl(const Site& site, const std::string& arguments) {
    return shell(VOLT_BINARY_DIR "/voltctl " + arguments + " --config " + site.config_path());
}

/// Returns the start voltage that the S19's gate requires, from its topic.
double asked_of_s19(const Site& site) {
    for (const json& gate : site.state("miner/dump-load-s19-1").value("blocked_by", json::array()))
        if (gate.at("gate") == "voltage") return gate.at("need").get<double>();
    return 0;
}

}  // namespace

TEST_CASE("edits apply on the next tick, and refused ones do not") {
    Site site;
    site.write_config(", commands: shadow");
    site.start_devices();
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return asked_of_s19(site) == 54.5; }), site.voltd->text());

    const Ended set = voltctl(site, "miners set 'Dump Load S19 #1' start_voltage=54.2");
    CHECK_MESSAGE(set.code == 0, set.out);
    CHECK(eventually([&] { return asked_of_s19(site) == 54.2; }));

    const Ended refused = voltctl(site, "miners set dump-load-s19-1 start_voltage=52.9");
    CHECK(refused.code == 1);
    CHECK(refused.out == "voltctl: start_voltage 52.9: must be above stop_voltage (53.0); nearest allowed 53.01\n");
    CHECK_MESSAGE(voltctl(site, "settings restore 5").code == 0, "restore");
    CHECK(eventually([&] { return asked_of_s19(site) == 54.5; }));
    CHECK(asked_of_s19(site) == 54.5);

    CHECK(voltctl(site, "prefs set operating_mode=off").code == 0);
    CHECK(eventually([&] { return site.state("site").value("mode", "") == "off"; }));
    CHECK(voltctl(site, "miners set dump-load-s19-1 start_voltage=54.3 name='Dump Load'").code == 0);
    CHECK(eventually([&] { return !site.state("miner/dump-load").empty(); }));

    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(site.database_path()).parent_path()))
        if (file.path().filename().string().rfind("voltd.db", 0) == 0) std::filesystem::remove(file.path());
    CHECK(eventually([&] { return !site.state("alarm/database_restored").empty(); }));
    CHECK(eventually(
        [&] { return voltctl(site, "miners show dump-load --json").out.find("\"start_voltage\": 54.3") != std::string::npos; }));
    CHECK(voltctl(site, "prefs show --json").out.find("\"operating_mode\": \"off\"") != std::string::npos);
    CHECK(site.state("site").value("mode", "") == "off");
}
