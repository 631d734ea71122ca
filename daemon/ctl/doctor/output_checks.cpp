// Checks of what voltd switches and reads over MQTT: outputs, sensors.
#include <fmt/format.h>

#include <cmath>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/limits.hpp"

namespace volt::ctl::doctor {

namespace output_rows {

namespace {

bool is_present(const OutputFact& fact) { return flag(fact.state, "available"); }

std::optional<Opinion> unseen(const OutputFact& fact) {
    if (fact.state.empty()) return skipped("voltd and the broker did not answer");
    return is_present(fact) ? std::nullopt : std::optional(skipped("the device is offline"));
}

Opinion present(const OutputFact& fact) {
    if (fact.state.empty()) return *unseen(fact);
    if (is_present(fact)) return ok("the device is online");
    return fail(fmt::format("the device with topic {} is offline",
                            fact.config.topic.empty() ? fact.config.command_topic : fact.config.topic),
                "check its power, its Wi-Fi, its broker address and the topic in voltd.yaml");
}

Opinion state(const OutputFact& fact) {
    if (fact.config.dialect == DialectName::generic && fact.config.state_topic.empty()) return skipped("it has no state_topic");
    if (auto nothing = unseen(fact)) return *nothing;
    const std::string reported = word(fact.state, "reported");
    if (reported == "on" || reported == "off") return ok("it reports " + reported);
    if (fact.config.dialect == DialectName::generic || fact.config.dialect == DialectName::esphome)
        return skipped("it has not reported since voltd connected, and it cannot be queried");
    return fail("it is online, but its state is not known",
                "voltctl outputs test " + fact.config.id + "; check channel and state_words in voltd.yaml");
}

Opinion lease(const OutputFact& fact) {
    if (fact.config.lease == Duration{}) {
        if (!fact.drives_miner) return ok("it needs no lease timer");
        const std::string text = "its miner has no lease timer: it stays on if voltd or the broker dies";
        const std::string remedy = "outputs: lease_s: 300, or a timer in the device";
        return lease_is_required(fact.config.dialect) ? fail(text, remedy) : warn(text, remedy);
    }
    if (auto nothing = unseen(fact)) return *nothing;
    const std::string lease = word(fact.state, "lease");
    if (lease.empty()) return skipped("only a running voltd knows its lease timer");
    if (lease == "armed") return ok("its lease timer is armed");
    return warn(lease == "none" ? "the device has no lease timer" : "whether its lease timer is armed is not known yet",
                "see devices.md for this dialect; the next ON shows it");
}

Opinion proven(const OutputFact& fact) {
    if (!fact.drives_miner || fact.config.lease == Duration{}) return skipped("only the lease timer of a miner can be proven");
    if (!fact.proofs_known) return skipped("the database cannot be read");
    if (!fact.proven.empty()) return ok("its lease timer switched it off " + fact.proven);
    if (fact.shadow) return skipped("shadow mode switches nothing on, so it cannot be proven");
    return warn("its lease timer was never tested", "sudo voltctl outputs prove " + fact.config.id);
}

Opinion meter(const OutputFact& fact) {
    if (!fact.config.meter) return skipped("it has no meter (meter: false)");
    if (auto nothing = unseen(fact)) return *nothing;
    if (const auto watts = number(fact.state, "measured_w")) return ok(fmt::format("its meter shows {:.0f} W", *watts));
    return fail("no meter reading", "check that the device has one, and its telemetry period; else meter: false");
}

Opinion power_on(const OutputFact& fact) {
    if (!fact.power_on.empty()) return fail(fact.power_on, "set the device to stay off after a power cut: see devices.md");
    if (auto nothing = unseen(fact)) return *nothing;
    return ok("it did not switch on by itself after a restart");
}

Opinion twin(const OutputFact& fact) {
    if (!fact.shared.empty())
        return fail("two devices share its topic: " + fact.shared,
                    "give each Tasmota its own topic: enter `Topic …` in its console");
    if (fact.twin.empty()) return ok("no other output seems to be the same relay");
    return warn(fmt::format("output {} has the same name in another dialect: it may be the same relay", fact.twin),
                "remove one of the two from voltd.yaml");
}

// ---- sensors

/// Returns true if a broker's sensor fails because its messages contain no number.
bool sends_nonsense(const SensorFact& fact) { return fact.by_broker && fact.state == "failing"; }

Opinion fresh(const SensorFact& fact) {
    if (fact.state.empty()) return skipped("only a running voltd receives its reports");
    if (fact.state == "ok" || sends_nonsense(fact))
        return ok(fact.age_s ? fmt::format("last report {:.0f} s ago", *fact.age_s) : "it reports");
    return fail(fact.age_s ? fmt::format("last report {:.0f} min ago", *fact.age_s / 60) : "no report since voltd started",
                "check its battery and its topic in voltd.yaml (retained values have no age and do not count)");
}

Opinion sane(const SensorFact& fact) {
    if (fact.state != "ok" && !sends_nonsense(fact)) return skipped("it does not report");
    if (!fact.error.empty()) return fail(fact.error, "check topic and field in voltd.yaml: it must be a number in °C");
    if (!fact.has_celsius) return skipped("its value is not available");
    if (!fact.celsius)
        return fail(fmt::format("its value was rejected: no data, a jump, or outside {} to {}", phrase(limits::coldest),
                                phrase(limits::hottest)),
                    "replace the sensor, or check its topic: mosquitto_sub -v -t '#' shows what it sends");
    return ok(phrase(Celsius{static_cast<std::int64_t>(*fact.celsius * 10)}));
}

constexpr double same_kelvin = 2, apart_kelvin = 6;

bool is_near(double celsius, double other) { return std::abs(celsius - other) <= same_kelvin; }

/// Detects °F taken for °C, or the reverse: far from the GX's value, but near it after conversion.
Opinion unit(const SensorFact& fact) {
    if (!fact.by_broker || !fact.gx_celsius || !fact.own_celsius) return skipped("no GX measures the same temperature");
    const double gx = *fact.gx_celsius, ours = *fact.own_celsius;
    const std::string text =
        fmt::format("it shows {}, the GX {}", phrase(Celsius{std::llround(ours * 10)}), phrase(Celsius{std::llround(gx * 10)}));
    const bool apart = std::abs(ours - gx) > apart_kelvin;
    if (apart && is_near(ours, gx * 9 / 5 + 32))
        return warn(text + ": the same number in °F", "in voltd.yaml, add to this sensor `unit: F`");
    if (apart && fact.fahrenheit && is_near(ours, (gx - 32) * 5 / 9))
        return warn(text + ": it already sends °C", "in voltd.yaml, remove from this sensor `unit: F`");
    return ok(text);
}

Opinion role(const SensorFact& fact) {
    const char* name = fact.role == TemperatureRole::battery ? "battery" : "room";
    if (fact.used) return ok(fmt::format("its role is {}", name));
    return warn("no zone uses it", "voltctl zones set SLUG sensor_id=" + fact.id + ", or remove it from voltd.yaml");
}

constexpr CheckRow<OutputFact> output[] = {{"present", present}, {"state", state},       {"lease", lease}, {"proven", proven},
                                           {"meter", meter},     {"power_on", power_on}, {"twin", twin}};
constexpr CheckRow<SensorFact> sensor[] = {{"fresh", fresh}, {"sane", sane}, {"unit", unit}, {"role", role}};

std::vector<std::string> each_id(std::vector<std::string> names) {
    for (std::string& name : names) name = "ID." + name;
    return names;
}

}  // namespace

}  // namespace output_rows

std::vector<Check> output_checks(const std::vector<OutputFact>& facts) {
    std::vector<Check> checks;
    for (const OutputFact& fact : facts)
        for (Check& check : judged("outputs." + fact.config.id, output_rows::output, fact)) checks.push_back(std::move(check));
    return checks;
}

std::vector<Check> sensor_checks(const std::vector<SensorFact>& facts) {
    std::vector<Check> checks;
    for (const SensorFact& fact : facts)
        for (Check& check : judged("sensors." + fact.id, output_rows::sensor, fact)) checks.push_back(std::move(check));
    return checks;
}

void add_output_names(Catalog& catalog) {
    catalog.push_back({"outputs", output_rows::each_id(names_in(output_rows::output))});
    catalog.push_back({"sensors", output_rows::each_id(names_in(output_rows::sensor))});
}

}  // namespace volt::ctl::doctor
