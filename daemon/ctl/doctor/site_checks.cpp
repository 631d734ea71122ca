// Checks of voltd's view of the site: api, charge, rules.
#include <fmt/format.h>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/text.hpp"

namespace volt::ctl::doctor {

namespace site_rows {

namespace {

constexpr std::size_t most_sessions = 20;
constexpr std::int64_t forgotten_days = 7;

std::optional<Opinion> not_running(bool reached) {
    return reached ? std::nullopt : std::optional(skipped("voltd was not asked"));
}

Opinion reach(const ApiFacts& facts) {
    if (facts.voltd.reached) return ok("voltd answers on its socket");
    if (!facts.voltd.runs) return skipped("voltd is not running");
    if (facts.voltd.help == join_the_group) return skipped(facts.voltd.why, facts.voltd.help);
    return fail(facts.voltd.why, "journalctl -u voltd -n 20; systemd restarts a hung voltd by itself");
}

Opinion lan(const ApiFacts& facts) {
    if (!facts.lan_plain)
        return ok(is_loopback(facts.host) ? "only this computer can reach the page" : "no plain HTTP on the network");
    return warn("the page is open to the local network by plain HTTP: anyone listening there can take over a session",
                "a TLS proxy in front of it, or api: { listen: 127.0.0.1:8480 }");
}

Opinion sessions(const ApiFacts& facts) {
    if (!facts.sessions) return skipped("the sessions were not listed");
    const std::string text = fmt::format("{} browsers and programs are signed in", *facts.sessions);
    if (*facts.sessions <= most_sessions) return ok(text);
    return warn(text, "voltctl key list; sign out unknown entries on the page, System");
}

Opinion guard(const ChargingFacts& facts) {
    if (!facts.known) return skipped("the settings cannot be read");
    if (!facts.guarded) return ok("no zone blocks charging");
    if (facts.finding.empty())
        return ok(facts.proven ? "voltd can stop charging, and that was proven" : "charging can be stopped");
    return facts.means == ChargeMeans::none ? fail(facts.finding, facts.remedy) : warn(facts.finding, facts.remedy);
}

Opinion charge_register(const ChargingFacts& facts) {
    if (facts.registers.empty()) return skipped("voltd writes to no charger");
    for (const auto& [device, failure] : facts.registers)
        if (!failure.empty())
            return fail(fmt::format("the charge limit of {} cannot be read: {}", device, failure),
                        "voltctl explain charge; then: voltctl charge prove");
    return ok("the charge limit can be read");
}

Opinion alarms(const RuleFacts& facts) {
    if (auto nothing = not_running(facts.reached)) return *nothing;
    if (facts.alarms.empty()) return ok("no other alarm is active");
    const auto text_of = [](const std::pair<std::string, Json>& it) { return it.first + ": " + word(it.second, "text"); };
    bool critical = false;
    for (const auto& [code, alarm] : facts.alarms) critical = critical || word(alarm, "severity") == "critical";
    const std::string text = comma_list(facts.alarms, text_of), remedy = word(facts.alarms.front().second, "remedy");
    return critical ? fail(text, remedy) : warn(text, remedy);
}

Opinion never(const RuleFacts& facts) {
    if (!facts.idle) return skipped(fmt::format("there is less than {} days of history", forgotten_days));
    if (facts.idle->empty()) return ok(fmt::format("every miner in use ran within {} days", forgotten_days));
    const auto text_of = [](const IdleLoad& it) { return it.slug + (it.gate.empty() ? "" : " (" + it.gate + ")"); };
    return warn(fmt::format("these did not run for {} days: {}", forgotten_days, comma_list(*facts.idle, text_of)),
                "voltctl explain " + facts.idle->front().slug + " shows what it waits for");
}

Opinion reserve(const RuleFacts& facts) {
    if (!facts.known) return skipped("the settings cannot be read");
    if (facts.doubts.empty()) return ok("the settings keep energy for the night");
    return warn(facts.doubts.front().first, facts.doubts.front().second);
}

Opinion mode_off(const RuleFacts& facts) {
    if (facts.mode != "off")
        return facts.mode.empty() ? skipped("the site's mode is not known") : ok("the mode is " + facts.mode);
    if (facts.mode_days.value_or(0) < forgotten_days) return ok("the mode is off");
    return warn(fmt::format("the mode has been off for {} days: no load runs", *facts.mode_days), "voltctl mode balanced");
}

Opinion shadow(const RuleFacts& facts) {
    if (!facts.shadow) return ok("voltd commands its outputs");
    if (facts.shadow_days.value_or(0) < forgotten_days) return ok("voltd runs in shadow: it decides and switches nothing");
    return warn(fmt::format("voltd has run in shadow for {} days: it switches nothing", *facts.shadow_days),
                "commands: live in voltd.yaml, then sudo systemctl reload voltd");
}

constexpr CheckRow<ApiFacts> api[] = {{"reach", reach}, {"lan", lan}, {"sessions", sessions}};
constexpr CheckRow<ChargingFacts> charge[] = {{"guard", guard}, {"register", charge_register}};
constexpr CheckRow<RuleFacts> rules[] = {
    {"alarms", alarms}, {"never", never}, {"reserve", reserve}, {"mode_off", mode_off}, {"shadow", shadow}};

}  // namespace

}  // namespace site_rows

std::vector<Check> api_checks(const ApiFacts& facts) { return judged("api", site_rows::api, facts); }
std::vector<Check> charge_checks(const ChargingFacts& facts) { return judged("charge", site_rows::charge, facts); }
std::vector<Check> rule_checks(const RuleFacts& facts) { return judged("rules", site_rows::rules, facts); }

void add_site_names(Catalog& catalog) {
    catalog.push_back({"api", names_in(site_rows::api)});
    catalog.push_back({"charge", names_in(site_rows::charge)});
    catalog.push_back({"rules", names_in(site_rows::rules)});
}

}  // namespace volt::ctl::doctor
