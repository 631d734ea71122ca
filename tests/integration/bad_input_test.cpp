// Bad input: a clear message, exit 78, and nothing lost.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "tests/integration/site.hpp"

using namespace volt::testing;

TEST_CASE("a bad file lists every problem and exits with 78") {
    Site site;
    write_file(site.config_path(),
               "site: Solar Shack\nmqtt: { url: ftp://x }\nvictron: { hots: 127.0.0.1 }\ncontrol: { tick_s: 99 }\n");
    site.start_voltd();
    CHECK(site.voltd->wait() == 78);
    const std::string text = site.voltd->text();
    for (const char* part : {"voltd.yaml:1:7: site", "voltd.yaml:2:14: mqtt.url", "hots", "host", "tick_s"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part << " is missing in\n" << text);
    CHECK(read_file(site.database_path()).empty());
}

TEST_CASE("refuses a database in a missing directory with exit 78") {
    Site site;
    site.write_config();
    std::string text = read_file(site.config_path());
    const std::size_t at = text.find(site.database_path());
    REQUIRE(at != std::string::npos);
    write_file(site.config_path(), text.replace(at, site.database_path().size(), site.dir / "votld/voltd.db"));
    for (const std::vector<std::string>& how : {std::vector<std::string>{}, {"--check"}}) {
        site.start_voltd(how);
        CHECK(site.voltd->wait() == 78);
        CHECK_MESSAGE(site.voltd->text().find("directory " + (site.dir / "votld") + " does not exist") != std::string::npos,
                      site.voltd->text());
    }
    CHECK(access((site.dir / "votld").c_str(), F_OK) != 0);
}

TEST_CASE("a missing file shows the first step and exits with 78") {
    Site site;
    site.start_voltd();
    CHECK(site.voltd->wait() == 78);
    const std::string text = site.voltd->text();
    for (const char* part : {"no configuration yet", "sudo voltctl init", "voltd.example.yaml", "voltd --check"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part << " is missing in\n" << text);
    CHECK(read_file(site.database_path()).empty());
}

TEST_CASE("refuses a newer database unchanged with exit 78") {
    Site site;
    site.write_config();
    site.start_voltd();
    REQUIRE(eventually([&] { return site.http_status("/health") == 503; }));
    site.voltd->signal(SIGTERM);
    REQUIRE(site.voltd->wait() == 0);
    site.sql(
        "INSERT INTO schema_migrations SELECT max(number) + 1, 'from_the_future', sha256, applied_at, duration_ms FROM "
        "schema_migrations; PRAGMA wal_checkpoint(TRUNCATE)");
    const std::string before = read_file(site.database_path());
    site.start_voltd();
    CHECK(site.voltd->wait() == 78);
    CHECK(site.voltd->text().find("newer") != std::string::npos);
    CHECK(read_file(site.database_path()) == before);
    site.start_voltd({"--check"});
    CHECK(site.voltd->wait() == 78);
    CHECK(site.voltd->text().find("newer") != std::string::npos);
}

TEST_CASE("a lost database does not undo the mode off") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(site.wait_for_command("miner1", "ON"));
    site.publish("voltd/solar-shack/mode/set", "off");
    REQUIRE(site.wait_for_command("miner1", "OFF"));
    REQUIRE(eventually([&] { return site.sql("SELECT operating_mode FROM user_preferences") == "off\n"; }));
    for (const char* part : {"", "-wal", "-shm", ".settings"}) std::remove((site.database_path() + part).c_str());
    REQUIRE(eventually([&] { return !site.state("alarm/database_restored").empty(); }));
    CHECK(eventually([&] { return site.sql("SELECT operating_mode FROM user_preferences") == "off\n"; }));
    CHECK(site.state("site").at("mode") == "off");
}

TEST_CASE("moves a broken database aside with an alarm and continues") {
    Site site;
    site.write_config();
    write_file(site.database_path(), std::string(20000, 'x'));
    site.start_devices();
    site.start_voltd();
    site.quicken();
    CHECK_MESSAGE(site.wait_for_command("miner1", "ON"), site.voltd->text());
    CHECK(eventually([&] { return !site.state("alarm/database_restored").empty(); }));
}

TEST_CASE("refuses and counts nonsense, and uses the other source") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state("battery")["source"] == "victron.battery"; }));
    site.tell("gx", {"fault", "gx", "zeros", "60"});
    CHECK(eventually([&] { return site.state("battery")["source"] == "sol_ark"; }));
    CHECK(site.state("battery").at("voltage_v") == 52.30);
    site.tell("gx", {"fault", "gx", "shifted", "60"});
    CHECK(eventually([&] { return site.state("source/victron.battery").value("failures", 0) > 0; }));
    CHECK(site.state("battery").at("voltage_v") == 52.30);
}

TEST_CASE("a bad file at reload keeps the running configuration") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state("site").value("commands", "") == "live"; }));
    const std::string good = read_file(site.config_path());
    write_file(site.config_path(), good + "nonsense: 1\n");
    site.voltd->signal(SIGHUP);
    CHECK(eventually([&] { return !site.state("alarm/config_rejected").empty(); }));
    CHECK(site.voltd->running());
    site.write_config(", commands: shadow");
    site.voltd->signal(SIGHUP);
    CHECK(eventually([&] { return site.state("site").value("commands", "") == "shadow"; }));
    CHECK(eventually([&] { return site.state("alarm/config_rejected").empty(); }));
}

TEST_CASE("a reload without a readable password keeps the working connection") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(site.wait_for_command("miner1", "ON"));
    const auto connects = [&] {
        std::size_t count = 0;
        for (const Heard& message : site.received())
            count += message.topic == "voltd/solar-shack/status" && message.payload == "online" ? 1 : 0;
        return count;
    };
    const auto before = connects();
    bool shadow = false;
    SUBCASE("live") {}
    SUBCASE("shadow") { shadow = true; }
    site.write_config(shadow ? ", commands: shadow" : "");
    std::string text = read_file(site.config_path());
    text.insert(text.find(" }\noutputs:"), ", username: voltd, password_file: " + (site.dir / "mqtt.password"));
    write_file(site.config_path(), text);
    site.voltd->signal(SIGHUP);
    REQUIRE(eventually([&] { return !site.state("alarm/config_rejected").empty(); }));
    CHECK(site.state("alarm/config_rejected").at("text").get<std::string>().find("mqtt.password cannot be read") !=
          std::string::npos);
    CHECK(site.last("voltd/solar-shack/status") == "online");
    if (shadow) {  // the owner's choice applies anyway
        CHECK(site.wait_for_command("miner1", "OFF"));
        CHECK(eventually([&] { return site.state("site").value("commands", "") == "shadow"; }));
    } else {  // it still controls
        site.pin({.voltage = 44.50});
        CHECK(site.wait_for_command("miner1", "OFF"));
    }
    CHECK(connects() == before);
    write_file(site.dir / "mqtt.password", "secret\n");
    CHECK(eventually([&] { return connects() > before; }));
    // Topics of the previous connection are cleared half a minute later.
    CHECK(eventually([&] { return site.state("alarm/config_rejected").empty(); }));
    CHECK(site.voltd->wait_for("was reloaded and is in force"));
}

TEST_CASE("only a file wholly in force becomes the good copy") {
    Site site;
    site.voltd_under = {"env", "STATE_DIRECTORY=" + site.dir.path()};
    site.write_config();
    const std::string good = read_file(site.config_path());
    site.start_devices();
    site.start_voltd();
    REQUIRE(eventually([&] { return read_file(site.dir / "voltd.yaml.good") == good; }));
    const auto reload_with = [&](const std::string& from, const std::string& to) {
        std::string changed = good;
        changed.replace(changed.find(from), from.size(), to);
        write_file(site.config_path(), changed);
        site.voltd->signal(SIGHUP);
        return changed;
    };
    std::string expected = good;
    SUBCASE("waits") {
        reload_with("site: solar-shack", "site: solar-barn");
        REQUIRE(site.voltd->wait_for("the change to 'site' takes effect after a restart"));
    }
    SUBCASE("in force") { expected = reload_with("weather/sunny", "weather/sky"); }
    REQUIRE(site.voltd->wait_for("was reloaded and is in force"));
    site.voltd->signal(SIGTERM);  // everything to be written is written by then
    REQUIRE(site.voltd->wait() == 0);
    CHECK(read_file(site.dir / "voltd.yaml.good") == expected);
}

TEST_CASE("a bad edit and a power cut use the last good file") {
    Site site;
    site.voltd_under = {"env", "STATE_DIRECTORY=" + site.dir.path()};
    site.write_config();
    const std::string good = read_file(site.config_path());
    const auto severity = [&] { return site.state("alarm/config_rejected").value("severity", ""); };
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(site.wait_for_command("miner1", "ON"));
    REQUIRE(eventually([&] { return read_file(site.dir / "voltd.yaml.good") == good; }));
    write_file(site.config_path(), good + "victrom: {}\n");
    site.voltd->signal(SIGHUP);
    REQUIRE(eventually([&] { return severity() == "warning"; }));
    CHECK(read_file(site.dir / "voltd.yaml.good") == good);
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.start_voltd({"--check"});
    CHECK(site.voltd->wait() == 78);
    const std::size_t from = site.commands("miner1").size();
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return severity() == "critical"; }), site.voltd->text());
    CHECK(site.state("alarm/config_rejected").at("text").get<std::string>().find("victrom: unknown key") != std::string::npos);
    site.pin({.voltage = 44.50});
    CHECK(site.wait_for_command("miner1", "OFF", from));
    write_file(site.config_path(), good);
    site.voltd->signal(SIGHUP);
    CHECK(eventually([&] { return site.state("alarm/config_rejected").empty(); }));
    // A missing file is a bad one.
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    REQUIRE(unlink(site.config_path().c_str()) == 0);
    site.start_voltd();
    CHECK(eventually([&] { return severity() == "critical"; }));
}

TEST_CASE("commands: shadow in a bad file always applies") {
    Site site;
    site.voltd_under = {"env", "STATE_DIRECTORY=" + site.dir.path()};
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE(site.wait_for_command("miner1", "ON"));
    const auto commands = [&] { return site.state("site").value("commands", ""); };
    REQUIRE(commands() == "live");
    REQUIRE(eventually([&] { return !read_file(site.dir / "voltd.yaml.good").empty(); }));
    site.write_config(", commands: shadow, start_hold_s: x");
    site.voltd->signal(SIGHUP);
    CHECK(eventually([&] { return commands() == "shadow"; }));
    CHECK_FALSE(site.state("alarm/config_rejected").empty());
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.publish("voltd/solar-shack/site", "", true);
    site.start_voltd();
    CHECK(eventually([&] { return commands() == "shadow"; }));
    site.voltd->signal(SIGTERM);
    site.voltd->wait();
    write_file(site.config_path(), "site: barn\nnonsense: 1\n");
    site.start_voltd();
    CHECK(site.voltd->wait() == 78);
    CHECK(site.voltd->text().find("another site (solar-shack)") != std::string::npos);
}

namespace {

/// A port that accepts no connection and answers nothing: its queue is full.
class BlackHole {
public:
    BlackHole() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        for (int& fd : fds_) fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        const bool listening =
            bind(fds_[0], generic, size) == 0 && listen(fds_[0], 0) == 0 && getsockname(fds_[0], generic, &size) == 0;
        if (!listening) throw std::runtime_error("no black hole");
        for (std::size_t i = 1; i < fds_.size(); ++i) connect(fds_[i], generic, size);
        port = ntohs(address.sin_port);
    }
    ~BlackHole() {
        for (const int fd : fds_) close(fd);
    }
    int port = 0;

private:
    std::array<int, 4> fds_{};
};

}  // namespace

TEST_CASE("a device without connections delays neither reload nor stop") {
    const BlackHole hole;
    Site site;
    site.gx_port = hole.port;
    site.write_config();
    std::string text = read_file(site.config_path());
    text.replace(text.find("poll_s: 0.2, units"), 11, "timeout_ms: 10000, poll_s: 1");
    write_file(site.config_path(), text);
    site.start_broker();
    site.start_listener();
    site.start_sol_ark();
    site.start_relays();
    site.start_voltd();
    site.quicken();
    REQUIRE(eventually([&] { return site.state("battery")["source"] == "sol_ark"; }));
    text.replace(text.find("poll_s: 1,"), 10, "poll_s: 2,");
    write_file(site.config_path(), text);
    site.voltd->signal(SIGHUP);
    REQUIRE(site.voltd->wait_for("was reloaded", 0, std::chrono::seconds{5}));
    site.voltd->signal(SIGTERM);
    CHECK(site.voltd->wait(std::chrono::seconds{5}) == 0);
}

TEST_CASE("a second voltd on the same database exits with a message") {
    Site site;
    site.write_config();
    site.start_voltd();
    REQUIRE(eventually([&] { return site.http_status("/health") == 503; }));
    auto first = std::move(site.voltd);
    site.start_voltd();
    CHECK(site.voltd->wait() == 1);
    CHECK(site.voltd->text().find("is in use by another voltd") != std::string::npos);
    CHECK(first->running());
}
