#include "daemon/host/background_io.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "drivers/source.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;

namespace {

LoadedZone wait_for_zone(BackgroundIo& background, const std::string& name) {
    for (const Time limit = monotonic_now() + 30s; monotonic_now() < limit; std::this_thread::yield())
        if (auto zone = background.files().take_zone(); zone && zone->name == name) return std::move(*zone);
    return {};
}

}  // namespace

TEST_CASE("loads the newest requested zone in the background") {
    BackgroundIo background(10ms);
    background.files().request_zone("Mars/Olympus");
    background.files().request_zone("Europe/Berlin");
    const LoadedZone zone = wait_for_zone(background, "Europe/Berlin");
    REQUIRE(zone.clock);
    CHECK(zone.clock->name() == "Europe/Berlin");
    CHECK_FALSE(background.files().take_zone().has_value());
    background.files().request_zone("Mars/Olympus");
    const LoadedZone none = wait_for_zone(background, "Mars/Olympus");
    CHECK((none.name == "Mars/Olympus" && none.clock == nullptr));
    if (const auto known = clock_is_synchronised()) CHECK(background.checks().clock_synchronised() == *known);
}

TEST_CASE("reads the configuration in the background and wakes the caller") {
    std::atomic<int> woken = 0;
    BackgroundIo background(10ms, [&] { ++woken; });
    background.files().request_config("/no/such/voltd.yaml");
    for (const Time limit = monotonic_now() + 30s; monotonic_now() < limit && woken == 0;) std::this_thread::yield();
    const std::optional<ParsedConfig> parsed = background.files().take_config();
    REQUIRE(parsed);
    CHECK_FALSE(parsed->config);
    CHECK(parsed->problems.size() == 1);
    CHECK_FALSE(background.files().take_config());
}

TEST_CASE("writes the copy in the background and reports failure once") {
    BackgroundIo background(10ms);
    background.files().request_copy("/no/such/voltd.yaml.good", "site: a\n");
    std::optional<std::string> trouble;
    for (const Time limit = monotonic_now() + 30s; monotonic_now() < limit && !trouble;) {
        trouble = background.files().take_copy_failure();
        std::this_thread::yield();
    }
    REQUIRE(trouble);
    CHECK(trouble->find("/no/such/voltd.yaml.good") != std::string::npos);
    CHECK_FALSE(background.files().take_copy_failure());
}

TEST_CASE("checks the power supply and lists the changes of a reload") {
    testing::TempDir dir;
    std::filesystem::create_directory(dir / "hwmon0");
    testing::write_file(dir / "hwmon0/name", "rpi_volt\n");
    testing::write_file(dir / "hwmon0/in0_lcrit_alarm", "1\n");
    const std::string before = "site: a\nvictron: {host: h}\nmqtt: {url: mqtt://b}\n";
    testing::write_file(dir / "voltd.yaml", before + "control: {commands: shadow}\n");
    BackgroundIo background(
        10ms, [] {}, dir.path());
    background.files().request_config(dir / "voltd.yaml", before);
    std::optional<ParsedConfig> parsed;
    CHECK(testing::eventually([&] { return (parsed = background.files().take_config()).has_value(); }));
    REQUIRE(parsed);
    CHECK(parsed->changes == std::vector<std::string>{"control.commands: default -> \"shadow\""});
    CHECK(testing::eventually([&] { return background.checks().under_voltage(); }));
}

TEST_CASE("warns 14 days before the certificate authority expires") {
    testing::TempDir dir;
    const std::string file = dir / "ca.crt";
    testing::Process make({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                           "-keyout", dir / "ca.key", "-out", file, "-subj", "/CN=Shack CA", "-days", "30"});
    REQUIRE_MESSAGE(make.wait() == 0, make.text());
    BackgroundIo background(10ms);
    background.checks().watch_certificates(file);
    std::optional<CertificateEnd> first;
    REQUIRE(testing::eventually([&] { return (first = background.checks().certificate_end()).has_value(); }));
    CHECK(first->name == "Shack CA");
    const Utc today = WallClock().utc(Time{});
    CHECK(first->at - today > 29 * 24h);
    CHECK(first->at - today < 31 * 24h);
    CHECK(certificate_text(first, file, first->at - certificate_warning - 1s).empty());
    CHECK(
        certificate_text(CertificateEnd{"Shack CA", Utc{1'750'532'400'000}}, "/etc/ca.crt", Utc{1'750'532'400'000} - 14 * 24h) ==
        "The certificate Shack CA in /etc/ca.crt ends on 2025-06-21: after that voltd cannot connect to the broker. Replace it "
        "before then");
    CHECK(certificate_text(first, file, first->at).find("cannot connect to the broker with it") != std::string::npos);
    background.checks().watch_certificates("");
    CHECK_FALSE(background.checks().certificate_end());
    // Ignore a system bundle, which is renewed with the system, and a file that is not a certificate.
    const std::string one = testing::read_file(file);
    std::string many;
    for (int i = 0; i <= most_certificates; ++i) many += one;
    testing::write_file(dir / "bundle.crt", many);
    CHECK_FALSE(first_to_end(dir / "bundle.crt"));
    CHECK_FALSE(first_to_end(dir / "ca.key"));
    CHECK_FALSE(first_to_end(dir / "missing"));
}
