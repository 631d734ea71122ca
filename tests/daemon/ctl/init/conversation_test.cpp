// Tests of init's questions with a scripted console and a simulated site: typed input, and the resulting answers.
#include "daemon/ctl/init/conversation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/writing.hpp"
#include "drivers/modbus/copy_watch.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::ctl::Json;
using volt::ctl::word;

namespace conversation_test {

namespace {

/// Answers each question with the first rule whose text it contains. The last answer of a rule repeats. Otherwise presses Enter.
class Script final : public Console {
public:
    struct Rule {
        std::string asked;
        std::deque<std::string> answers;
    };
    explicit Script(std::vector<Rule> rules) : rules_(std::move(rules)) {}

    void write(const std::string& text) override {
        shown += text;
        const std::size_t line = shown.rfind('\n');
        prompt_ = line == std::string::npos ? shown : shown.substr(line + 1);
    }
    std::optional<std::string> read_line(bool, const std::function<void()>& idle) override {
        const std::string prompt = prompt_;
        if (idle) idle();
        if (++questions > 500) return std::nullopt;
        for (Rule& rule : rules_) {
            if (prompt.find(rule.asked) == std::string::npos || rule.answers.empty()) continue;
            const std::string answer = rule.answers.front();
            rule.answers.pop_front();
            shown += answer + "\n";
            if (answer == "^C") return std::nullopt;
            return answer;
        }
        shown += "\n";
        return "";
    }
    bool pause(Duration) override { return true; }

    std::string shown;
    int questions = 0;

private:
    std::vector<Rule> rules_;
    std::string prompt_;
};

modbus::ProbeReport gx_report() {
    modbus::ProbeReport report;
    report.units = {{100, "system", {{840, "/Dc/Battery/Voltage", {523}, "52.30 V", ""}}, {}},
                    {225, "battery", {{259, "/Dc/0/Voltage", {5231}, "52.31 V", ""}, {266, "/Soc", {650}, "65.0 %", ""}}, {}}};
    report.yaml = {"victron:", "  host: 192.168.7.20", "  units: { system: 100, battery: 225 }",
                   "  temperatures: [ { id: sensor-24, unit: 24, role: battery } ]"};
    return report;
}

modbus::ProbeReport sol_ark_report() {
    modbus::ProbeReport report;
    report.framing = Framing::rtu;
    report.units = {
        {1, "sol_ark", {{183, "battery voltage", {5230}, "52.30 V", ""}}, {"battery power: too little power to judge"}}};
    report.yaml = {"sol_ark:", "  host: 192.168.7.21", "  framing: rtu", "  unit: 1"};
    return report;
}

modbus::ProbeReport nothing(const std::string& why) {
    modbus::ProbeReport report;
    report.failure = why;
    return report;
}

/// Two devices and a printer in the network, four outputs on the broker.
class MadeUpSite final : public World {
public:
    ThisMachine machine() override {
        return {"Debian GNU/Linux 12", "Raspberry Pi 4", "Volt_Pi", "Europe/Berlin", false, synchronized, true};
    }
    std::vector<modbus::Subnet> subnets() override { return {modbus::subnet_of("192.168.7.0/24").value()}; }
    std::vector<std::string> scan(const std::vector<modbus::Subnet>&) override {
        ++scans;
        return {"192.168.7.9", "192.168.7.20", "192.168.7.21"};
    }
    bool is_near(const std::string&) override { return near; }
    modbus::ProbeReport probe(const std::string& host, int) override {
        probed.push_back(host);
        if (host == "192.168.7.20" && has_gx) return gx_report();
        if (host == "192.168.7.21") return sol_ark_report();
        return nothing(host == "192.168.7.9" ? "connected, but nothing answers as Modbus"
                                             : "refused: nothing is listening there");
    }
    std::optional<GuestConnection::Refusal> connect(const BrokerConfig& broker, const std::string& password) override {
        last_password = password;
        if (broker.host == "10.9.9.9") return GuestConnection::Refusal{"no connection to the broker", false};
        if (broker.version == 5 && only_older)
            return GuestConnection::Refusal{"the broker refused the connection, code 1", false};
        return std::nullopt;
    }
    void listen(Announcements& all) override {
        const Time now = Time(++turns * 1000);
        if (turns == 1) {
            all.take({"tasmota/discovery/1/config", R"({"t":"miner1","fn":["Big miner"],"rl":[1]})", true}, now);
            if (announces_meter) all.take({"tasmota/discovery/1/sensors", R"({"sn":{"ENERGY":{"Power":0}}})", true}, now);
            all.take({"shellies/shelly1-AA/relay/0", "off", false}, now);
            all.take({"homeassistant/fan/n/f/config",
                      R"({"cmd_t":"node/fan/exhaust/command","stat_t":"node/fan/exhaust/state","avty_t":"node/status",)"
                      R"("pct_cmd_t":"x/y","spd_rng_max":10,"name":"Exhaust"})",
                      true},
                     now);
            all.take({"zigbee2mqtt/bridge/devices",
                      R"([{"friendly_name":"heat-room","definition":{"exposes":[{"type":"numeric","property":"temperature"}]}}])",
                      true},
                     now);
            all.take({"homeassistant/status", "online", false}, now);
            all.take({"a/events/rpc", "{", false}, now);
            all.take({"tele/miner1/STATE", R"({"POWER":"OFF"})", false}, now);
        }
        if (turns == switched_by_hand_at) {
            all.take({"tele/miner1/STATE", R"({"POWER":"ON"})", false}, now);
            all.take({"tele/miner1/SENSOR", R"({"ENERGY":{"Power":3247}})", false}, now);
        }
    }
    void ask_shellies() override { ++asked_shellies; }
    std::vector<std::string> denied() override { return {"+/online"}; }
    bool loopback_only(int) override { return true; }

    int scans = 0, turns = 0, asked_shellies = 0;
    int switched_by_hand_at = 7;
    bool synchronized = false, only_older = false, near = true, has_gx = true, announces_meter = true;
    std::vector<std::string> probed;
    std::string last_password;
};

struct Interview {
    explicit Interview(std::vector<Script::Rule> rules) : script(std::move(rules)) { conversation.options.listen_s = 1; }
    bool run() {
        try {
            converse(conversation);
            return true;
        } catch (const Ended&) { return false; }
    }
    Draft draft() { return draft_of(conversation.answers, {"2025-06-21", "1", {}, {}}, Targets{}, conversation.end_guard); }
    bool shows(const std::string& text) const { return script.shown.find(text) != std::string::npos; }

    Script script;
    Talk talk{script};
    MadeUpSite site;
    Conversation conversation{talk, site, {}};
};

std::vector<Script::Rule> usual() {
    return {{"Name of the site", {"shed"}}, {"Capacity in Ah", {"300"}}, {"Its fan", {"3"}},
            {"Its heater", {"2"}},          {"Its temperature", {"2"}},  {"Is the battery in", {"y"}},
            {"Name of the miner", {"Big"}}, {"Its relay", {"1"}},        {"phones in your network", {"y"}}};
}

}  // namespace

TEST_CASE("makes a valid file and settings from an interview") {
    Interview it(usual());
    REQUIRE(it.run());
    const Json& answers = it.conversation.answers;
    CHECK(word(answers, "site") == "shed");
    CHECK(word(answers, "timezone") == "Europe/Berlin");
    CHECK(answers["victron"]["units"]["battery"] == 225);
    CHECK(answers["sol_ark"]["framing"] == "rtu");
    CHECK(answers["outputs"].size() == 3);
    CHECK(answers["outputs"][0]["max_level"] == 10);
    CHECK(answers["outputs"][1]["lease_s"] == 300);
    CHECK(answers["outputs"][2]["meter"] == true);
    CHECK(answers["sensors"][0]["topic"] == "zigbee2mqtt/heat-room");
    CHECK(word(answers["miners"][0], "hvac_zone_id") == "Heat Room");
    CHECK(answers["api"]["lan"] == "plain");
    const Draft draft = it.draft();
    for (const std::string& problem : draft.problems) CHECK(problem == "");
    CHECK(draft.settings.miners.size() == 1);
    CHECK(draft.settings.zones.size() == 1);
    CHECK(draft.settings.zones[0].block_charging_enabled);
    CHECK(read_answers(answers_text(answers), "kept").problems.empty());
}

TEST_CASE("shows found devices, causes and the loopback broker") {
    Interview it(usual());
    REQUIRE(it.run());
    for (const char* text :
         {"225 battery 52.31 V 65.0 %", "192.168.7.9: answers, but not Modbus", "254 addresses in 192.168.7.0/24",
          "listener 1883", "1 not understood", "the broker denies reading +/online", "schedules wait", "no real-time clock",
          "set its Auto off timer", "Big miner"}) {
        CAPTURE(std::string(text));
        CHECK(it.shows(text));
    }
    CHECK(it.site.asked_shellies == 1);
    CHECK(it.site.scans == 1);
}

TEST_CASE("names a device switched by hand with its watts") {
    Interview it(usual());
    REQUIRE(it.run());
    CHECK(it.shows("* 1 Big miner: now on, 3247 W"));
    CHECK(it.shows("Its nominal watts [3247]"));
}

TEST_CASE("asks again with the reason after a conflict") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"How many [1]", {"2", "1"}},
                                 {"Name of the zone", {"Heat Room", "heat-room", "Shed"}},
                                 {"Its fan", {"3", "3", "none"}},
                                 {"Its heater", {"2", "none"}},
                                 {"Its temperature", {"none", "none"}},
                                 {"Is the battery in", {"y", "n"}},
                                 {"Its relay", {"3", "2", "1"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("that name is already used"));
    CHECK(it.shows("that one is heat-room-fan already"));
    CHECK(it.shows("that is a fan with levels; this needs a relay"));
    CHECK(it.shows("that one is heat-room-heater already"));
    CHECK(it.draft().problems.empty());
}

TEST_CASE("goes back with b and explains with ?") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Its type", {"?", "b", "lifepo4-8s"}}, {"Name of the site", {"first", "second"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("Thresholds, the curve at rest"));
    CHECK(it.shows("Name of the site [first]: second"));
    CHECK(word(it.conversation.answers, "site") == "second");
    CHECK(word(it.conversation.answers["bank"], "kind") == "lifepo4-8s");
}

TEST_CASE("frees the relays when going back to miners") {
    auto rules = usual();
    rules.insert(rules.begin(),
                 {{"phones in your network", {"n", "b", "y"}}, {"Its relay", {"1", "1"}}, {"Name of the miner", {"Big", "Big"}}});
    Interview it(rules);
    REQUIRE(it.run());
    converse(it.conversation, last_step);
    CHECK_FALSE(it.shows("already"));
    CHECK(it.conversation.answers["outputs"].size() == 3);
    CHECK(it.conversation.answers["api"]["lan"] == "plain");
}

TEST_CASE("ends the interview at Ctrl-C") {
    for (const char* asked : {"Name of the site", "Look?", "GX:", "Broker", "Enter: continue", "Its relay", "by plain HTTP?"}) {
        CAPTURE(std::string(asked));
        auto rules = usual();
        rules.insert(rules.begin(), {asked, {"^C"}});
        Interview it(rules);
        CHECK_FALSE(it.run());
    }
}

TEST_CASE("scans only with permission and cleans a browser address") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Look?", {"n"}},
                                 {"GX: address", {"http://192.168.7.20/"}},
                                 {"Sol-Ark: address", {"192.168.7.99", "192.168.7.99"}},
                                 {"Use that address", {"n", "y"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.site.scans == 0);
    CHECK(it.shows("taken as the address 192.168.7.20"));
    CHECK(it.shows("refused: nothing is listening there"));
    CHECK(word(it.conversation.answers["sol_ark"], "host") == "192.168.7.99");
}

TEST_CASE("asks for a GX's default name only with permission") {
    const auto asked_name = [](const char* answer, bool near) {
        Interview it({{"Look?", {answer}}, {"Name of the site", {"shed"}}});
        it.site.near = near;
        it.site.has_gx = false;
        it.run();
        return std::find(it.site.probed.begin(), it.site.probed.end(), "venus.local") != it.site.probed.end();
    };
    CHECK(asked_name("y", true));
    CHECK_FALSE(asked_name("n", true));
    CHECK_FALSE(asked_name("y", false));
}

TEST_CASE("does not repeat a rejected answer as default") {
    Interview it({{"Look?", {"n"}}, {"GX: address", {"192.168.7.99", ""}}, {"Use that address anyway", {"n"}}});
    it.run();
    CHECK(it.shows("GX: address, none, or later [none]: \n"));
    CHECK_FALSE(it.shows("[192.168.7.99]"));
}

TEST_CASE("writes a GX for later as a comment") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"GX: address", {"later"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.conversation.head.missing == std::vector<std::string>{"victron"});
    auto without = usual();
    without.insert(without.begin(), {{"Sol-Ark: address", {"none"}}});
    Interview other(without);
    REQUIRE(other.run());
    CHECK(other.conversation.answers["sol_ark"] == "none");
    CHECK(other.draft().problems.empty());
}

TEST_CASE("asks again after a broker refuses, without storing passwords") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Broker", {"http://x", "mqtt://10.9.9.9", "mqtt://127.0.0.1"}},
                                 {"User name", {"", "voltd"}},
                                 {"Its password", {"secret"}},
                                 {"Go on without it", {"n"}}});
    Interview it(rules);
    it.site.only_older = true;
    REQUIRE(it.run());
    CHECK(it.shows("no connection to the broker"));
    CHECK(it.conversation.answers["mqtt"]["version"] == 3);
    CHECK(it.site.last_password == "secret");
    CHECK(answers_text(it.conversation.answers).find("secret") == std::string::npos);
    CHECK(it.draft().file.find("secret") == std::string::npos);
}

TEST_CASE("asks before removing the last charge guard") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Is the battery in", {"n", "y"}}, {"prevents charging below freezing", {"n"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK_FALSE(it.conversation.end_guard);
    CHECK(it.draft().problems.empty());
    auto none = usual();
    none.insert(none.begin(), {{"How many [1]", {"0", "0"}}});
    Interview empty(none);
    REQUIRE(empty.run());
    CHECK(empty.conversation.end_guard);
    CHECK(empty.conversation.answers["miners"] == "none");
    CHECK(empty.draft().problems.empty());
    CHECK(empty.draft().settings.miners.empty());
}

TEST_CASE("suggests a city's zone and doubts one that does not fit") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Time zone of the site", {"denver", "America/Denver", "Europe/Berlin"}},
                                 {"Latitude", {"52.52"}},
                                 {"Longitude", {"", "13.4"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("Unknown time zone. Did you mean America/Denver?"));
    CHECK(it.shows("an answer is needed"));
    CHECK(it.shows("There, by America/Denver, the sun rises at "));
    CHECK(it.shows("time zone or location is wrong; b goes back"));
    const Draft draft = it.draft();
    CHECK(draft.warnings.size() == 1);
    CHECK(draft.file.find("site_place:\n") != std::string::npos);
    CHECK(draft.file.find("  latitude: 52.52") != std::string::npos);
    CHECK(parse_config(draft.file, "a").config->site_place == SitePlace{525'200, 134'000});
}

TEST_CASE("asks for the owner's address and names the first user") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Your mail address", {"me", "me@cabin.example"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("name@host.domain"));
    CHECK(it.draft().owner == "me@cabin.example");
    Interview other(usual());
    REQUIRE(other.run());
    CHECK(other.draft().owner == "owner@shed.local");
}

TEST_CASE("calculates nothing without a location") {
    Interview it(usual());
    REQUIRE(it.run());
    CHECK_FALSE(it.shows("the sun rises"));
    CHECK(it.draft().file.find("site_place") == std::string::npos);
}

TEST_CASE("explains relays, dialects and names when asked") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Its relay", {"?", "t"}},
                                 {"Its dialect", {"?", "esphome"}},
                                 {"Its name or prefix", {"?", "node"}},
                                 {"Object id", {"?", "relay"}},
                                 {"Lease timer", {"300"}}});
    Interview it(rules);
    REQUIRE(it.run());
    const std::size_t asked = it.script.shown.find("t: it is not among them");
    REQUIRE(asked != std::string::npos);
    CHECK(it.script.shown.find("Big miner", asked) != std::string::npos);
    CHECK(it.shows("the firmware of the relay"));
    CHECK(it.shows("topic_prefix"));
    CHECK(it.shows("in lower case with _"));
    CHECK(it.draft().file.find("require_lease: false") != std::string::npos);
}

TEST_CASE("asks fan temperatures in the owner's unit") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Temperatures in C or F", {"K", "F"}},
                                 {"The fan runs from, in °F", {"95"}},
                                 {"It stops again at, in °F", {"95", "86"}},
                                 {"Most that the inverter", {"8000"}},
                                 {"Most that all loads", {"4000"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("The fan runs from, in °F [104]"));
    CHECK(it.shows("lower than where it begins"));
    const Draft draft = it.draft();
    REQUIRE(draft.settings.zones.size() == 1);
    CHECK(draft.settings.zones[0].too_hot == 350_dK);
    CHECK(draft.settings.zones[0].hot_ok == 300_dK);
    CHECK(draft.settings.temperature_unit == "F");
    CHECK(read_answers(answers_text(it.conversation.answers), "kept").problems.empty());
    CHECK(draft.settings.preferences.inverter_max == 8000_W);
    CHECK(draft.settings.preferences.max_battery_discharge == 4000_W);
}

TEST_CASE("meters a relay whose watts were received") {
    auto rules = usual();
    Interview it(rules);
    it.site.announces_meter = false;
    REQUIRE(it.run());
    CHECK(it.conversation.answers["outputs"][2]["meter"] == true);
}

TEST_CASE("asks the bank's size twice and explains its use") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Capacity in Ah", {""}}, {"Once more, the Ah", {"280"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("earn about an eighth less"));
    CHECK(it.shows("280 Ah are 14.3 kWh"));
    CHECK(it.draft().settings.preferences.bank_wh == 14336);
}

TEST_CASE("offers another bank type unless the Solar Shack's curve is confirmed") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Its type", {"solar-shack-16s", ""}}, {"Is it your battery's curve", {""}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(word(it.conversation.answers["bank"], "kind") == "lifepo4-16s");
}

TEST_CASE("asks for the inverter again where a load alone exceeds it") {
    auto rules = usual();
    rules.insert(
        rules.begin(),
        {{"Its type", {"lifepo4-4s"}}, {"nominal watts", {"3250"}}, {"Most that the inverter supplies, in W [3250]", {""}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.shows("3250 W is more than the 3000 W that you gave for the inverter"));
    CHECK(it.draft().settings.preferences.inverter_max == 3250_W);
    CHECK(it.draft().warnings.empty());
}

TEST_CASE("keeps the answer about a missing charging guard for a replay") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Is the battery in", {"n"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(it.conversation.answers["charge_guard"] == "none");
    const AnswersRead again = read_answers(answers_text(it.conversation.answers), "kept");
    CHECK(again.problems.empty());
    CHECK(guard_may_end(again.answers));
}

TEST_CASE("takes the curve of a bank of one's own from its chemistry") {
    auto rules = usual();
    std::vector<Script::Rule> own = {{"Its type", {"own"}},    {"Its cells", {"lifepo4"}}, {"Cells in series [16]", {"15"}},
                                     {"It starts at", {"51"}}, {"It stops below", {"49"}}, {"It stops at once", {"46"}}};
    const std::pair<const char*, const char*> volts[] = {
        {"voltage_shutdown", "41.3"},  {"voltage_critical_low", "42.2"}, {"voltage_low", "44"},     {"voltage_restart", "47"},
        {"voltage_optimal_min", "47"}, {"voltage_optimal_max", "51"},    {"voltage_float", "51.5"}, {"voltage_absorption", "54"},
        {"voltage_full", "54.4"},      {"battery_absolute_max", "54.8"}};
    for (const auto& [column, value] : volts) own.push_back({column, {value}});
    rules.insert(rules.begin(), own.begin(), own.end());
    Interview it(rules);
    REQUIRE(it.run());
    CHECK_FALSE(it.shows("voltage_at_0_percent, in V"));
    const Preferences made = it.draft().settings.preferences;
    CHECK(made.bank_wh == 14400);
    CHECK(made.curve.front().voltage == 4125_cV);
    CHECK(it.draft().warnings.empty());
}

TEST_CASE("names the sign of a western longitude") {
    Interview it({{"Latitude", {"37.3"}}, {"Longitude, west negative", {"?", "-121.9"}}});
    it.run();
    CHECK(it.shows("San Jose, California, is 37.34 and -121.89"));
    CHECK(it.conversation.answers["longitude"] == -121.9);
}

TEST_CASE("watches an inverter for a logger's copy") {
    CHECK(probe_options("192.168.7.21", 502).watch == modbus::CopyWatch::lasts);
}

TEST_CASE("does not ask about frost for lead-acid") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Its type", {"agm-48v"}}, {"Is the battery in", {"n"}}});
    Interview it(rules);
    REQUIRE(it.run());
    CHECK_FALSE(it.shows("prevents charging below freezing"));
    CHECK(it.draft().problems.empty());
}

TEST_CASE("accepts a typed output that did not announce itself") {
    auto rules = usual();
    rules.insert(rules.begin(), {{"Its relay", {"t"}},
                                 {"Its dialect", {"generic"}},
                                 {"Topic for commands", {"shed/miner/set"}},
                                 {"that switches on", {"1"}},
                                 {"that switches off", {"0"}}});
    Interview it(rules);
    REQUIRE(it.run());
    const Json& output = it.conversation.answers["outputs"].back();
    CHECK(output["command_topic"] == "shed/miner/set");
    CHECK(output["payload_on"] == "1");
    CHECK(output["lease_s"] == 0);
    CHECK(it.draft().problems.empty());
}

TEST_CASE("asks again for contradicting thresholds of a custom bank") {
    auto rules = usual();
    std::vector<Script::Rule> own = {
        {"Its type", {"own"}}, {"It starts at", {"53"}}, {"It stops below", {"50.5"}}, {"It stops at once", {"48.5"}}};
    const std::pair<const char*, const char*> volts[] = {
        {"voltage_at_0_percent", "46"},  {"voltage_at_100_percent", "51"}, {"voltage_shutdown", "44.5"},
        {"voltage_critical_low", "46"},  {"voltage_restart", "50"},        {"voltage_optimal_min", "50"},
        {"voltage_optimal_max", "53.5"}, {"voltage_float", "54"},          {"voltage_absorption", "58.8"},
        {"voltage_full", "59.5"},        {"battery_absolute_max", "62"}};
    for (const auto& [column, value] : volts) own.push_back({column, {value, value, value}});
    own.push_back({"voltage_low", {"4800", "30", "48"}});
    rules.insert(rules.begin(), own.begin(), own.end());
    Interview it(rules);
    REQUIRE(it.run());
    CHECK(word(it.conversation.answers["thresholds"], "voltage_low") == "48");
    CHECK(it.draft().problems.empty());
    CHECK(it.draft().settings.miners.at(0).stop == 5050_cV);
    CHECK(it.shows("so it plans no night by its size"));
    CHECK_FALSE(it.draft().settings.preferences.bank_wh);
}

}  // namespace conversation_test
