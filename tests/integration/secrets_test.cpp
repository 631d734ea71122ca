// Secrets are not exposed: no password and no token in voltd's output, topics, database or process list.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/integration/site.hpp"

using namespace volt::testing;

namespace {

constexpr const char* password = "marker-Zq7-password";

std::string all_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("no output, topic, environment or database has a secret") {
    Site site;
    site.write_config();
    write_file(site.dir / "mqtt.password", std::string(password) + "\n");
    std::string text = read_file(site.config_path());
    const std::string url = "url: \"mqtt://127.0.0.1:" + std::to_string(site.broker_port) + "\"";
    const std::size_t at = text.find(url);
    REQUIRE(at != std::string::npos);
    text.replace(at, url.size(), url + ", username: voltd, password_file: " + site.dir.path() + "/mqtt.password");
    write_file(site.config_path(), text + "log_level: debug\n");
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state("site").value("commands", "") == "live"; }));
    REQUIRE(site.wait_for_command("miner1", "ON"));
    const std::string token = read_file(site.dir / "token");
    REQUIRE(token.size() > 30);
    const std::string key = token.substr(0, token.find('\n'));
    write_file(site.config_path(), text + "log_level: debug\nnonsense: 1\n");
    site.voltd->signal(SIGHUP);
    REQUIRE(eventually([&] { return !site.state("alarm/config_rejected").empty(); }));
    std::string heard;
    for (const Heard& message : site.received()) heard += message.topic + " " + message.payload + "\n";
    const std::string environment = all_of("/proc/" + std::to_string(site.voltd->pid()) + "/environ") +
                                    all_of("/proc/" + std::to_string(site.voltd->pid()) + "/cmdline");
    site.voltd->signal(SIGTERM);
    REQUIRE(site.voltd->wait() == 0);
    const std::string stored =
        all_of(site.database_path()) + all_of(site.database_path() + "-wal") + all_of(site.database_path() + ".settings");
    REQUIRE_FALSE(stored.empty());
    for (const std::string& secret : {std::string(password), key})
        for (const std::string& where : {site.voltd->text(), heard, environment, stored})
            CHECK(where.find(secret) == std::string::npos);
}
