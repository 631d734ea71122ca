// Tables of all sections except the outputs.
#include <fmt/format.h>

#include "daemon/config/config_tables.hpp"
#include "daemon/config/host_port.hpp"
#include "drivers/host_address.hpp"

namespace volt {

namespace {

// Formats of hosts: a name or IPv4 address, or an IPv6 address (in brackets where a port may follow). Ports: 1 to 65535.
constexpr const char* name_pattern = "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?";
constexpr const char* ipv6_pattern = "[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*";
constexpr const char* port_pattern = "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";

const Span ports{1, 65535};
const Span units{0, 247};
const Span poll_s{200, 300'000, 1000, "s"};
const Span timeout_ms{50, 10'000, 1, "ms"};
const Span hold_s{0, 3'600'000, 1000, "s"};
const Span stale_s{1000, 600'000, 1000, "s"};
const Span temperature_stale_s{10'000, 7'200'000, 1000, "s"};
const Span hysteresis_w{0, 5000, 1, "W"};
const Span margin_c{10, 300, 10, "K"};

TextRule url_rule() {
    return {fmt::format("^mqtts?://({}|\\[{}\\])(:{})?$", name_pattern, ipv6_pattern, port_pattern),
            "mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; user and password have their own keys"};
}

TextRule listen_rule() {
    return {fmt::format(R"(^(localhost|[0-9]{{1,3}}(\.[0-9]{{1,3}}){{3}}|\[{}\]):{}$)", ipv6_pattern, port_pattern),
            "an ADDRESS:PORT such as 127.0.0.1:8480 or, with lan: plain, 0.0.0.0:8480"};
}

TextRule origin_rule() {
    return {fmt::format("^https?://({}|\\[{}\\])(:{})?$", name_pattern, ipv6_pattern, port_pattern),
            "an origin such as http://homeassistant.local:8123"};
}

/// Refuses numbers that are no address: the resolver reads 020 as 16, and 192.168.120 as 192.168.0.120.
bool is_odd(const At& at, const std::string& host) {
    const std::string wrong = wrong_numbers(host);
    const std::size_t advised = wrong.find("; ");
    if (wrong.empty()) return false;
    at.refuse(shown(host) + ": " + wrong.substr(0, advised),
              advised == std::string::npos ? advice("write all four") : advice(wrong.substr(advised + 2)));
    return true;
}

/// A list of names and addresses, each of which must be one.
ConfigField<ApiConfig> addresses(const char* key, const char* about, std::vector<std::string> ApiConfig::*member) {
    ConfigField<ApiConfig> field = texts(key, about, member, {.rule = host_rule()}, 0, 16);
    field.read = [read = std::move(field.read)](const At& at, ApiConfig& api) {
        read(at, api);
        for (std::size_t i = 0; i < at.node.items.size(); ++i)
            is_odd({at.node.items[i], at.path + "[" + std::to_string(i) + "]", at.facts.inside.front(), at.report},
                   at.node.items[i].text);
    };
    return field;
}

ConfigField<BrokerConfig> url_field() {
    return {{.key = "url",
             .about = "mqtt:// (1883) or mqtts:// (8883, TLS); no user and password in it.",
             .required = true,
             .secret = true,
             .rule = url_rule()},
            [](const At& at, BrokerConfig& broker) {
                const auto url = read_text(at);
                if (!url) return;
                broker.tls = url->starts_with("mqtts:");
                const HostPort address = split_host_port(url->substr(url->find("//") + 2));
                if (is_odd(at, address.host)) return;
                broker.host = address.host;
                broker.port = address.port.value_or(broker.tls ? 8883 : 1883);
            }};
}

ConfigField<ApiConfig> listen_field() {
    const ApiConfig fresh;
    return {{.key = "listen",
             .about = "An address of this machine, or 0.0.0.0 or [::] for all; other than loopback only with lan: plain.",
             .rule = listen_rule(),
             .fallback = fmt::format("\"{}:{}\"", fresh.host, fresh.port)},
            [](const At& at, ApiConfig& api) {
                const auto listen = read_text(at);
                if (!listen) return;
                const HostPort address = split_host_port(*listen);
                if (is_odd(at, address.host)) return;
                api.host = address.host;
                api.port = address.port.value_or(api.port);
                if (api.host != "localhost" && !scope_of(api.host))
                    at.refuse(shown(api.host) + " is not an address", wanted(at.facts));
            }};
}

FieldFacts one_of(std::vector<std::string> words) { return {.bare_words = true, .words = std::move(words)}; }
FieldFacts one_text() { return {.rule = any_text_rule()}; }

Fields<PowerSources> power_source_fields() {
    const auto source = [](const char* key, const char* about, std::vector<std::string> PowerSources::*member) {
        return texts(key, about, member, one_of({"sol_ark", "sol_ark_2", "victron.system"}), 0, 3);
    };
    return {source("pv", "Sources of PV power.", &PowerSources::pv),
            source("load", "Sources of the site's load.", &PowerSources::load),
            source("grid", "Sources of grid power.", &PowerSources::grid)};
}

Fields<GxTemperature> gx_temperature_fields() {
    return {
        required(text("id", "The sensor_id of zones; the source is victron.<id>.", &GxTemperature::id, id_rule())),
        required(number("unit", "Unit id of the temperature sensor's service on the GX.", &GxTemperature::unit, units)),
        named("role", "battery: one of the temperatures that can stop charging.", &GxTemperature::role),
    };
}

Fields<ApiConfig> api_fields() {
    return {
        listen_field(),
        text("token_file", "Created at start; read by programs that use the API.", &ApiConfig::token_file, any_text_rule()),
        addresses("hosts", "Other names by which browsers reach this machine, such as the name of a proxy.", &ApiConfig::hosts),
        addresses("proxies", "Addresses of TLS proxies on other machines; a proxy on this machine is always trusted.",
                  &ApiConfig::proxies),
        word("lan",
             "plain: unencrypted HTTP in the local network, where others can read what the page shows and take over a session.",
             &ApiConfig::lan_plain, {{"off", false}, {"plain", true}}),
        word("view", "open: anyone on this network can see the site's state without signing in.", &ApiConfig::view_open,
             {{"login", false}, {"open", true}}),
        texts("frames", "With view: open, origins that may show the page in a frame; it has no controls there.",
              &ApiConfig::frames, {.rule = origin_rule()}, 0, 16)};
}

/// Removes brackets around an IPv6 address.
template <class T>
ConfigField<T> host_field(std::string T::*member) {
    return {{.key = "host", .about = "Name or address; the port has its own key.", .required = true, .rule = host_rule()},
            [member](const At& at, T& device) {
                const auto host = read_text(at);
                if (host && !is_odd(at, *host)) device.*member = split_host_port(*host).host;
            }};
}

/// Fields of `control`, which fill two members of the configuration, because the clock does not concern the rules.
Fields<Config> control_section_fields() {
    Fields<Config> fields = lifted(control_fields(), &Config::control);
    fields.push_back(word("clock", "trusted: the clock of this machine is correct without synchronization.", &Config::clock,
                          {{"auto", ClockTrust::automatic}, {"trusted", ClockTrust::trusted}}));
    return fields;
}

}  // namespace

TextRule id_rule() {
    TextRule rule("^[a-z0-9-]+$", "lowercase letters, digits and hyphens", 64);
    rule.noun = "name";
    return rule;
}
TextRule topic_rule() { return {fmt::format("^[^+#{}]+$", hidden_set), "a topic without +, #, control or invisible characters"}; }
TextRule any_text_rule() { return {fmt::format("^[^{}]+$", hidden_set), "text without control or invisible characters"}; }
TextRule host_rule() {
    return {fmt::format(R"(^({0}|{1}|\[{1}\])$)", name_pattern, ipv6_pattern),
            "a host name or address, as in gx.lan, 192.168.1.20, \"fd00::20\"; the port has its own key: port", 253};
}

Fields<VictronConfig> victron_fields() {
    return {
        host_field(&VictronConfig::host),
        number("port", "TCP port of its Modbus server.", &VictronConfig::port, ports),
        number("poll_s",
               "Seconds between two polls of the unit whose voltage decides, in steps of 1 ms; other units follow every 5 s.",
               &VictronConfig::poll, poll_s),
        number("timeout_ms", "Time limit of a whole exchange.", &VictronConfig::timeout, timeout_ms),
        group("units", "Unit ids as the GX lists them under its Modbus TCP services.",
              Fields<VictronConfig>{
                  number("system", "The system service.", &VictronConfig::system_unit, units),
                  number("battery", "The battery monitor or BMS; if omitted, voltd searches for it.",
                         &VictronConfig::battery_unit, units),
                  number("vebus", "The inverter/charger; if omitted, none.", &VictronConfig::vebus_unit, units),
              }),
        sections("temperatures", "Temperature services of the GX, each with its own unit.", &VictronConfig::temperatures,
                 gx_temperature_fields(), 16),
        named("charge_limit",
              "report: only report when charging must stop; write: write register 2705, which does not control a Sol-Ark.",
              &VictronConfig::charge_limit),
        // Register 2705 is an int16: -1 is "no limit", 0 would block permanently.
        number("charge_limit_a", "Value for register 2705 on release if no earlier value is known; -1: no limit.",
               &VictronConfig::charge_limit_a, {-1, 32767, 1, "A"}),
    };
}

Fields<SolArkConfig> sol_ark_fields() {
    // Register 210: 0 would block permanently.
    ConfigField<SolArkConfig> charge_limit_a =
        number("charge_limit_a",
               "Value for register 210 on release if no earlier value is known, the inverter's own setting; required with write.",
               &SolArkConfig::charge_limit_a, {1, 500, 1, "A"});
    charge_limit_a.facts.null_too = true;
    charge_limit_a.facts.fallback = "null";
    return {
        host_field(&SolArkConfig::host),
        number("port", "TCP port of the gateway.", &SolArkConfig::port, ports),
        named("framing", "tcp: Modbus TCP; rtu: raw RTU frames in the stream.", &SolArkConfig::framing),
        number("unit", "Modbus slave id of the inverter.", &SolArkConfig::unit, units),
        number("poll_s", "Seconds between two polls, in steps of 1 ms.", &SolArkConfig::poll, poll_s),
        number("timeout_ms", "Time limit of a whole exchange.", &SolArkConfig::timeout, timeout_ms),
        word("power_scale", "Watts in one step of the power registers.", &SolArkConfig::power_scale, {{"1", 1}, {"10", 10}},
             FieldForm::whole),
        word("grid_power_scale", "Watts in one step of the grid power registers. Default: power_scale.",
             &SolArkConfig::grid_power_scale, {{"1", 1}, {"10", 10}}, FieldForm::whole),
        word("generator_port", "micro_inverters: power from the generator port (register 166) counts as PV.",
             &SolArkConfig::micro_inverters, {{"generator", false}, {"micro_inverters", true}}),
        word("battery_current_scale", "Amperes in one step of register 191.", &SolArkConfig::battery_current_step_ma,
             {{"0.01", 10}, {"0.1", 100}}, FieldForm::number),
        named("charge_limit",
              "report: only report when charging must stop; write: write register 210, the maximum charge current. From the Deye "
              "map, not proven on every model: test it with voltctl charge prove. With two inverters, set it for each.",
              &SolArkConfig::charge_limit),
        charge_limit_a,
    };
}

Fields<BrokerConfig> broker_fields() {
    return {
        url_field(),
        text("client_id", "Default: voltd-<site>.", &BrokerConfig::client_id, any_text_rule()),
        word("version", "5, or 3 for 3.1.1.", &BrokerConfig::version, {{"5", 5}, {"3", 3}}, FieldForm::whole),
        text("username", "User name at the broker. If omitted: anonymous, and no password is sent.", &BrokerConfig::username,
             any_text_rule()),
        text("password_file", "A file, or the systemd credential of the same name.", &BrokerConfig::password_file,
             any_text_rule()),
        text("ca_file", "CA certificates for mqtts. Default: the system's.", &BrokerConfig::ca_file, any_text_rule()),
    };
}

Fields<SensorConfig> sensor_fields() {
    ConfigField<SensorConfig> stale =
        number("stale_after_s", "Default: control.temperature_stale_s.", &SensorConfig::stale_after, temperature_stale_s);
    stale.facts.fallback.clear();  // default: control.temperature_stale_s
    ConfigField<SensorConfig> quantity{{.key = "quantity",
                                        .about = "What the sensor measures; only temperature.",
                                        .bare_words = true,
                                        .words = {"temperature"},
                                        .fallback = "\"temperature\""},
                                       [](const At& at, SensorConfig&) { read_word(at); }};
    return {
        required(text("id", "The sensor_id of zones.", &SensorConfig::id, id_rule())),
        required(text("topic", "Topic on which the sensor publishes.", &SensorConfig::topic, topic_rule())),
        text("field", "The JSON field. Default: the payload itself.", &SensorConfig::field, any_text_rule()),
        quantity,
        word("unit", "Unit of the number. A TempUnit in the message (Tasmota) takes precedence.", &SensorConfig::fahrenheit,
             {{"C", false}, {"F", true}}),
        named("role", "battery: one of the temperatures that can stop charging.", &SensorConfig::role),
        stale,
    };
}

Fields<WeatherConfig> weather_fields() {
    return {
        required(text("topic", "Topic that reports whether it is sunny.", &WeatherConfig::topic, topic_rule())),
        text("field", "The JSON field. Default: the payload itself.", &WeatherConfig::field, any_text_rule()),
        texts("sunny_when", "Values that mean sunshine.", &WeatherConfig::sunny_when, one_text(), 1, 32),
        number("stale_after_s", "Older values are ignored.", &WeatherConfig::stale_after, {1000, 86'400'000, 1000, "s"}),
    };
}

/// Fields of the location: both or none, without a default.
Fields<SitePlace> place_fields() {
    const auto degrees = [](const char* key, const char* about, int SitePlace::*member, std::int64_t most) {
        constexpr std::int64_t a_degree = SitePlace::steps_a_degree;
        ConfigField<SitePlace> field = required(number(key, about, member, {-most * a_degree, most * a_degree, a_degree, "°"}));
        field.facts.fallback.clear();
        return field;
    };
    return {degrees("latitude", "North positive.", &SitePlace::latitude, 90),
            degrees("longitude", "East positive.", &SitePlace::longitude, 180)};
}

/// Field of the topic prefix. Its first level must not be one that `voltd` or a device uses, to keep voltd's retained messages
/// separate from all commands.
ConfigField<HomeAssistantConfig> prefix_field() {
    TextRule rule("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", "topic levels of letters, digits, _ and -, without a slash at either end",
                  128);
    return {{.key = "prefix",
             .about = "Prefix of Home Assistant's discovery topics, as set there.",
             .rule = std::move(rule),
             .fallback = "\"homeassistant\""},
            [](const At& at, HomeAssistantConfig& home) {
                const auto prefix = read_text(at);
                if (!prefix) return;
                home.prefix = *prefix;
                const std::string first = prefix->substr(0, prefix->find('/'));
                for (const char* taken : {"voltd", "cmnd", "stat", "tele", "shellies", "zigbee2mqtt"})
                    if (first == taken)
                        at.refuse(shown(*prefix) + " begins like the topics of devices or of voltd", "homeassistant");
            }};
}

Fields<HomeAssistantConfig> home_assistant_fields() {
    return {
        flag("discovery", "true: publish retained discovery messages below the prefix.", &HomeAssistantConfig::discovery),
        prefix_field(),
        flag("commands", "true: mode and overrides can be selected in Home Assistant; never settings.",
             &HomeAssistantConfig::commands),
    };
}

Fields<BackupConfig> backup_fields() {
    const TextRule directory(fmt::format("^/[^{}]*$", hidden_set), "an absolute path, such as /media/stick/voltd");
    return {
        required(
            text("to",
                 "The directory for the files. Name one below the mount point of the stick, so that nothing is written while "
                 "the stick is missing.",
                 &BackupConfig::to, directory)),
        number("keep", "Number of backups of this site to keep there; older ones are removed.", &BackupConfig::keep, {1, 1000}),
    };
}

Fields<Control> control_fields() {
    return {
        number("tick_s", "One turn of the loop.", &Control::tick, {100, 5000, 1000, "s"}),
        word("commands",
             "shadow: decide and report, switch nothing; live: switch relays. A reload announces the change. In a file with "
             "mistakes the line `commands: shadow` still takes effect.",
             &Control::live, {{"live", true}, {"shadow", false}}),
        number("start_hold_s", "How long all conditions must hold before a start.", &Control::start_hold, hold_s),
        number("stop_hold_s", "How long a stop condition must hold before a non-urgent stop.", &Control::stop_hold, hold_s),
        number("restart_hold_s", "How long the bank must stay above voltage_restart after a shutdown.", &Control::restart_hold,
               hold_s),
        number("blind_grace_s", "After this time without a voltage, every output goes to its safe state.", &Control::blind_grace,
               hold_s),
        number("start_stagger_s", "Minimum time between two starts.", &Control::start_stagger, hold_s),
        number("settle_s", "How long a meter is ignored after a start.", &Control::settle, hold_s),
        number("confirm_s", "How long an output may take to confirm an order.", &Control::confirm, hold_s),
        number("start_timeout_s", "A load must draw its power within this time.", &Control::start_timeout, hold_s),
        number("adopt_timeout_s", "How long voltd waits for outputs at start.", &Control::adopt_timeout, hold_s),
        number("excess_hysteresis_w", "Excess can fall short by this much before a load stops.", &Control::excess_hysteresis,
               hysteresis_w),
        number("power_hysteresis_w", "Free power can fall short by this much before a load stops.", &Control::power_hysteresis,
               hysteresis_w),
        number("fan_run_on_s", "How long a fan runs on after the last miner of its zone if the temperature is unknown.",
               &Control::fan_run_on, hold_s),
        number("fan_level_hold_s", "Minimum time between two steps down of a fan.", &Control::fan_level_hold, hold_s),
        number("trip_margin_c", "The zone's miners stop immediately this far above too_hot.", &Control::trip_margin, margin_c),
        number("trip_grace_s", "How long miners run on without a zone temperature.", &Control::trip_grace,
               {0, 86'400'000, 1000, "s"}),
        number("charge_release_c", "How far above the limit charging is allowed again.", &Control::charge_release, margin_c),
        number("charge_release_hold_s", "How long the bank must stay that warm.", &Control::charge_release_hold, hold_s),
        number("spike_v", "A voltage that differs from the last one by this much must be read twice.", &Control::spike,
               {50, 1000, 100, "V"}),
        number("frozen_s", "A voltage that does not change for this long counts as frozen.", &Control::frozen,
               {10'000, 86'400'000, 1000, "s"}),
        number("voltage_stale_s", "Age limit of voltages.", &Control::voltage_stale, stale_s),
        number("power_stale_s", "Age limit of powers.", &Control::power_stale, stale_s),
        number("temperature_stale_s", "Age limit of temperatures.", &Control::temperature_stale, temperature_stale_s),
        flag("starts_on_fallback", "true: loads may also start on a fallback voltage source.", &Control::starts_on_fallback),
    };
}

const Fields<Config>& config_fields() {
    static const Fields<Config> fields = [] {
        ConfigField<Config> charge_output =
            text("charge_output", "Id of an output that is on while charging is allowed: safe_state on, lease_s 0, on_exit keep.",
                 &Config::charge_output, id_rule());
        charge_output.facts.null_too = true;
        charge_output.facts.fallback = "null";
        return Fields<Config>{
            required(text("site", "Name of the site; second level of every topic.", &Config::site, id_rule())),
            text("database", "The SQLite file; created and migrated at start.", &Config::database, any_text_rule()),
            section("victron", "A GX device over Modbus TCP.", &Config::victron, victron_fields()),
            section("sol_ark", "A Sol-Ark over Modbus TCP or a gateway.", &Config::sol_ark, sol_ark_fields()),
            section("sol_ark_2",
                    "A second Sol-Ark in parallel on the same battery, source sol_ark_2: its powers are added to the first "
                    "one's. On one line behind one gateway (same host and port) it needs a different unit, and the same framing, "
                    "poll_s and timeout_ms as the first.",
                    &Config::sol_ark_2, sol_ark_fields()),
            texts("voltage_sources",
                  "Voltage sources in order of preference; each must be configured. Default: victron.battery, victron.system, "
                  "sol_ark, "
                  "sol_ark_2, as configured.",
                  &Config::voltage_sources,
                  one_of({"victron.battery", "victron.system", "victron.vebus", "sol_ark", "sol_ark_2"}), 1, 5),
            section("power_sources",
                    "Sources whose values are added. Default: sol_ark and sol_ark_2; victron.system if there is no Sol-Ark.",
                    &Config::power_sources, power_source_fields()),
            required(section("mqtt", "The broker.", &Config::mqtt, broker_fields())),
            sections("outputs", "Relays and fans that voltd switches, each listed once.", &Config::outputs, output_fields(), 128),
            sections("sensors", "Temperatures over MQTT.", &Config::sensors, sensor_fields(), 64),
            section("weather", "Whether it is sunny, for profiles with require_sunny.", &Config::weather, weather_fields()),
            section("site_place",
                    "Location of the site. voltd calculates sunrise and sunset from it, for the first days and to bound what it "
                    "learns. It is never published.",
                    &Config::site_place, place_fields()),
            charge_output,
            flag("clear_retained", "true: clear retained messages on command topics of devices (never for generic).",
                 &Config::clear_retained),
            section("home_assistant",
                    "Discovery: voltd appears in Home Assistant by itself, over the broker. With discovery: false, voltd "
                    "clears what an earlier run published; without this section it publishes and reads nothing there.",
                    &Config::home_assistant, home_assistant_fields()),
            section("api", "The local HTTP API.", &Config::api, api_fields()),
            section("backup", "Weekly backup by voltd-backup.timer. Without this section, run voltctl backup yourself.",
                    &Config::backup, backup_fields()),
            group("control", "How the loop runs. Times in steps of 1 ms, volts 0.01 V, kelvins 0.1 K.", control_section_fields()),
            word("log_level", "The lowest severity that is logged.", &Config::log_level,
                 {{"debug", Level::debug}, {"info", Level::info}, {"warning", Level::warning}, {"error", Level::error}}),
        };
    }();
    return fields;
}

}  // namespace volt
