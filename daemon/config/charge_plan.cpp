#include "daemon/config/charge_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/decimal.hpp"
#include "rules/battery/charge_guard.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

std::string how_to_prove() {
    return fmt::format("`voltctl charge prove` while the battery charges with more than {} A",
                       limits::least_to_prove.steps / 100);
}

bool gx_charges(const Config& config) {
    const auto& pv = config.power_sources.pv;
    return !config.sol_ark || config.victron->vebus_unit || std::ranges::find(pv, "victron.system") != pv.end();
}

bool writes(const ChargeDevice& device) { return device.limit == ChargeLimit::write; }

std::string wiring_of(const char* name, const std::string& host, int port, int unit) {
    return fmt::format("{}={}:{}/{};", name, host, port, unit);
}

void check_sol_ark(const Config& config, Report& report, const char* name, const std::optional<SolArkConfig>& device) {
    if (!device) return;
    const std::string path = std::string(name) + ".charge_limit";
    if (device->charge_limit == ChargeLimit::write && !device->charge_limit_a)
        report.refuse(report.place_of(path), path + "_a", "is missing, and write needs it",
                      "the maximum charge current in A to restore if no earlier value is known");
    if (device->charge_limit == ChargeLimit::write || config.charge_output) return;
    for (const ChargeDevice& other : charge_devices(config)) {
        if (!writes(other)) continue;
        const std::string written = other.name + ".charge_limit";
        const char* unreached = std::string(name) == "sol_ark" ? "the Sol-Ark" : "the second Sol-Ark";
        report.warn(report.place_of(written), written,
                    fmt::format("write does not control {}, which would keep charging", unreached),
                    advice(fmt::format("set {}: write, use a charge_output, or set report", path)));
        return;
    }
}

}  // namespace

std::vector<ChargeDevice> charge_devices(const Config& config) {
    std::vector<ChargeDevice> devices;
    if (config.victron) devices.push_back({"victron", config.victron->charge_limit, gx_charges(config)});
    if (config.sol_ark) devices.push_back({"sol_ark", config.sol_ark->charge_limit, true});
    if (config.sol_ark_2) devices.push_back({"sol_ark_2", config.sol_ark_2->charge_limit, true});
    return devices;
}

ChargeMeans charge_means(const Config& config) {
    if (config.charge_output) return ChargeMeans::output;
    const std::vector<ChargeDevice> devices = charge_devices(config);
    if (std::ranges::none_of(devices, writes)) return ChargeMeans::report;
    const bool all = std::ranges::all_of(devices, [](const ChargeDevice& device) { return writes(device) || !device.charges; });
    return all ? ChargeMeans::write : ChargeMeans::none;
}

ChargeMeans means_of(const ChargeDevice& device, ChargeMeans means) {
    if (writes(device)) return ChargeMeans::write;
    if (means == ChargeMeans::output) return ChargeMeans::output;
    return device.charges && means != ChargeMeans::report ? ChargeMeans::none : ChargeMeans::report;
}

std::string charge_wiring(const Config& config) {
    std::string wiring;
    for (const ChargeDevice& device : charge_devices(config)) {
        if (!writes(device)) continue;
        if (device.name == "victron") {
            wiring += wiring_of("victron", config.victron->host, config.victron->port, config.victron->system_unit);
            continue;
        }
        const SolArkConfig& sol_ark = device.name == "sol_ark" ? *config.sol_ark : *config.sol_ark_2;
        wiring += wiring_of(device.name.c_str(), sol_ark.host, sol_ark.port, sol_ark.unit);
    }
    if (config.charge_output) wiring += "output=" + *config.charge_output + ";";
    return wiring;
}

std::optional<Problem> check_charge_guard(const ParsedConfig& parsed, const Settings& settings, const std::string& proven) {
    const Config& config = *parsed.config;
    Policy guarding;
    guarding.zones = settings.zones;
    const auto limit = charge_limit(guarding);
    const ChargeMeans means = charge_means(config);
    if (!limit || (acts(means) && proven == charge_wiring(config))) return std::nullopt;
    const std::string path = config.sol_ark ? "sol_ark" : "victron";
    const auto place = parsed.places.find(path);
    Problem problem{parsed.file, place != parsed.places.end() ? place->second : Place{1, 1}, path, {}, {}};
    problem.what = fmt::format("a zone blocks charging below {} °C, ", decimal(limit->steps, 1));
    if (acts(means)) {
        problem.what += "and it was never proven that this stops charging";
        problem.right = advice("run " + how_to_prove());
    } else {
        problem.what +=
            means == ChargeMeans::none ? "but not every charger can be stopped" : "but nothing here can stop charging";
        problem.right =
            advice(fmt::format("set {}.charge_limit: write or add a charge_output, then run {}", path, how_to_prove()));
    }
    return problem;
}

void check_charge_limits(const Config& config, Report& report) {
    if (config.victron && config.victron->charge_limit_a == 0)
        report.warn(report.place_of("victron.charge_limit_a"), "victron.charge_limit_a",
                    "0 would leave charging blocked after a release", "-1 (no limit) or a limit in A");
    check_sol_ark(config, report, "sol_ark", config.sol_ark);
    check_sol_ark(config, report, "sol_ark_2", config.sol_ark_2);
    if (!config.victron || config.victron->charge_limit == ChargeLimit::write || config.charge_output) return;
    if (charge_means(config) == ChargeMeans::none && gx_charges(config))
        report.warn(report.place_of("victron"), "victron.charge_limit", "report: Victron chargers would keep charging",
                    advice("set victron.charge_limit: write, or add a charge_output"));
}

}  // namespace volt
