// Tables of everything but the outputs.
#include <fmt/format.h>

#include "daemon/config/config_tables.hpp"
#include "daemon/config/host_port.hpp"

namespace volt {

namespace {

// Hosts: a name or IPv4 address, or an IPv6 address (in brackets where a port may follow). Ports: 1 to 65535.
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
    return {fmt::format(R"(^(localhost|127(\.[0-9]{{1,3}}){{3}}|\[::1\]):{}$)", port_pattern),
            "a loopback ADDRESS:PORT such as 127.0.0.1:8480; for any other address, put a TLS proxy in front"};
}

ConfigField<BrokerConfig> url_field() {
    return {{.key = "url", .required = true, .secret = true, .rule = url_rule()}, [](const At& at, BrokerConfig& broker) {
                const auto url = read_text(at);
                if (!url) return;
                broker.tls = url->starts_with("mqtts:");
                const HostPort address = split_host_port(url->substr(url->find("//") + 2));
                broker.host = address.host;
                broker.port = address.port.value_or(broker.tls ? 8883 : 1883);
            }};
}

ConfigField<ApiConfig> listen_field() {
    const ApiConfig fresh;
    return {{.key = "listen", .rule = listen_rule(), .fallback = fmt::format("\"{}:{}\"", fresh.host, fresh.port)},
            [](const At& at, ApiConfig& api) {
                const auto listen = read_text(at);
                if (!listen) return;
                const HostPort address = split_host_port(*listen);
                api.host = address.host;
                api.port = address.port.value_or(api.port);
                if (!is_loopback(api.host)) at.refuse(shown(api.host) + " is not an address", wanted(at.facts));
            }};
}

FieldFacts one_of(std::vector<std::string> words) { return {.bare_words = true, .words = std::move(words)}; }
FieldFacts one_text() { return {.rule = any_text_rule()}; }

Fields<PowerSources> power_source_fields() {
    const auto source = [](const char* key, std::vector<std::string> PowerSources::*member) {
        return texts(key, member, one_of({"sol_ark", "sol_ark_2", "victron.system"}), 0, 3);
    };
    return {source("pv", &PowerSources::pv), source("load", &PowerSources::load), source("grid", &PowerSources::grid)};
}

Fields<GxTemperature> gx_temperature_fields() {
    return {
        required(text("id", &GxTemperature::id, id_rule())),
        required(number("unit", &GxTemperature::unit, units)),
        word("role", &GxTemperature::role, {{"battery", TemperatureRole::battery}, {"room", TemperatureRole::room}}),
    };
}

Fields<ApiConfig> api_fields() { return {listen_field(), text("token_file", &ApiConfig::token_file, any_text_rule())}; }

/// Brackets around an IPv6 address are taken off.
template <class T>
ConfigField<T> host_field(std::string T::*member) {
    return {{.key = "host", .required = true, .rule = host_rule()}, [member](const At& at, T& device) {
                if (const auto host = read_text(at)) device.*member = split_host_port(*host).host;
            }};
}

/// `control` fills two members of the configuration: the clock does not concern the rules.
Fields<Config> control_section_fields() {
    Fields<Config> fields = lifted(control_fields(), &Config::control);
    fields.push_back(word("clock", &Config::clock, {{"auto", ClockTrust::automatic}, {"trusted", ClockTrust::trusted}}));
    return fields;
}

}  // namespace

TextRule id_rule() {
    TextRule rule("^[a-z0-9-]+$", "lowercase letters, digits and hyphens", 64);
    rule.noun = "name";
    return rule;
}
TextRule topic_rule() { return {fmt::format("^[^+#{}]+$", hidden_set), "a topic without +, #, control or invisible characters"}; }
TextRule any_text_rule() { return {fmt::format("^[^{}]+$", hidden_set), "a text without control or invisible characters"}; }
TextRule host_rule() {
    return {fmt::format(R"(^({0}|{1}|\[{1}\])$)", name_pattern, ipv6_pattern),
            "a host name or address, as in gx.lan, 192.168.1.20, \"fd00::20\"; the port has its own key: port", 253};
}

Fields<VictronConfig> victron_fields() {
    return {
        host_field(&VictronConfig::host),
        number("port", &VictronConfig::port, ports),
        number("poll_s", &VictronConfig::poll, poll_s),
        number("timeout_ms", &VictronConfig::timeout, timeout_ms),
        group("units",
              Fields<VictronConfig>{
                  number("system", &VictronConfig::system_unit, units),
                  number("battery", &VictronConfig::battery_unit, units),
                  number("vebus", &VictronConfig::vebus_unit, units),
              }),
        sections("temperatures", &VictronConfig::temperatures, gx_temperature_fields(), 16),
        word("charge_limit", &VictronConfig::charge_limit, {{"report", ChargeLimit::report}, {"write", ChargeLimit::write}}),
        // Register 2705 is an int16: -1 is "no limit", 0 would block for ever.
        number("charge_limit_a", &VictronConfig::charge_limit_a, {-1, 32767, 1, "A"}),
    };
}

Fields<SolArkConfig> sol_ark_fields() {
    // Register 210: 0 would block for ever.
    ConfigField<SolArkConfig> charge_limit_a = number("charge_limit_a", &SolArkConfig::charge_limit_a, {1, 500, 1, "A"});
    charge_limit_a.facts.null_too = true;
    charge_limit_a.facts.fallback = "null";
    return {
        host_field(&SolArkConfig::host),
        number("port", &SolArkConfig::port, ports),
        word("framing", &SolArkConfig::framing, {{"tcp", Framing::tcp}, {"rtu", Framing::rtu}}),
        number("unit", &SolArkConfig::unit, units),
        number("poll_s", &SolArkConfig::poll, poll_s),
        number("timeout_ms", &SolArkConfig::timeout, timeout_ms),
        word("power_scale", &SolArkConfig::power_scale, {{"1", 1}, {"10", 10}}, FieldForm::whole),
        word("battery_current_scale", &SolArkConfig::battery_current_step_ma, {{"0.01", 10}, {"0.1", 100}}, FieldForm::number),
        word("charge_limit", &SolArkConfig::charge_limit, {{"report", ChargeLimit::report}, {"write", ChargeLimit::write}}),
        charge_limit_a,
    };
}

Fields<BrokerConfig> broker_fields() {
    return {
        url_field(),
        text("client_id", &BrokerConfig::client_id, any_text_rule()),
        word("version", &BrokerConfig::version, {{"5", 5}, {"3", 3}}, FieldForm::whole),
        text("username", &BrokerConfig::username, any_text_rule()),
        text("password_file", &BrokerConfig::password_file, any_text_rule()),
        text("ca_file", &BrokerConfig::ca_file, any_text_rule()),
    };
}

Fields<SensorConfig> sensor_fields() {
    ConfigField<SensorConfig> stale = number("stale_after_s", &SensorConfig::stale_after, temperature_stale_s);
    stale.facts.fallback.clear();  // left out: control.temperature_stale_s
    ConfigField<SensorConfig> quantity{
        {.key = "quantity", .bare_words = true, .words = {"temperature"}, .fallback = "\"temperature\""},
        [](const At& at, SensorConfig&) { read_word(at); }};
    return {
        required(text("id", &SensorConfig::id, id_rule())),          required(text("topic", &SensorConfig::topic, topic_rule())),
        text("field", &SensorConfig::field, any_text_rule()),        quantity,
        kept_word("role", &SensorConfig::role, {"battery", "room"}), stale,
    };
}

Fields<WeatherConfig> weather_fields() {
    return {
        required(text("topic", &WeatherConfig::topic, topic_rule())),
        text("field", &WeatherConfig::field, any_text_rule()),
        texts("sunny_when", &WeatherConfig::sunny_when, one_text(), 1, 32),
        number("stale_after_s", &WeatherConfig::stale_after, {1000, 86'400'000, 1000, "s"}),
    };
}

Fields<Control> control_fields() {
    return {
        number("tick_s", &Control::tick, {100, 5000, 1000, "s"}),
        word("commands", &Control::live, {{"live", true}, {"shadow", false}}),
        number("start_hold_s", &Control::start_hold, hold_s),
        number("stop_hold_s", &Control::stop_hold, hold_s),
        number("restart_hold_s", &Control::restart_hold, hold_s),
        number("blind_grace_s", &Control::blind_grace, hold_s),
        number("start_stagger_s", &Control::start_stagger, hold_s),
        number("settle_s", &Control::settle, hold_s),
        number("confirm_s", &Control::confirm, hold_s),
        number("start_timeout_s", &Control::start_timeout, hold_s),
        number("adopt_timeout_s", &Control::adopt_timeout, hold_s),
        number("excess_hysteresis_w", &Control::excess_hysteresis, hysteresis_w),
        number("power_hysteresis_w", &Control::power_hysteresis, hysteresis_w),
        number("fan_run_on_s", &Control::fan_run_on, hold_s),
        number("fan_level_hold_s", &Control::fan_level_hold, hold_s),
        number("trip_margin_c", &Control::trip_margin, margin_c),
        number("trip_grace_s", &Control::trip_grace, {0, 86'400'000, 1000, "s"}),
        number("charge_release_c", &Control::charge_release, margin_c),
        number("charge_release_hold_s", &Control::charge_release_hold, hold_s),
        number("spike_v", &Control::spike, {50, 1000, 100, "V"}),
        number("frozen_s", &Control::frozen, {10'000, 86'400'000, 1000, "s"}),
        number("voltage_stale_s", &Control::voltage_stale, stale_s),
        number("power_stale_s", &Control::power_stale, stale_s),
        number("temperature_stale_s", &Control::temperature_stale, temperature_stale_s),
        flag("starts_on_fallback", &Control::starts_on_fallback),
    };
}

const Fields<Config>& config_fields() {
    static const Fields<Config> fields = [] {
        ConfigField<Config> charge_output = text("charge_output", &Config::charge_output, id_rule());
        charge_output.facts.null_too = true;
        charge_output.facts.fallback = "null";
        return Fields<Config>{
            required(text("site", &Config::site, id_rule())),
            text("database", &Config::database, any_text_rule()),
            section("victron", &Config::victron, victron_fields()),
            section("sol_ark", &Config::sol_ark, sol_ark_fields()),
            section("sol_ark_2", &Config::sol_ark_2, sol_ark_fields()),
            texts("voltage_sources", &Config::voltage_sources,
                  one_of({"victron.battery", "victron.system", "victron.vebus", "sol_ark", "sol_ark_2"}), 1, 5),
            section("power_sources", &Config::power_sources, power_source_fields()),
            required(section("mqtt", &Config::mqtt, broker_fields())),
            sections("outputs", &Config::outputs, output_fields(), 128),
            sections("sensors", &Config::sensors, sensor_fields(), 64),
            section("weather", &Config::weather, weather_fields()),
            charge_output,
            flag("clear_retained", &Config::clear_retained),
            section("api", &Config::api, api_fields()),
            group("control", control_section_fields()),
            kept_word("log_level", &Config::log_level, {"debug", "info", "warning", "error"}),
        };
    }();
    return fields;
}

}  // namespace volt
