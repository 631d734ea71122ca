#include "daemon/config/config_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/config/charge_plan.hpp"
#include "drivers/host_address.hpp"

namespace volt {

namespace {

void fill_in_sources(Config& config, Report& report) {
    if (!report.given("voltage_sources")) {
        if (config.victron) config.voltage_sources.emplace_back("victron.battery");
        if (config.victron) config.voltage_sources.emplace_back("victron.system");
        if (config.sol_ark) config.voltage_sources.emplace_back("sol_ark");
        if (config.sol_ark_2) config.voltage_sources.emplace_back("sol_ark_2");
    }
    std::vector<std::string> serving = {config.sol_ark || !config.victron ? "sol_ark" : "victron.system"};
    if (config.sol_ark_2) serving.emplace_back("sol_ark_2");
    PowerSources& power = config.power_sources;
    if (config.sol_ark_2) power.battery = {"sol_ark", "sol_ark_2"};
    bool by_gx = false;
    for (const auto& [key, list] : {std::pair{"pv", &power.pv}, {"load", &power.load}, {"grid", &power.grid}}) {
        const std::string path = std::string("power_sources.") + key;
        if (report.given(path)) continue;
        *list = serving;
        by_gx = by_gx || (!config.sol_ark && config.victron);
    }
    if (by_gx)
        report.warn(report.place_of("power_sources"), "power_sources", "omitted and there is no Sol-Ark: using victron.system",
                    advice("note that a GX reports 0 for anything it does not measure"));
}

void fill_in_output(Config& config, std::size_t index, const Report& report) {
    OutputConfig& output = config.outputs[index];
    const std::string path = item_path("outputs", index);
    const bool charge = config.charge_output == output.id;
    const bool level = output.kind == OutputKind::level;
    if (!report.given(path + ".lease_s") && (charge || level)) output.lease = 0s;
    if (!report.given(path + ".require_lease")) output.require_lease = output.lease > 0s && lease_is_required(output.dialect);
    if (!report.given(path + ".safe_state") && (charge || level))
        output.safe_state = charge ? SafeState::on : SafeState::automatic;
}

/// Sets the topic for answers of Shelly RPC, and the number by which each output recognizes its own. The number depends only on
/// the id, so that an answer in flight during a reload cannot be mistaken for another output's.
void fill_in_rpc(Config& config) {
    constexpr std::uint32_t numbers = std::uint32_t{1} << 28U;
    std::set<std::int32_t> taken;
    for (OutputConfig& output : config.outputs) {
        std::uint32_t hash = 2166136261U;  // FNV-1a
        for (const char c : output.id) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
        output.reply_to = "voltd/" + config.site;
        output.rpc_number = static_cast<std::int32_t>(hash % numbers);
        while (!taken.insert(output.rpc_number).second)
            output.rpc_number = static_cast<std::int32_t>((static_cast<std::uint32_t>(output.rpc_number) + 1) % numbers);
    }
}

/// Returns the reason a source cannot be used, or an empty string if it can.
std::string lacking(const std::string& source, const Config& config) {
    if (source == "sol_ark") return config.sol_ark ? "" : "sol_ark";
    if (source == "sol_ark_2") return config.sol_ark_2 ? "" : "sol_ark_2";
    if (!config.victron) return "victron";
    if (source == "victron.vebus" && !config.victron->vebus_unit) return "victron.units.vebus";
    return "";
}

void check_sources(const std::vector<std::string>& sources, const std::string& key, const Config& config, Report& report) {
    if (!report.given(key)) return;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i].empty()) continue;
        const std::string path = fmt::format("{}[{}]", key, i);
        const std::string missing = lacking(sources[i], config);
        if (!missing.empty() && report.sound(missing))
            report.refuse(report.place_of(path), path, sources[i] + " is not configured",
                          advice("use a source in this file, or add " + missing));
    }
}

void check_id(const std::string& id, const std::string& path, std::map<std::string, int>& seen, Report& report) {
    if (!report.sound(path) || id.empty()) return;
    const auto [first, fresh] = seen.emplace(id, report.place_of(path).line);
    if (!fresh)
        report.refuse(report.place_of(path), path, fmt::format("{} is already used on line {}", shown(id), first->second),
                      advice("use a unique id"));
}

/// Checks sensors. Zones name sensors and GX temperatures alike; a GX temperature is also the topic `source/victron.<id>`.
void check_sensors(const Config& config, Report& report) {
    std::map<std::string, int> seen;
    const auto temperatures = config.victron ? config.victron->temperatures : std::vector<GxTemperature>{};
    for (std::size_t i = 0; i < temperatures.size(); ++i) {
        const std::string path = item_path("victron.temperatures", i) + ".id";
        const std::string& id = temperatures[i].id;
        check_id(id, path, seen, report);
        if (id == "system" || id == "battery" || id == "vebus")
            report.refuse(report.place_of(path), path, shown(id) + " is the name of a unit", advice("use another name"));
    }
    for (std::size_t i = 0; i < config.sensors.size(); ++i)
        check_id(config.sensors[i].id, item_path("sensors", i) + ".id", seen, report);
}

/// Checks two inverters on one line behind one gateway, which share one connection and one schedule.
void check_second_inverter(const Config& config, Report& report) {
    if (!report.given("sol_ark_2")) return;
    if (!report.given("sol_ark"))
        report.refuse(report.place_of("sol_ark_2"), "sol_ark_2", "there is no sol_ark",
                      advice("put the first inverter under sol_ark"));
    if (!config.sol_ark || !config.sol_ark_2 || !same_gateway(*config.sol_ark, *config.sol_ark_2)) return;
    const SolArkConfig &one = *config.sol_ark, &two = *config.sol_ark_2;
    const auto refuse = [&](const char* key, const std::string& what, const char* wanted) {
        const std::string path = std::string("sol_ark_2.") + key;
        report.refuse(report.place_of(report.given(path) ? path : "sol_ark_2"), path, what, wanted);
    };
    if (one.unit == two.unit)
        refuse("unit", fmt::format("{} is the unit of sol_ark, behind the same host and port", two.unit),
               "another slave id, or another host or port");
    for (const auto& [key, same] : {std::pair{"framing", one.framing == two.framing},
                                    {"poll_s", one.poll == two.poll},
                                    {"timeout_ms", one.timeout == two.timeout}})
        if (!same) refuse(key, "differs from sol_ark's, behind the same host and port", "the value of sol_ark");
}

/// Checks a GX and a Sol-Ark at one address: one of the two is wrong, or the gateway must serve two connections.
void check_one_client(const Config& config, Report& report) {
    const auto compare = [&](const char* key, const std::optional<SolArkConfig>& sol_ark) {
        if (!sol_ark || !config.victron || sol_ark->host.empty()) return;
        if (!same_host(sol_ark->host, config.victron->host) || sol_ark->port != config.victron->port) return;
        const std::string path = std::string(key) + ".host";
        report.warn(
            report.place_of(path), path,
            fmt::format("{} port {} is also the address of victron: a gateway that accepts only one client blocks one of the two",
                        shown(sol_ark->host), sol_ark->port),
            "a separate address for each (voltctl probe shows what answers there)");
    };
    compare("sol_ark", config.sol_ark);
    compare("sol_ark_2", config.sol_ark_2);
}

/// Checks lists that count the first inverter but not the second, which cover only half the power.
void check_second_counted(const Config& config, Report& report) {
    if (!config.sol_ark || !config.sol_ark_2) return;
    const auto has = [](const std::vector<std::string>& list, const char* source) {
        return std::ranges::find(list, source) != list.end();
    };
    const PowerSources& power = config.power_sources;
    bool counted = false;
    for (const auto& [key, list] : {std::pair{"pv", &power.pv}, {"load", &power.load}, {"grid", &power.grid}}) {
        counted = counted || has(*list, "sol_ark_2");
        if (!has(*list, "sol_ark") || has(*list, "sol_ark_2")) continue;
        const std::string path = std::string("power_sources.") + key;
        report.warn(report.place_of(path), path, "counts sol_ark but not sol_ark_2", "[sol_ark, sol_ark_2]");
    }
    if (!counted)
        report.warn(report.place_of("sol_ark_2"), "sol_ark_2", "not in any list of power_sources: its power is not counted",
                    advice("add sol_ark_2 to pv, load and grid, or omit those lists"));
}

}  // namespace

std::string item_path(const char* list, std::size_t index) { return fmt::format("{}[{}]", list, index); }

std::string default_client_id(const std::string& site) { return "voltd-" + site; }

void fill_in(Config& config, Report& report) {
    constexpr const char* debian_authorities = "/etc/ssl/certs/ca-certificates.crt";
    if (config.mqtt.client_id.empty()) config.mqtt.client_id = default_client_id(config.site);
    if (config.mqtt.tls && config.mqtt.ca_file.empty()) config.mqtt.ca_file = debian_authorities;
    config.api.site = config.site;
    fill_in_sources(config, report);
    for (std::size_t i = 0; i < config.outputs.size(); ++i) fill_in_output(config, i, report);
    fill_in_rpc(config);
    for (std::size_t i = 0; i < config.sensors.size(); ++i)
        if (!report.given(item_path("sensors", i) + ".stale_after_s"))
            config.sensors[i].stale_after = config.control.temperature_stale;
}

namespace {

void check_alone(const Config& config, Report& report) {
    if (!config.database.starts_with('/') && report.sound("database"))
        report.warn(report.place_of("database"), "database",
                    shown(config.database) + " is a relative path: it depends on where voltd is started",
                    "an absolute path such as /var/lib/voltd/voltd.db");
    if (!config.mqtt.password_file.empty() && config.mqtt.username.empty() && report.sound("mqtt"))
        report.warn(report.place_of("mqtt.password_file"), "mqtt.password_file", "a password without a username is not used",
                    advice("add username, or remove password_file"));
}

/// Checks who can reach the API, and the settings that it needs.
void check_api(const Config& config, Report& report) {
    if (!report.sound("api")) return;
    const ApiConfig& api = config.api;
    const AddressScope scope = scope_of(api.host).value_or(AddressScope::loopback);
    const auto at = [&](const char* key) { return report.place_of(key); };
    if (scope == AddressScope::world)
        report.refuse(at("api.listen"), "api.listen", shown(api.host) + " is a public address",
                      advice("use an address of the local network, or 127.0.0.1 and a TLS proxy or VPN on this machine"));
    else if (scope != AddressScope::loopback && !api.lan_plain)
        report.refuse(
            at("api.listen"), "api.listen", shown(api.host) + " can be reached by other machines",
            advice(fmt::format("use one of three ways: lan: plain (unencrypted; others in this network can read along and "
                               "take over a session); 127.0.0.1:{0} and a TLS proxy on this machine (Caddy, tailscale serve); "
                               "127.0.0.1:{0} and ssh -L {0}:127.0.0.1:{0}",
                               api.port)));
    if (scope == AddressScope::loopback && api.lan_plain)
        report.warn(at("api.lan"), "api.lan", "plain has no effect: api.listen is a loopback address",
                    advice(fmt::format("set api.listen to 0.0.0.0:{}, or remove lan", api.port)));
    if (!api.frames.empty() && !api.view_open)
        report.warn(at("api.frames"), "api.frames", "a frame on another host cannot sign in, so it would show nothing",
                    advice("set view: open, or remove frames"));
}

}  // namespace

void check_wiring(const Config& config, Report& report) {
    check_alone(config, report);
    check_api(config, report);
    if (!report.given("victron") && !report.given("sol_ark"))
        report.refuse({1, 1}, "victron", "no victron or sol_ark section", "at least one of the two");
    check_sources(config.voltage_sources, "voltage_sources", config, report);
    check_sources(config.power_sources.pv, "power_sources.pv", config, report);
    check_sources(config.power_sources.load, "power_sources.load", config, report);
    check_sources(config.power_sources.grid, "power_sources.grid", config, report);
    check_second_inverter(config, report);
    check_second_counted(config, report);
    check_one_client(config, report);
    check_sensors(config, report);
    check_outputs(config, report);
    check_topics(config, report);
    check_charge_limits(config, report);
}

}  // namespace volt
