// Checks of the uplink to a hub of many sites.
#include <fmt/format.h>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"

namespace volt::ctl::doctor {

namespace fleet_rows {

namespace {

constexpr std::uint64_t most_queued = 1'000'000;  // bytes: six hours of metrics
constexpr std::int64_t fewest_days = 30;

Opinion agent(const FleetFacts& facts) {
    if (facts.active.empty()) return skipped("systemd has no service voltd-fleet here");
    if (facts.active == "active") return ok("the agent that sends to the hub is active");
    return fail("the agent that sends to the hub is " + facts.active,
                "sudo systemctl enable --now voltd-fleet; journalctl -u voltd-fleet -n 20 shows why it ended");
}

Opinion queue(const FleetFacts& facts) {
    if (!facts.queue_bytes) return skipped("this user may not see the agent's queue", "run with sudo");
    const std::string text = fmt::format("{:.1f} MB wait for the hub", static_cast<double>(*facts.queue_bytes) / 1e6);
    if (*facts.queue_bytes <= most_queued) return ok(text);
    return warn(text + ": the hub cannot be reached, or refuses this site",
                "check the line to the hub; journalctl -u voltd-fleet -n 20 shows what it answers");
}

Opinion refused(const FleetFacts& facts) {
    if (!facts.refused) return skipped("this user may not read the agent's journal", "run with sudo");
    if (!*facts.refused) return ok("the hub refused nothing lately");
    return fail("the hub refuses this site",
                "enter the line that /usr/lib/voltd/fleet-join prints into /etc/voltd-hub/sites of the hub, then there: "
                "sudo systemctl reload nginx");
}

Opinion certificate(const FleetFacts& facts) {
    constexpr const char* remedy = "sudo rm /etc/voltd/fleet/site.key; then fleet-join again (/usr/share/doc/voltd/fleet.md)";
    if (!facts.days_left) return fail("/etc/voltd/fleet/site.crt cannot be read", remedy);
    if (*facts.days_left < 0) return fail("this site's certificate has expired: the hub refuses it", remedy);
    const std::string text = fmt::format("this site's certificate ends in {} days", *facts.days_left);
    return *facts.days_left < fewest_days ? warn(text, remedy) : ok(text);
}

constexpr CheckRow<FleetFacts> fleet[] = {{"agent", agent}, {"queue", queue}, {"refused", refused}, {"certificate", certificate}};

}  // namespace

}  // namespace fleet_rows

std::vector<Check> fleet_checks(const FleetFacts& facts) {
    if (!facts.joined) return {{"fleet.agent", skipped("this site sends to no hub")}};
    return judged("fleet", fleet_rows::fleet, facts);
}

void add_fleet_names(Catalog& catalog) { catalog.push_back({"fleet", names_in(fleet_rows::fleet)}); }

}  // namespace volt::ctl::doctor
