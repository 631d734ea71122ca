// Tests of every bound of the file, just inside, on and outside. Written by hand from the documentation, not from the tables.
#include <doctest/doctest.h>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

namespace config_nodes_test {

namespace {

struct Bound {
    const char *under, *low, *high, *over;
};

std::string replaced(std::string text, const std::string& mark, const std::string& by) {
    const std::size_t at = text.find(mark);
    REQUIRE(at != std::string::npos);
    return text.replace(at, mark.size(), by);
}

std::string text_with(const std::string& place, const std::string& value) {
    std::string text = "site: shack\nmqtt: {url: mqtt://127.0.0.1}\n";
    if (place.find("victron:") != 0) text += "victron: {host: h}\n";
    return text + replaced(place, "VALUE", value) + "\n";
}

void check_bound(const std::string& place, const Bound& bound) {
    CAPTURE(place);
    for (const char* value : {bound.low, bound.high}) {
        const auto parsed = parse(text_with(place, value));
        CAPTURE(said(parsed.problems));
        CHECK(parsed.config);
    }
    for (const char* value : {bound.under, bound.over}) {
        const auto parsed = parse(text_with(place, value));
        CAPTURE(value);
        CHECK(says(parsed.problems, "is out of range"));
        CHECK(parsed.problems.size() == 1);
    }
}

}  // namespace

TEST_CASE("checks bounds of devices, sensors and outputs") {
    const std::string output = "outputs: [{id: a, topic: t, KEY: VALUE}]";
    const std::string sol_ark = "sol_ark: {host: h, KEY: VALUE}", gx = "victron: {host: h, KEY: VALUE}";
    const auto in = [](const std::string& section, const char* key) { return replaced(section, "KEY", key); };
    for (const std::string& device : {gx, sol_ark}) {
        check_bound(in(device, "port"), {"0", "1", "65535", "65536"});
        check_bound(in(device, "poll_s"), {"0.199", "0.2", "300", "300.001"});
        check_bound(in(device, "timeout_ms"), {"49", "50", "10000", "10001"});
    }
    check_bound("victron: {host: h, units: {system: VALUE}}", {"-1", "0", "247", "248"});
    check_bound("victron: {host: h, units: {battery: VALUE}}", {"-1", "0", "247", "248"});
    check_bound("victron: {host: h, units: {vebus: VALUE}}", {"-1", "0", "247", "248"});
    check_bound("victron: {host: h, temperatures: [{id: t, unit: VALUE}]}", {"-1", "0", "247", "248"});
    check_bound(in(gx, "charge_limit_a"), {"-2", "-1", "32767", "32768"});
    check_bound(in(sol_ark, "unit"), {"-1", "0", "247", "248"});
    check_bound(in(output, "lease_s"), {"29.999", "30", "6500", "6500.001"});
    check_bound(in(output, "lease_s"), {"0.001", "0", "0.0", "-1"});
    check_bound(in(output, "channel"), {"-1", "1", "32", "33"});
    check_bound("outputs: [{id: a, kind: level, dialect: generic, command_topic: t, max_level: VALUE}]",
                {"0", "1", "255", "256"});
    check_bound("sensors: [{id: a, topic: t, stale_after_s: VALUE}]", {"9.999", "10", "7200", "7200.001"});
    check_bound("weather: {topic: t, stale_after_s: VALUE}", {"0.999", "1", "86400", "86400.001"});
}

TEST_CASE("checks bounds of control") {
    const auto at = [](const char* key) { return "control: {" + std::string(key) + ": VALUE}"; };
    check_bound(at("tick_s"), {"0.099", "0.1", "5", "5.001"});
    for (const char* key :
         {"start_hold_s", "stop_hold_s", "restart_hold_s", "blind_grace_s", "start_stagger_s", "settle_s", "confirm_s",
          "start_timeout_s", "adopt_timeout_s", "fan_run_on_s", "fan_level_hold_s", "charge_release_hold_s"})
        check_bound(at(key), {"-0.001", "0", "3600", "3600.001"});
    for (const char* key : {"excess_hysteresis_w", "power_hysteresis_w"}) check_bound(at(key), {"-1", "0", "5000", "5001"});
    for (const char* key : {"trip_margin_c", "charge_release_c"}) check_bound(at(key), {"0.9", "1", "30", "30.1"});
    for (const char* key : {"voltage_stale_s", "power_stale_s"}) check_bound(at(key), {"0.999", "1", "600", "600.001"});
    check_bound(at("temperature_stale_s"), {"9.999", "10", "7200", "7200.001"});
    check_bound(at("trip_grace_s"), {"-0.001", "0", "86400", "86400.001"});
    check_bound(at("frozen_s"), {"9.999", "10", "86400", "86400.001"});
    check_bound(at("spike_v"), {"0.49", "0.5", "10", "10.01"});
}

TEST_CASE("uses the documented defaults of control") {
    const Control c = parse(least).config->control;
    const Duration seconds[] = {c.tick,          c.start_hold,     c.stop_hold,        c.restart_hold,        c.blind_grace,
                                c.start_stagger, c.settle,         c.confirm,          c.start_timeout,       c.adopt_timeout,
                                c.fan_run_on,    c.fan_level_hold, c.trip_grace,       c.charge_release_hold, c.frozen,
                                c.voltage_stale, c.power_stale,    c.temperature_stale};
    const int promised[] = {1, 60, 30, 300, 60, 90, 180, 10, 600, 20, 180, 30, 900, 600, 900, 10, 30, 600};
    for (std::size_t i = 0; i < std::size(promised); ++i) CHECK(seconds[i] == std::chrono::seconds(promised[i]));
    CHECK(c.excess_hysteresis == 500_W);
    CHECK(c.power_hysteresis == 500_W);
    CHECK(c.charge_release == 20_dK);
    CHECK_FALSE(c.starts_on_fallback);
}

TEST_CASE("checks values and forms of texts") {
    struct {
        const char* more;
        bool good;
    } texts[] = {
        {"site: a-1", true},
        {"site: A", false},
        {"site: a_b", false},
        {"site: a/b", false},
        {"site: \"\"", false},
        {"mqtt: {url: mqtt://h}", true},
        {"mqtt: {url: mqtts://h.lan:8883}", true},
        {"mqtt: {url: \"mqtt://[::1]:1883\"}", true},
        {"mqtt: {url: http://h}", false},
        {"mqtt: {url: h}", false},
        {"mqtt: {url: mqtt://}", false},
        {"mqtt: {url: mqtt://h:0}", false},
        {"mqtt: {url: mqtt://h:65536}", false},
        {"mqtt: {url: mqtt://h/path}", false},
        {"mqtt: {url: mqtt://h, version: 3}", true},
        {"mqtt: {url: mqtt://h, version: \"5\"}", false},
        {"victron: {host: 192.168.1.20:502}", false},
        {"victron: {host: \"::1\"}", true},
        {"victron: {host: \"[::1]\"}", true},
        {"victron: {host: \"[::1]:502\"}", false},
        {"victron: {host: [::1]}", false},
        {"victron: {host: \"[gx]\"}", false},
        {"victron: {host: a b}", false},
        {"victron: {host: -a}", false},
        {"victron: {host: h, charge_limit: Write}", false},
        {"victron: {host: h, temperatures: [{id: t, unit: 1, role: cellar}]}", false},
        {"sol_ark: {host: h, framing: udp}", false},
        {"sol_ark: {host: h, power_scale: 100}", false},
        {"sol_ark: {host: h, battery_current_scale: 0.1}", true},
        {"sol_ark: {host: h, battery_current_scale: 1}", false},
        {"sensors: [{id: a, topic: t, quantity: humidity}]", false},
        {"sensors: [{id: a, topic: \"t/#\"}]", false},
        {"sensors: [{id: a, topic: \"t\\u0007\"}]", false},
        {"sensors: [{topic: t}]", false},
        {"sensors: [{id: a}]", false},
        {"weather: {topic: t, sunny_when: []}", false},
        {"weather: {field: f}", false},
        {"weather: {topic: t, sunny_when: [sunny, yes]}", false},
        {"weather: {topic: t, sunny_when: [\"yes\", \"1\"]}", true},
        {"weather: {topic: t, sunny_when: [1]}", false},
        {"site_place: {latitude: 52.52, longitude: 13.4}", true},
        {"site_place: {latitude: -90, longitude: 180}", true},
        {"site_place: {latitude: 52.52}", false},
        {"site_place: {longitude: 13.4}", false},
        {"site_place: {latitude: 90.1, longitude: 0}", false},
        {"site_place: {latitude: 0, longitude: -180.1}", false},
        {"control: {commands: Live}", false},
        {"control: {clock: trusted}", true},
        {"control: {clock: maybe}", false},
        {"charge_output: null", true},
        {"charge_output: ~", true},
    };
    for (const auto& text : texts) {
        const std::string key = std::string(text.more).substr(0, std::string(text.more).find(':'));
        std::string whole = std::string(text.more) + "\n";
        if (key != "site") whole += "site: s\n";
        if (key != "mqtt") whole += "mqtt: {url: mqtt://h}\n";
        if (key != "victron") whole += "victron: {host: h}\n";
        const auto parsed = parse(whole);
        CAPTURE(text.more);
        CAPTURE(said(parsed.problems));
        CHECK(parsed.config.has_value() == text.good);
        CHECK(parsed.problems.size() == (text.good ? 0U : 1U));
    }
}

TEST_CASE("distinguishes a missing home_assistant section from discovery: false") {
    CHECK_FALSE(parse(least).config->home_assistant);
    const auto off = parse_more("home_assistant: {}");
    REQUIRE((off.config && off.config->home_assistant));
    CHECK(*off.config->home_assistant == HomeAssistantConfig{false, "homeassistant", true});
    const auto on = parse_more("home_assistant: {discovery: true, prefix: ha/shack_1, commands: false}");
    REQUIRE((on.config && on.config->home_assistant));
    CHECK(*on.config->home_assistant == HomeAssistantConfig{true, "ha/shack_1", false});
    for (const char* prefix : {"\"a/+\"", "\"#\"", "a/", "/a", "a//b", "\"a b\"", "größe", "\"\"", "voltd", "voltd/shack",
                               "cmnd/x", "stat", "tele/a", "shellies", "zigbee2mqtt/x"}) {
        CAPTURE(prefix);
        CHECK(says(parse_more("home_assistant: {prefix: " + std::string(prefix) + "}").problems, "home_assistant.prefix"));
    }
    CHECK(says(parse_more("home_assistant: {discover: true}").problems, "home_assistant.discover"));
}

TEST_CASE("requires an absolute backup directory and a number of files") {
    CHECK_FALSE(parse(least).config->backup);
    const auto asked_for = parse_more("backup: {to: /media/stick/voltd}");
    REQUIRE((asked_for.config && asked_for.config->backup));
    CHECK(*asked_for.config->backup == BackupConfig{"/media/stick/voltd", 8});
    CHECK(parse_more("backup: {to: /b, keep: 1000}").config->backup->keep == 1000);
    CHECK(says(parse_more("backup: {}").problems, "backup.to"));
    for (const char* wrong : {"stick", "\"\"", "./stick", "\"/a\\nb\""}) {
        CAPTURE(wrong);
        CHECK(says(parse_more("backup: {to: " + std::string(wrong) + "}").problems, "backup.to"));
    }
    for (const char* wrong : {"0", "1001", "-1", "many"}) {
        CAPTURE(wrong);
        CHECK(says(parse_more("backup: {to: /b, keep: " + std::string(wrong) + "}").problems, "backup.keep"));
    }
}

TEST_CASE("rejects a padded address and suggests the plain one") {
    const std::string padded = "site: s\nvictron: {host: 127.000.000.020}\nmqtt: {url: mqtt://127.000.000.021}\n";
    CHECK(says(parse(padded).problems, "write 127.0.0.20"));
    CHECK(says(parse(padded).problems, "write 127.0.0.21"));
    CHECK(says(parse(least + "api: {proxies: [192.168.001.010]}\n").problems, "write 192.168.1.10"));
    CHECK(says(parse("site: s\nvictron: {host: 192.168.120}\nmqtt: {url: mqtt://h}\n").problems, "four numbers of 0 to 255"));
}

TEST_CASE("names the line of an invisible character or outer blank") {
    CHECK(says(parse(least + "outputs: [{id: a, dialect: tasmota, topic: \"miner1\xC2\xA0\"}]\n").problems,
               "ends with a no-break space (U+00A0)"));
    CHECK(says(parse(least + "outputs: [{id: a, dialect: tasmota, topic: \"mi\xC2\xADner1\"}]\n").problems,
               "contains a soft hyphen (U+00AD)"));
    CHECK(says(parse(least + "outputs: [{id: a, dialect: tasmota, topic: \"miner1 \"}]\n").problems, "ends with a space"));
    CHECK(says(parse(least + "outputs: [{id: a, dialect: tasmota, topic: \xE2\x80\x9Cminer1\xE2\x80\x9D}]\n").problems,
               "begins with a curly quote (U+201C)"));
    CHECK(says(parse(least + "weather:\n\xC2\xA0\xC2\xA0topic: x\n").problems, "no-break space (U+00A0)"));
}

TEST_CASE("never repeats a password in a message") {
    for (const char* url : {"mqtt://me:hunter2@broker", "hunter2", "mqtt://h:hunter2"})
        CHECK_FALSE(says(parse("site: s\nvictron: {host: h}\nmqtt: {url: \"" + std::string(url) + "\"}\n").problems, "hunter2"));
    CHECK_FALSE(says(parse("site: s\nvictron: {host: h}\nmqtt: {url: mqtt://h, password: hunter2}\n").problems, "hunter2"));
}

}  // namespace config_nodes_test
