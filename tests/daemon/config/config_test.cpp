#include "daemon/config/config.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

const std::string example_path = std::string(VOLT_SOURCE_DIR) + "/schema/voltd.example.yaml";

/// Temporary directory, removed by the destructor.
struct Directory {
    std::string path = "/var/tmp/volt-config-XXXXXX";
    Directory() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
    ~Directory() { REQUIRE(std::system(("rm -rf " + path).c_str()) == 0); }
};

}  // namespace

TEST_CASE("resolves a database link to its target") {
    const Directory directory;
    std::ofstream(directory.path + "/real.db") << "";
    REQUIRE(::symlink((directory.path + "/real.db").c_str(), (directory.path + "/link.db").c_str()) == 0);
    std::ofstream(directory.path + "/voltd.yaml") << least << "database: " << directory.path << "/link.db\n";
    const ParsedConfig parsed = load_config(directory.path + "/voltd.yaml");
    REQUIRE(parsed.config);
    CHECK(parsed.config->database == real_path(directory.path) + "/real.db");
    CHECK(real_path(directory.path + "/none/voltd.db") == real_path(directory.path) + "/none/voltd.db");
}

TEST_CASE("uses every default for the minimal file") {
    const ParsedConfig parsed = parse(least);
    CHECK(said(parsed.problems) == "");
    REQUIRE(parsed.config);
    const Config& c = *parsed.config;
    CHECK(c.site == "shack");
    CHECK(c.database == "/var/lib/voltd/voltd.db");
    CHECK(c.victron->port == 502);
    CHECK(c.victron->poll == 1s);
    CHECK(c.victron->timeout == 1s);
    CHECK(c.victron->system_unit == 100);
    CHECK_FALSE(c.victron->battery_unit);
    CHECK(c.victron->charge_limit == ChargeLimit::report);
    CHECK(c.victron->charge_limit_a == -1);
    CHECK(c.mqtt.host == "127.0.0.1");
    CHECK(c.mqtt.port == 1883);
    CHECK(c.mqtt.version == 5);
    CHECK(c.mqtt.client_id == "voltd-shack");
    CHECK(c.voltage_sources == std::vector<std::string>{"victron.battery", "victron.system"});
    CHECK(c.power_sources.pv == std::vector<std::string>{"victron.system"});
    CHECK(says(parsed.warnings, "no Sol-Ark"));
    CHECK(c.outputs.empty());
    CHECK_FALSE(c.weather);
    CHECK_FALSE(c.charge_output);
    CHECK_FALSE(c.clear_retained);
    CHECK(c.api == ApiConfig{.site = c.site});
    CHECK(c.clock == ClockTrust::automatic);
    CHECK(c.log_level == Level::info);
    CHECK(c.control.live);
    CHECK(c.control.spike == 200_cV);
    CHECK(c.control.trip_margin == 100_dK);
}

TEST_CASE("orders default sources by trust") {
    const auto both =
        parse("site: s\nvictron: {host: a, units: {battery: 225}}\nsol_ark: {host: b}\nmqtt: {url: mqtt://c:1999}\n");
    REQUIRE(both.config);
    CHECK(both.config->voltage_sources == std::vector<std::string>{"victron.battery", "victron.system", "sol_ark"});
    CHECK(both.config->power_sources.grid == std::vector<std::string>{"sol_ark"});
    CHECK(both.config->mqtt.port == 1999);
    CHECK(both.warnings.empty());
    const auto part = parse_more("power_sources: {grid: []}");
    REQUIRE(part.config);
    CHECK(part.config->power_sources.grid.empty());
    CHECK(part.config->power_sources.load == std::vector<std::string>{"victron.system"});
}

TEST_CASE("stores every value of a complete file") {
    const auto parsed = parse(
        "site: solar-shack\ndatabase: /d/x.db\n"
        "victron: {host: 10.0.0.2, port: 1502, poll_s: 0.25, timeout_ms: 900, units: {system: 0, battery: 225, vebus: "
        "227},\n"
        "  temperatures: [{id: battery-box, unit: 24, role: battery}, {id: attic, unit: 25}], charge_limit: write,\n"
        "  charge_limit_a: 120}\n"
        "sol_ark: {host: 'fe80::1', port: 503, framing: rtu, unit: 0, poll_s: 300, timeout_ms: 50, power_scale: 10,\n"
        "  grid_power_scale: 1, generator_port: micro_inverters, battery_current_scale: 0.10}\n"
        "voltage_sources: [sol_ark, victron.vebus]\npower_sources: {pv: [sol_ark, victron.system], load: "
        "[victron.system]}\n"
        "mqtt: {url: 'mqtts://broker.lan', client_id: me, version: 3, username: u, password_file: /p}\n"
        "outputs:\n"
        "  - {id: a, topic: m1, channel: 2, lease_s: 30.5, require_lease: true, on_exit: off, external_override: "
        "reassert,\n"
        "     meter: true, full_topic: '%topic%/%prefix%/', state_words: [AUS, ON]}\n"
        "  - {id: b, kind: level, dialect: generic, command_topic: c, max_level: 8, safe_state: on, state_topic: s,\n"
        "     state_field: f, state_on: '1', state_off: '0', availability_topic: av, available: 'yes', power_topic: "
        "p,\n"
        "     power_field: w}\n"
        "  - {id: c, dialect: generic, command_topic: d, payload_on: '1', payload_off: '0', safe_state: 'on', lease_s: "
        "0,\n"
        "     state_topic: t}\n"
        "sensors: [{id: r, topic: t/r, field: f, quantity: temperature, role: battery, stale_after_s: 20},\n"
        "          {id: q, topic: t/q}]\n"
        "weather: {topic: w, field: s, sunny_when: [\"on\"], stale_after_s: 1}\n"
        "charge_output: c\nclear_retained: true\napi: {listen: '[::1]:8481', token_file: /t, hosts: [shed.example], proxies: "
        "['fd00::9', 192.168.1.9]}\n"
        "control: {tick_s: 0.5, commands: shadow, clock: trusted, spike_v: 1.25, trip_margin_c: 2.5, "
        "temperature_stale_s: 99,\n"
        "  excess_hysteresis_w: 400, starts_on_fallback: true}\nlog_level: debug\n");
    CHECK(said(parsed.problems) == "");
    REQUIRE(parsed.config);
    const Config& c = *parsed.config;
    CHECK(c.victron->poll == 250ms);
    CHECK(c.victron->system_unit == 0);
    CHECK(c.victron->vebus_unit == 227);
    REQUIRE(c.victron->temperatures.size() == 2);
    CHECK(c.victron->temperatures[0].role == TemperatureRole::battery);
    CHECK(c.victron->temperatures[1].role == TemperatureRole::room);
    CHECK(c.victron->charge_limit == ChargeLimit::write);
    CHECK(c.victron->charge_limit_a == 120);
    CHECK(c.sol_ark->host == "fe80::1");
    CHECK(c.sol_ark->framing == Framing::rtu);
    CHECK(c.sol_ark->power_scale == 10);
    CHECK(c.sol_ark->grid_power_scale == 1);
    CHECK(c.sol_ark->micro_inverters);
    CHECK(c.sol_ark->battery_current_step_ma == 100);
    CHECK(c.sol_ark->poll == 300s);
    CHECK(c.power_sources.pv.size() == 2);
    CHECK(c.mqtt.tls);
    CHECK(c.mqtt.port == 8883);
    CHECK(c.mqtt.client_id == "me");
    CHECK(c.mqtt.version == 3);
    CHECK(c.mqtt.ca_file == "/etc/ssl/certs/ca-certificates.crt");
    REQUIRE(c.outputs.size() == 3);
    CHECK(c.outputs[0].channel == 2);
    CHECK(c.outputs[0].lease == 30500ms);
    CHECK(c.outputs[0].on_exit == OnExit::off);
    CHECK(c.outputs[0].external_override == ExternalSwitch::reassert);
    CHECK(c.outputs[0].full_topic == "%topic%/%prefix%/");
    CHECK(c.outputs[0].state_word_off == "AUS");
    CHECK(c.outputs[1].safe_state == SafeState::on);
    CHECK(c.outputs[1].max_level == 8);
    CHECK(c.outputs[1].state_off == "0");
    CHECK(c.outputs[2].payload_on == "1");
    CHECK(c.sensors[0].stale_after == 20s);
    CHECK(c.sensors[0].role == TemperatureRole::battery);
    CHECK_MESSAGE(c.sensors[1].stale_after == 99s, "left out: temperature_stale_s");
    CHECK(c.weather->sunny_when == std::vector<std::string>{"on"});
    CHECK(c.charge_output == "c");
    CHECK(c.api == ApiConfig{"::1", 8481, "/t", {"shed.example"}, {"fd00::9", "192.168.1.9"}, false, false, {}, c.site});
    CHECK(c.control.tick == 500ms);
    CHECK_FALSE(c.control.live);
    CHECK(c.clock == ClockTrust::trusted);
    CHECK(c.control.spike == 125_cV);
    CHECK(c.control.trip_margin == 25_dK);
    CHECK_FALSE_MESSAGE(says(parsed.warnings, "keep charging"), "the charge output reaches all");
}

TEST_CASE("reports every problem in one run with line and column") {
    const auto parsed = parse(
        "site: Solar Shack\n"                               // 1
        "victron:\n"                                        // 2
        "  hst: 10.0.0.2\n"                                 // 3
        "  poll_s: 0.1\n"                                   // 4
        "  timeout_ms: 1s\n"                                // 5
        "  units: { system: 010, batery: 225 }\n"           // 6
        "mqtt:\n"                                           // 7
        "  url: mqtt://user:hunter2@broker\n"               // 8
        "  version: 4\n"                                    // 9
        "outputs:\n"                                        // 10
        "  - id: one\n"                                     // 11
        "    kind: relay\n"                                 // 12
        "    safe_state: auto\n"                            // 13
        "  - id: one\n"                                     // 14
        "    topic: a/+/b\n"                                // 15
        "weather: { topic: w, sunny_when: [sunny, on] }\n"  // 16
        "control: { start_hold: 60, spike_v: 0.505 }\n"     // 17
        "log_level: loud\n"                                 // 18
        "site: again\n");                                   // 19
    CHECK_FALSE(parsed.config);
    CHECK(said(parsed.problems) ==
          "f.yaml:1:7: site: invalid name \"Solar Shack\"; expected lowercase letters, digits and hyphens\n"
          "f.yaml:3:3: victron.hst: unknown key; did you mean host?\n"
          "f.yaml:4:11: victron.poll_s: 0.1 is out of range; expected 0.2 to 300 s\n"
          "f.yaml:5:15: victron.timeout_ms: \"1s\" contains more than digits; expected the number alone (its unit is in the name "
          "of the key)\n"
          "f.yaml:6:20: victron.units.system: \"010\" has a leading zero (octal elsewhere); expected the number without it\n"
          "f.yaml:6:25: victron.units.batery: unknown key; did you mean battery?\n"
          "f.yaml:8:8: mqtt.url: invalid value; expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; user and password have their "
          "own "
          "keys\n"
          "f.yaml:9:12: mqtt.version: \"4\" is not allowed here; expected one of: 5, 3\n"
          "f.yaml:11:5: outputs[0].topic: missing; dialect tasmota needs it\n"
          "f.yaml:13:5: outputs[0].safe_state: auto is for fans (kind: level); expected off\n"
          "f.yaml:14:5: outputs[1].id: \"one\" is already used on line 11; use a unique id\n"
          "f.yaml:15:12: outputs[1].topic: invalid value \"a/+/b\"; expected a topic without +, #, control or invisible "
          "characters\n"
          "f.yaml:16:42: weather.sunny_when[1]: \"on\" without quotes is a boolean, not text; write \"on\" in quotes\n"
          "f.yaml:17:12: control.start_hold: unknown key; did you mean start_hold_s?\n"
          "f.yaml:17:37: control.spike_v: \"0.505\" is not a multiple of 0.01; expected a number, 0.5 to 10 V\n"
          "f.yaml:18:12: log_level: unknown value \"loud\"; expected one of: debug, info, warning, error\n"
          "f.yaml:19:1: site: duplicate key, also on line 1; keep one\n");
}

TEST_CASE("names each missing required key") {
    const auto empty_map = parse("{}\n");
    CHECK(said(empty_map.problems) ==
          "f.yaml:1:1: site: missing; expected lowercase letters, digits and hyphens\n"
          "f.yaml:1:1: mqtt: missing; expected a section (key: value)\n"
          "f.yaml:1:1: victron: no victron or sol_ark section; expected at least one of the two\n");
    CHECK(says(parse("site: s\nsol_ark: {host: h}\nmqtt: {version: 5}\n").problems, "3:7: mqtt.url: missing"));
    CHECK(parse("site: s\nsol_ark: {host: h}\nmqtt: {url: mqtt://b}\n").config);
}

TEST_CASE("reports YAML pitfalls instead of accepting them") {
    struct {
        const char* more;
        const char* finding;
    } traps[] = {
        {"database:", "f.yaml:4:1: database: no value given"},
        {"database: ~", "database: no value"},
        {"database: null", "database: no value"},
        {"outputs:", "outputs: no value given; expected a list"},
        {"control: 5", "control: found \"5\"; expected a section"},
        {"control: [1]", "control: found a list; expected a section"},
        {"outputs: {id: a}", "outputs: found a section; expected a list"},
        {"outputs: [a]", "f.yaml:4:11: outputs[0]: found \"a\"; expected a section"},
        {"voltage_sources: victron.system", "voltage_sources: found \"victron.system\"; expected a list of at least one"},
        {"voltage_sources: []", "voltage_sources: empty list"},
        {"voltage_sources: [victron.system, victron.system]", "voltage_sources[1]: \"victron.system\" appears twice"},
        {"clear_retained: yes", "clear_retained: \"yes\" is not a boolean; use true or false"},
        {"clear_retained: \"true\"", "clear_retained: \"true\" in quotes is text"},
        {"clear_retained: 1", "clear_retained: \"1\" is not a boolean"},
        {"control: {frozen_s: 0x10}", "\"0x10\" is hexadecimal"},
        {"control: {frozen_s: 0900}", "\"0900\" has a leading zero"},
        {"control: {frozen_s: .nan}", "\".nan\" is not a finite number"},
        {"control: {frozen_s: -.inf}", "\"-.inf\" is not a finite number"},
        {"control: {frozen_s: 1e3}", "\"1e3\" has an exponent"},
        {"control: {frozen_s: 1,5}", "unknown key"},
        {"control: {frozen_s: \"900\"}", "\"900\" in quotes is text"},
        {"control: {frozen_s: 900 s}", "the number alone"},
        {"control: {frozen_s: abc}", "\"abc\" is not a number"},
        {"control: {frozen_s: 900.0005}", "\"900.0005\" is not a multiple of 0.001"},
        {"control: {excess_hysteresis_w: 500.5}", "\"500.5\" is not a whole number"},
        {"control: {trip_margin_c: 10.05}", "\"10.05\" is not a multiple of 0.1"},
        {"control: {frozen_s: 99999999999999999999}", "too many digits"},
        {"control: {tick_s: 1, tick_s: 1}", "f.yaml:4:22: control.tick_s: duplicate key, also on line 4"},
        {"log_level: &a info", "f.yaml:4:12: an anchor (&) is not supported"},
        {"api: &a {token_file: /x}\ncontrol: *a", "f.yaml:5:10: an alias (*) is not supported"},
        {"control: {<<: {tick_s: 1}}", "control.<<: merge keys are not supported"},
        {"log_level: !!str info", "a tag (!) is not supported"},
        {"? [a, b]\n: 1", "a list in place of a key"},
        {"---\nsite: b", "f.yaml:4:1: a second document begins"},
        {"database: \"a\\0b\"", "database: value \"a?b\" contains an invisible character (U+0000); remove it"},
        {"database: \"\"", "database: invalid value \"\""},
        {"database: 5", "database: \"5\" without quotes is a number, not text"},
        {"\tdatabase: x", "not valid YAML here"},
        {"api: {listen: ha.lan:8480}", "expected an ADDRESS:PORT such as 127.0.0.1:8480"},
        {"api: {lan: yes}", "api.lan: unknown value \"yes\""},
        {"api: {view: view}", "api.view: unknown value \"view\""},
        {"api: {frames: [ha.lan]}", "expected an origin such as http://homeassistant.local:8123"},
        {"api: {frames: [\"http://ha.lan/x\"]}", "expected an origin"},
        {"api: {frames: [\"http://a; script-src *\"]}", "expected an origin"},
        {"api: {listen: \"127.999.0.1:8480\"}", "an address has four numbers"},
        {"api: {listen: 127.0.0.1}", "api.listen: invalid value \"127.0.0.1\""},
        {"api: {listen: \"127.0.0.1:0\"}", "api.listen"},
        {"api: {listen: \"localhost:65536\"}", "api.listen"},
        {"Log_Level: info", "Log_Level: unknown key; did you mean log_level?"},
        {"zzzzzz: 1", "zzzzzz: unknown key; known here: site, database"},
        {"\"a\\nb\": 1", "a?b: the key contains an invisible character (U+000A)"},
    };
    for (const auto& trap : traps) {
        const auto parsed = parse_more(trap.more);
        CAPTURE(trap.more);
        CAPTURE(said(parsed.problems));
        CHECK_FALSE(parsed.config);
        CHECK(says(parsed.problems, trap.finding));
    }
}

TEST_CASE("reports one clear problem for a broken text") {
    CHECK(said(parse("").problems) == "f.yaml: the file is empty; copy voltd.example.yaml to start\n");
    CHECK(said(parse("# nothing\n").problems) == "f.yaml: the file is empty; copy voltd.example.yaml to start\n");
    CHECK(says(parse("just a word\n").problems, "f.yaml:1:1: found \"just a word\"; expected a section"));
    CHECK(says(parse("- a\n").problems, "found a list; expected a section"));
    CHECK(said(parse(std::string("site: a\nx: \0b\n", 13)).problems) == "f.yaml:2:4: not a UTF-8 text file\n");
    CHECK(said(parse("site: a\nb: \xc3(\n").problems) == "f.yaml:2:4: not a UTF-8 text file\n");
    CHECK(says(parse("site: [a\n").problems, "not valid YAML here"));
    CHECK(says(parse(std::string(most_config_bytes + 1, '#')).problems, "larger than 256 kB"));
    CHECK(parse(least + std::string(most_config_bytes - least.size() - 1, '#') + "\n").config);
    const auto no_end = parse("site: s\nsol_ark: {host: h}\nmqtt: {url: mqtt://b}");
    CHECK(no_end.config);
    CHECK(said(no_end.warnings) == "f.yaml: the last line is incomplete; is the file still being written?\n");
}

TEST_CASE("ends YAML bombs quickly") {
    for (const char* brick : {"[", "{a: ", "- ", "? ", "a: [", "&a [*a, ", "!!x ", "'", "|\n "}) {
        std::string wall;
        while (wall.size() < most_config_bytes - 16) wall += brick;
        CAPTURE(brick);
        CHECK_FALSE(parse(wall).problems.empty());
    }
    std::string aliases = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'k'; ++c) {
        aliases += std::string(1, c) + ": &" + c + " [";
        for (int i = 0; i < 9; ++i) aliases += std::string(i > 0 ? "," : "") + "*" + static_cast<char>(c - 1);
        aliases += "]\n";
    }
    CHECK(says(parse(aliases).problems, "alias"));
    std::string keys = least;
    for (int i = 0; i < 20'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
    const auto many = parse(keys);
    CHECK(says(many.problems, "more than 20000 values"));
    std::string unknown = least;
    for (int i = 0; i < 500; ++i) unknown += "k" + std::to_string(i) + ": 1\n";
    const auto told = parse(unknown);
    CHECK(told.problems.size() == Report::most_problems + 1);
    CHECK(said({told.problems.back()}) == "f.yaml: 300 more problems; fix these first\n");
}

TEST_CASE("accepts the example and survives truncation at any byte") {
    const std::string text = content_of(example_path);
    REQUIRE(text.size() > 1000);
    const auto whole = parse(text);
    CHECK(said(whole.problems) == "");
    CHECK(said(whole.warnings) == "");
    for (std::size_t length = 0; length < text.size(); ++length) {
        // A cut inside a comment leaves the same document as one at its start.
        const std::size_t line = length == 0 ? 0 : text.rfind('\n', length - 1) + 1, comment = text.find(" #", line);
        if (length > line + 1 && text[line] == '#') continue;
        if (comment < length && length - comment > 2) continue;
        const auto cut = parse(text.substr(0, length));
        if (cut.config.has_value() != cut.problems.empty()) FAIL("a configuration with problems at " << length);
    }
}

TEST_CASE("survives a change of any byte in the example") {
    const std::string text = content_of(example_path);
    // Changing one byte in 23 covers every line.
    for (std::size_t at = 0; at < text.size(); at += 23) {
        for (const char c : {'\0', '\n', ':', '\xff', '{'}) {
            std::string changed = text;
            changed[at] = c;
            const auto parsed = parse(changed);
            if (parsed.config.has_value() != parsed.problems.empty()) FAIL("a configuration with problems at " << at);
        }
    }
}

TEST_CASE("reports paths that are not regular files without blocking") {
    const Directory directory;
    CHECK(says(load_config(directory.path + "/none").problems, "/none: file not found"));
    CHECK(says(load_config(directory.path).problems, "not a regular file"));
    CHECK(says(load_config("/dev/zero").problems, "not a regular file"));
    const std::string pipe = directory.path + "/pipe", big = directory.path + "/big", good = directory.path + "/good";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(says(load_config(pipe).problems, "not a regular file"));
    std::ofstream(big) << std::string(most_config_bytes * 2, ' ');
    CHECK(says(load_config(big).problems, "larger than 256 kB"));
    std::ofstream(good) << least;
    const auto loaded = load_config(good);
    CHECK(loaded.config);
    CHECK(loaded.file == good);
    std::ofstream(good) << "";
    CHECK(says(load_config(good).problems, "empty"));
    CHECK(load_config(example_path).config);
}

TEST_CASE("lists changes that need a restart or block a simulated clock") {
    const Config one = *parse(least).config;
    Config other = one;
    CHECK(needs_restart(one, other).empty());
    other.site = "b";
    other.database = "c";
    other.mqtt.client_id = "d";
    other.log_level = Level::debug;
    CHECK(needs_restart(one, other) == std::vector<std::string>{"site", "database", "mqtt.client_id"});

    // A client id derived from the site is not a change by the owner.
    CHECK(needs_restart(one, *parse("site: barn\nvictron: {host: h}\nmqtt: {url: mqtt://b}\n").config) ==
          std::vector<std::string>{"site"});

    CHECK_FALSE(all_hosts_loopback(one));
    Config local = one;
    local.victron->host = "localhost";
    CHECK(all_hosts_loopback(local));
    local.sol_ark = SolArkConfig{};
    local.sol_ark->host = "10.0.0.1";
    CHECK_FALSE(all_hosts_loopback(local));
    local.sol_ark->host = "127.0.3.1";
    CHECK(all_hosts_loopback(local));
    local.mqtt.host = "broker";
    CHECK_FALSE(all_hosts_loopback(local));
}
