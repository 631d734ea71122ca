// Checks of polled devices: gx, sol_ark.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"
#include "daemon/explain/phrase.hpp"
#include "drivers/text.hpp"

namespace volt::ctl::doctor {

namespace device_rows {

namespace {

constexpr double longest_unmoved_s = 900, most_failed_percent = 1;
constexpr std::int64_t least_port_w = 200;  ///< an idle generator port may show less

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::optional<Opinion> not_reached(const DeviceFacts& facts) {
    if (!facts.not_asked.empty()) return skipped(facts.not_asked);
    if (facts.unreachable.empty()) return std::nullopt;
    return skipped("the device was not reached");
}

bool is_silent(const UnitFact& unit) { return unit.state != "ok"; }

/// Returns `100 system, 225 battery`.
std::string list_of(const std::vector<UnitFact>& units, bool silent) {
    std::vector<std::string> names;
    for (const UnitFact& unit : units)
        if (is_silent(unit) == silent)
            names.push_back(
                fmt::format("{} {}{}", unit.unit, unit.kind, unit.error.empty() || !silent ? "" : " (" + unit.error + ")"));
    return comma_list(names);
}

Opinion fresh(const DeviceFacts& facts) {
    if (auto nothing = not_reached(facts)) return *nothing;
    const UnitFact* still = nullptr;
    bool seen = false;
    for (const UnitFact& unit : facts.units) {
        seen = seen || unit.moved_s.has_value();
        if (unit.voltage_cv && unit.moved_s.value_or(0) > longest_unmoved_s) still = &unit;
    }
    if (!seen) return skipped("only a running voltd can see whether the values change");
    if (still == nullptr) return ok("its values change");
    return fail(
        fmt::format("the values of unit {} ({}) have not changed for {:.0f} min", still->unit, still->kind, *still->moved_s / 60),
        "restart the device; a frozen bus or gateway answers with old values");
}

Opinion gx_reach(const DeviceFacts& facts) {
    if (!facts.configured) return skipped("there is no section victron in voltd.yaml");
    if (!facts.not_asked.empty()) return skipped(facts.not_asked);
    if (facts.unreachable.empty()) return ok("the GX answers at " + facts.address);
    const bool refuses = has(facts.unreachable, "refused");
    return fail(facts.unreachable,
                refuses ? "on the GX, switch on Modbus TCP: Settings, Integrations (older: Services), Modbus TCP server"
                        : "check address, cable and power of the GX: ping " + facts.address.substr(0, facts.address.rfind(':')));
}

Opinion gx_units(const DeviceFacts& facts) {
    if (!facts.configured) return skipped("there is no section victron in voltd.yaml");
    if (auto nothing = not_reached(facts)) return *nothing;
    if (std::none_of(facts.units.begin(), facts.units.end(), is_silent))
        return ok("units that answer: " + list_of(facts.units, false));
    return fail("units that do not answer: " + list_of(facts.units, true),
                "voltctl probe " + facts.address + " shows the unit ids there are; correct victron.units");
}

Opinion gx_sanity(const DeviceFacts& facts) {
    if (!facts.configured) return skipped("there is no section victron in voltd.yaml");
    if (auto nothing = not_reached(facts)) return *nothing;
    std::string text;
    for (const UnitFact& unit : facts.units) {
        if (!unit.voltage_cv) continue;
        const Volts voltage{*unit.voltage_cv};
        if (facts.range && (voltage.steps < facts.range->first || voltage.steps > facts.range->second))
            return fail(fmt::format("unit {} shows {}, outside {} to {} of this bank", unit.unit, phrase(voltage),
                                    phrase(Volts{facts.range->first}), phrase(Volts{facts.range->second})),
                        "voltctl prefs show: are the thresholds right for this bank? If so, check the sensing leads");
        if (facts.other_cv && std::abs(voltage.steps - *facts.other_cv) > facts.most_apart_cv)
            return fail(
                fmt::format("unit {} shows {}, the Sol-Ark {}", unit.unit, phrase(voltage), phrase(Volts{*facts.other_cv})),
                "measure at the battery terminals; the wrong device has a loose lead or needs calibration");
        if (text.empty()) text = fmt::format("unit {} shows {}", unit.unit, phrase(voltage));
    }
    if (text.empty()) return skipped("no unit showed a voltage");
    if (!facts.pack.empty())
        return warn("the battery unit: " + facts.pack,
                    "on the GX, choose the monitor of the whole bank: Settings, System setup, Battery monitor; then set "
                    "victron.units.battery to it");
    return ok(text + (facts.other_cv ? fmt::format(", the Sol-Ark {}", phrase(Volts{*facts.other_cv})) : ""));
}

/// Checks by reading only. `voltctl charge prove` shows whether a write has an effect.
Opinion gx_write(const DeviceFacts& facts) {
    if (!facts.not_asked.empty()) return skipped(facts.not_asked);
    if (facts.writes && facts.by_voltd) return skipped("voltd reads its charge limit and raises an alarm if it cannot");
    if (!facts.may_write) return skipped("voltd does not write to it (charge_limit: report)");
    if (auto nothing = not_reached(facts)) return *nothing;
    if (facts.charge_limit) return ok(fmt::format("its charge limit reads {} A", *facts.charge_limit));
    return fail("its charge limit cannot be read: " + facts.charge_limit_failure,
                "update the GX; the limit needs DVCC (Settings, DVCC) and a Venus OS that supports it");
}

Opinion gx_fresh(const DeviceFacts& facts) {
    return facts.configured ? fresh(facts) : skipped("there is no section victron in voltd.yaml");
}

// ---- Sol-Ark

std::optional<Opinion> no_reading(const DeviceFacts& facts) {
    if (auto nothing = not_reached(facts)) return nothing;
    const bool silent = std::any_of(facts.units.begin(), facts.units.end(), is_silent);
    return silent ? std::optional(skipped("the inverter did not answer")) : std::nullopt;
}

Opinion reach(const DeviceFacts& facts) {
    if (!facts.configured) return skipped("there is no section sol_ark in voltd.yaml");
    if (!facts.not_asked.empty()) return skipped(facts.not_asked);
    if (facts.unreachable.empty()) return ok("its gateway answers at " + facts.address);
    return fail(facts.unreachable, has(facts.unreachable, "refused")
                                       ? "check the port of the gateway (sol_ark.port) and that it is a TCP server"
                                       : "check address, cable and power of the gateway");
}

Opinion slave(const DeviceFacts& facts) {
    if (auto nothing = not_reached(facts)) return *nothing;
    if (facts.instead.starts_with("framing")) return skipped("the inverter answers with the other framing");
    for (const UnitFact& unit : facts.units) {
        if (!is_silent(unit)) return ok(fmt::format("slave {} answers", unit.unit));
        const std::string text = fmt::format("slave {} does not answer: {}", unit.unit, unit.error);
        if (!facts.instead.empty()) return fail(text + "; another one does", "in voltd.yaml, sol_ark: { " + facts.instead + " }");
        return fail(text, facts.by_voltd
                              ? "sudo systemctl stop voltd; voltctl probe " + facts.address + " (a gateway serves one client)"
                              : "check the RS485 lines (A and B swapped?), the inverter's Modbus SN, and the baud rate");
    }
    return skipped("it was not queried");
}

Opinion framing(const DeviceFacts& facts) {
    if (auto nothing = not_reached(facts)) return *nothing;
    if (facts.instead.starts_with("framing"))
        return fail(fmt::format("nothing answers with framing: {}; the other framing does", facts.framing),
                    "in voltd.yaml, sol_ark: { " + facts.instead + " }");
    if (auto nothing = no_reading(facts)) return *nothing;
    return ok("framing " + facts.framing + " is right");
}

Opinion scales(const DeviceFacts& facts) {
    if (auto nothing = no_reading(facts)) return *nothing;
    if (facts.wrong_scale.empty()) return ok("its powers, volts and amps agree as far as they can be checked now");
    return warn("its values do not agree with each other",
                fmt::format("check sol_ark.{} in voltd.yaml against the inverter's display", facts.wrong_scale));
}

/// Warns of power at a generator port that no setting counts: the budget would not see that sun.
Opinion generator_port(const DeviceFacts& facts) {
    if (auto nothing = no_reading(facts)) return *nothing;
    if (!facts.unnamed_port_w || std::abs(*facts.unnamed_port_w) < least_port_w) return ok("no power at its generator port");
    return warn(fmt::format("its generator port carries {} W (register 166), and voltd does not count them",
                            std::abs(*facts.unnamed_port_w)),
                "if micro-inverters feed it, set generator_port: micro_inverters in this section of voltd.yaml: their power then "
                "counts as PV. Else set generator_port: generator");
}

Opinion sol_ark_fresh(const DeviceFacts& facts) {
    if (auto nothing = no_reading(facts)) return *nothing;
    if (!facts.copy.empty())
        return warn(facts.copy, "connect an RS485 gateway to the inverter itself, and name it in sol_ark.host");
    return fresh(facts);
}

Opinion errors(const DeviceFacts& facts) {
    if (auto nothing = not_reached(facts)) return *nothing;
    if (!facts.failed_percent) return skipped("only a running voltd counts the polls");
    const std::string text = fmt::format("{:.1f} % of its polls failed since voltd started", *facts.failed_percent);
    if (*facts.failed_percent < most_failed_percent) return ok(text);
    return warn(text, "raise sol_ark.timeout_ms and poll_s; check termination and shield of the RS485 line");
}

Opinion single(const DeviceFacts& facts) {
    if (auto nothing = no_reading(facts)) return *nothing;
    if (!facts.second_client) return skipped("not tried, because it could disturb voltd's connection");
    if (*facts.second_client) return ok("the gateway serves two clients");
    return warn("the gateway serves one client only: any other program on it cuts voltd off",
                "let only voltd use it; other programs can read voltd's MQTT topics");
}

constexpr CheckRow<DeviceFacts> gx[] = {
    {"reach", gx_reach}, {"units", gx_units}, {"sanity", gx_sanity}, {"fresh", gx_fresh}, {"write", gx_write}};
constexpr CheckRow<DeviceFacts> sol_ark[] = {
    {"reach", reach},         {"slave", slave},   {"framing", framing}, {"scales", scales}, {"generator_port", generator_port},
    {"fresh", sol_ark_fresh}, {"errors", errors}, {"single", single}};

}  // namespace

}  // namespace device_rows

std::vector<Check> gx_checks(const DeviceFacts& facts) { return judged("gx", device_rows::gx, facts); }

std::vector<Check> sol_ark_checks(const std::string& source, const DeviceFacts& facts) {
    if (!facts.configured) return {{source + ".reach", device_rows::reach(facts)}};
    return judged(source, device_rows::sol_ark, facts);
}

void add_device_names(Catalog& catalog) {
    catalog.push_back({"gx", names_in(device_rows::gx)});
    catalog.push_back({"sol_ark", names_in(device_rows::sol_ark)});
}

}  // namespace volt::ctl::doctor
