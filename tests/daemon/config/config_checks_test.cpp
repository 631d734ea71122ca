#include <doctest/doctest.h>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

namespace config_checks_test {

namespace {

void bad(const std::string& text, const std::string& finding, std::size_t problems = 1) {
    const auto parsed = parse(text);
    CAPTURE(said(parsed.problems));
    CHECK(parsed.problems.size() == problems);
    CHECK(says(parsed.problems, finding));
}

const std::string head = "site: s\nmqtt: {url: mqtt://h}\n";

}  // namespace

TEST_CASE("requires a named source to be configured") {
    const std::string gx = head + "victron: {host: h}\n";
    bad(gx + "voltage_sources: [victron.system, sol_ark]\n",
        "f.yaml:4:35: voltage_sources[1]: sol_ark is not configured; use a source in this file, or add sol_ark");
    bad(gx + "voltage_sources: [victron.vebus]\n", "add victron.units.vebus");
    bad(head + "sol_ark: {host: h}\nvoltage_sources: [victron.battery]\n", "add victron");
    bad(gx + "power_sources: {pv: [sol_ark]}\n", "f.yaml:4:22: power_sources.pv[0]: sol_ark is not configured");
    bad(head + "sol_ark: {host: h}\npower_sources: {load: [victron.system]}\n", "power_sources.load[0]: victron.system");
    bad(gx + "power_sources: {grid: [victron.battery]}\n", "expected one of: sol_ark, sol_ark_2, victron.system");
    // An unknown one hides no other.
    bad(gx + "voltage_sources: [victron.sytem, sol_ark]\n", "nearest: victron.system", 2);
    bad(gx + "voltage_sources: [victron.sytem, sol_ark]\n", "voltage_sources[1]: sol_ark is not configured", 2);
    // A unit with a bad number is reported once.
    bad(head + "victron: {host: h, units: {battery: 999}}\nvoltage_sources: [victron.battery]\n", "out of range");
}

TEST_CASE("adds a second inverter's power and rejects the same address twice") {
    const std::string one = head + "sol_ark: {host: h, poll_s: 2}\n";
    const auto both = parse(one + "sol_ark_2: {host: i}\n");
    REQUIRE(both.config);
    using Names = std::vector<std::string>;
    CHECK(both.config->sol_ark_2->host == "i");
    CHECK(both.config->voltage_sources == Names{"sol_ark", "sol_ark_2"});
    for (const Names* list : {&both.config->power_sources.pv, &both.config->power_sources.load, &both.config->power_sources.grid,
                              &both.config->power_sources.battery})
        CHECK(*list == Names{"sol_ark", "sol_ark_2"});
    CHECK(parse(one + "sol_ark_2: {host: h, unit: 2, poll_s: 2}\n").config);
    CHECK(parse(one + "sol_ark_2: {host: h, port: 503, framing: rtu}\n").config);
    CHECK(parse(one + "sol_ark_2: {host: i}\npower_sources: {pv: [sol_ark_2], load: [sol_ark, sol_ark_2], grid: []}\n").config);
    bad(one + "sol_ark_2: {host: h, poll_s: 2}\n", "sol_ark_2.unit: 1 is the unit of sol_ark, behind the same host");
    bad(one + "sol_ark_2: {host: h, unit: 2}\n", "sol_ark_2.poll_s: differs from sol_ark's");
    bad(one + "sol_ark_2: {host: h, unit: 2, poll_s: 2, framing: rtu, timeout_ms: 99}\n",
        "f.yaml:4:42: sol_ark_2.framing: differs from sol_ark's, behind the same host and port; expected the value of sol_ark",
        2);
    bad(head + "victron: {host: g}\nsol_ark_2: {host: i}\n", "f.yaml:4:1: sol_ark_2: there is no sol_ark");
    bad(one + "power_sources: {pv: [sol_ark_2]}\n", "sol_ark_2 is not configured");
    bad(one + "voltage_sources: [sol_ark_2]\n", "add sol_ark_2");
}

TEST_CASE("reports a second inverter that is not counted") {
    const std::string both = head + "sol_ark: {host: h}\nsol_ark_2: {host: i}\n";
    const auto warned = [](const std::string& text, const std::string& finding) {
        const auto parsed = parse(text);
        CAPTURE(said(parsed.problems) + said(parsed.warnings));
        CHECK(parsed.config);
        CHECK(says(parsed.warnings, finding));
    };
    warned(both + "power_sources: {pv: [sol_ark]}\n", "f.yaml:5:17: power_sources.pv: counts sol_ark but not sol_ark_2");
    warned(both + "power_sources: {pv: [sol_ark], load: [sol_ark], grid: []}\n", "sol_ark_2: not in any list of power_sources");
    CHECK(said(parse(both).warnings).empty());
    CHECK(said(parse(both + "power_sources: {pv: [sol_ark, sol_ark_2]}\n").warnings).empty());
    bad(head + "sol_ark: {host: gw.lan}\nsol_ark_2: {host: GW.lan}\n", "sol_ark_2.unit: 1 is the unit of sol_ark");
}

TEST_CASE("warns about a GX and a Sol-Ark at one address") {
    const std::string gx = head + "victron: {host: gw.lan, port: 1502}\n";
    const auto doubted = [&](const std::string& more) { return said(parse(gx + more).warnings); };
    CHECK(doubted("sol_ark: {host: GW.lan, port: 1502}\n") ==
          "f.yaml:4:11: sol_ark.host: \"GW.lan\" port 1502 is also the address of victron: a gateway that accepts only one "
          "client blocks one of the two; expected a separate address for each (voltctl probe shows what answers there)\n");
    CHECK(doubted("sol_ark: {host: h}\nsol_ark_2: {host: gw.lan, port: 1502}\n").find("sol_ark_2.host") != std::string::npos);
    CHECK(doubted("sol_ark: {host: gw.lan}\n").empty());
    CHECK(parse(head + "sol_ark: {host: '[fd00::2]'}\n").config->sol_ark->host == "fd00::2");
}

TEST_CASE("rejects sensors and GX temperatures of the same name") {
    bad(head + "victron: {host: h, temperatures: [{id: a, unit: 1}, {id: a, unit: 2}]}\n",
        "temperatures[1].id: \"a\" is already used on line 3");
    bad(head + "victron: {host: h, temperatures: [{id: a, unit: 1}]}\nsensors: [{id: a, topic: t}]\n",
        "f.yaml:4:12: sensors[0].id: \"a\" is already used on line 3");
    bad(head + "victron: {host: h}\nsensors: [{id: a, topic: t}, {id: a, topic: u}]\n", "sensors[1].id: \"a\" is already used");
    bad(head + "victron: {host: h, temperatures: [{id: battery, unit: 1}]}\n", "\"battery\" is the name of a unit");
}

TEST_CASE("warns about charge settings that the charger will not follow") {
    const auto write = parse(head + "victron: {host: h, charge_limit: write}\nsol_ark: {host: i}\n");
    CHECK(write.config);
    CHECK(
        says(write.warnings, "f.yaml:3:20: victron.charge_limit: write does not control the Sol-Ark, which would keep charging"));
    CHECK_FALSE(says(parse(head + "victron: {host: h, charge_limit: write}\n").warnings, "charge_limit"));
    CHECK(says(parse(head + "victron: {host: h, charge_limit_a: 0}\n").warnings, "0 would leave charging blocked"));
    const std::string gx = "victron: {host: h, charge_limit: write}\n",
                      ark = "sol_ark: {host: i, charge_limit: write, charge_limit_a: 185}\n";
    CHECK_FALSE(says(parse(head + gx + ark).warnings, "keep charging"));
    CHECK_FALSE(says(parse(head + gx + "sol_ark: {host: i}\ncharge_output: c\noutputs: [{id: c, topic: c}]\n").warnings,
                     "keep charging"));
    CHECK(says(parse(head + ark + "sol_ark_2: {host: j}\n").warnings,
               "sol_ark.charge_limit: write does not control the second Sol-Ark, which would keep charging"));
    CHECK_FALSE(says(parse(head + "victron: {host: h}\n" + ark).warnings, "keep charging"));
    CHECK(says(parse(head + "victron: {host: h, units: {vebus: 227}}\n" + ark).warnings,
               "victron.charge_limit: report: Victron chargers would keep charging"));
}

TEST_CASE("writes register 210 only with a limit to restore") {
    bad(head + "sol_ark: {host: i, charge_limit: write}\n", "sol_ark.charge_limit_a: is missing, and write needs it");
    bad(head + "sol_ark: {host: i, charge_limit: write, charge_limit_a: null}\n", "sol_ark.charge_limit_a: is missing");
    bad(head + "sol_ark: {host: i, charge_limit_a: 0}\n", "sol_ark.charge_limit_a");
    bad(head + "sol_ark: {host: i}\nsol_ark_2: {host: j, charge_limit: write}\n", "sol_ark_2.charge_limit_a: is missing");
    const auto good = parse(head + "sol_ark: {host: i, charge_limit: write, charge_limit_a: 185}\n");
    REQUIRE(good.config);
    CHECK(good.config->sol_ark->charge_limit_a == 185);
    CHECK(parse(head + "sol_ark: {host: i, charge_limit_a: null}\n").config->sol_ark->charge_limit == ChargeLimit::report);
}

TEST_CASE("warns about a relative database and a password without a user") {
    CHECK(says(parse_more("database: voltd.db").warnings, "f.yaml:4:1: database: \"voltd.db\" is a relative path"));
    const auto lonely = parse("site: s\nvictron: {host: h}\nmqtt: {url: mqtt://b, password_file: /p}\n");
    CHECK(lonely.config);
    CHECK(says(lonely.warnings, "f.yaml:3:23: mqtt.password_file: a password without a username is not used"));
}

TEST_CASE("opens the API only where the owner allows, never publicly") {
    const struct {
        const char *api, *finding;
        bool refused;
    } rows[] = {
        {"listen: '127.0.0.1:8480'", "", false},
        {"listen: 'localhost:8480'", "", false},
        {"listen: '[::1]:8480'", "", false},
        {"listen: '0.0.0.0:8480', lan: plain", "", false},
        {"listen: '[::]:8480', lan: plain", "", false},
        {"listen: '192.168.1.5:8480', lan: plain", "", false},
        {"listen: '[fd00::5]:8480', lan: plain, view: open, frames: ['http://ha.lan:8123', 'https://[fd00::9]']", "", false},
        {"listen: '0.0.0.0:8480'", "api.listen: \"0.0.0.0\" can be reached by other machines; use one of three ways: lan: plain",
         true},
        {"listen: '192.168.1.5:8480', lan: off", "tailscale serve); 127.0.0.1:8480 and ssh -L 8480:127.0.0.1:8480", true},
        {"listen: '[fe80::5]:8481'", "ssh -L 8481:127.0.0.1:8481", true},
        {"listen: '8.8.8.8:8480', lan: plain", "api.listen: \"8.8.8.8\" is a public address", true},
        {"listen: '8.8.8.8:8480'", "is a public address", true},
        {"listen: '[2001:db8::1]:8480', lan: plain", "is a public address", true},
        {"lan: plain", "api.lan: plain has no effect: api.listen is a loopback address; set api.listen to 0.0.0.0:8480", false},
        {"frames: ['http://ha.lan:8123']",
         "api.frames: a frame on another host cannot sign in, so it would show nothing; set view: open", false},
    };
    for (const auto& row : rows) {
        const auto parsed = parse_more(std::string("api: {") + row.api + "}");
        CAPTURE(row.api);
        CAPTURE(said(parsed.problems) + said(parsed.warnings));
        CHECK(parsed.config.has_value() != row.refused);
        CHECK(parsed.problems.size() == (row.refused ? 1 : 0));
        CHECK(says(parsed.warnings, "api.") == (*row.finding != '\0' && !row.refused));
        CHECK(says(row.refused ? parsed.problems : parsed.warnings, row.finding));
    }
    const auto open = parse_more("api: {listen: '0.0.0.0:80', lan: plain, view: open, frames: ['http://ha.lan:8123']}");
    REQUIRE(open.config);
    CHECK(open.config->api.lan_plain);
    CHECK(open.config->api.view_open);
    CHECK(open.config->api.frames == std::vector<std::string>{"http://ha.lan:8123"});
    CHECK(open.config->api.site == "shack");
}

TEST_CASE("reports power from the GX alone with one warning") {
    const auto parsed = parse(least);
    CHECK(said(parsed.warnings) ==
          "f.yaml:1:1: power_sources: omitted and there is no Sol-Ark: using victron.system; note that a GX reports 0 for "
          "anything it does not measure\n");
}

}  // namespace config_checks_test
