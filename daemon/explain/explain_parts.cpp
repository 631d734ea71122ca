#include "daemon/explain/explain_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/explain/phrase.hpp"
#include "rules/battery/bank.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"

namespace volt::parts {

namespace {

std::size_t at(Index index) { return static_cast<std::size_t>(index); }
bool within(Index index, std::size_t size) { return index >= 0 && at(index) < size; }

}  // namespace

std::string verb(const ExplainContext& scene, std::string_view what, const std::string& whom) {
    if (!shadow(scene)) return fmt::format("{} {}", what, whom);
    std::string small(what);
    small.front() = static_cast<char>(small.front() - 'A' + 'a');
    return fmt::format("Would {} {} (shadow)", small, whom);
}

std::string voltage_seen(const ExplainContext& scene, std::int64_t steps, Index source) {
    const auto& sources = scene.policy.voltage_sources;
    if (!within(source, sources.size()) || source == scene.decision.battery.source) return phrase(Volts{steps});
    return fmt::format("{} ({})", phrase(Volts{steps}), sources[at(source)].name);
}

std::string battery_now(const ExplainContext& scene) {
    const BatteryPicture& battery = scene.decision.battery;
    if (!battery.voltage) return "no usable voltage";
    if (!battery.soc) return phrase(*battery.voltage);
    const std::string voltage = phrase(*battery.voltage), soc = phrase(*battery.soc);
    return scene.shown.soc_first ? fmt::format("{} ({})", soc, voltage) : fmt::format("{} ({})", voltage, soc);
}

std::string no_voltage(const ExplainContext& scene) {
    const BatteryPicture& battery = scene.decision.battery;
    if (battery.refused) return "No usable voltage: " + explain_refusal(scene.policy, *battery.refused);
    return "No usable voltage" + (battery.last_voltage ? "; the last was " + phrase(*battery.last_voltage) : "");
}

std::string voltage_limit(const ExplainContext& scene, std::size_t load, std::int64_t steps) {
    const Volts limit{steps};
    const Preferences& preferences = scene.policy.preferences;
    if (const Miner* miner = miner_of(scene.policy, load)) {
        if (limit == miner->start) return "its start voltage of " + phrase(limit);
        if (limit == miner->stop) return "its stop voltage of " + phrase(limit);
        if (limit == miner->emergency) return "its emergency stop voltage of " + phrase(limit);
    }
    if (preferences.reserve && limit == *preferences.reserve) return "the reserve of " + phrase(limit);
    if (preferences.reserve && limit == *preferences.reserve + scaled(limits::above_reserve, preferences))
        return fmt::format("the {} it needs to run on battery (reserve {} plus {})", phrase(limit), phrase(*preferences.reserve),
                           phrase(scaled(limits::above_reserve, preferences)));
    if (limit == preferences.low) return "the site's low voltage of " + phrase(limit);
    return "the " + phrase(limit) + " it needs";
}

std::string voltage_against(const ExplainContext& scene, std::size_t load, std::int64_t have, std::int64_t need, Index source) {
    const std::string seen = voltage_seen(scene, have, source);
    const std::string limit = voltage_limit(scene, load, need);
    if (have == need) return fmt::format("{} is exactly {}", seen, limit);
    return fmt::format("{} is {} {} {}", seen, phrase_gap(have, need, Unit::volts), have < need ? "below" : "above", limit);
}

std::string wall_clock(const ExplainContext& scene, Time moment) {
    if (!scene.snapshot.clock_trusted) return {};
    const std::int64_t from_now = std::chrono::floor<std::chrono::seconds>(moment - scene.snapshot.now).count();
    const std::int64_t second = (scene.snapshot.local.second_of_day + from_now % day_s + day_s) % day_s;
    return phrase_clock(static_cast<std::int32_t>(second));
}

std::string moment_of(const ExplainContext& scene, Duration from_now) {
    const std::string clock = from_now > 60s ? wall_clock(scene, scene.snapshot.now + from_now + 59s) : std::string();
    return clock.empty() ? "in " + phrase(from_now) : clock;
}

std::string at_moment(const ExplainContext& scene, Duration from_now) {
    const std::string moment = moment_of(scene, from_now);
    return moment.starts_with("in ") ? moment : "at " + moment;
}

std::string own_end(const ExplainContext& scene, Index output) {
    const auto& memories = scene.decision.next.outputs;
    if (!within(output, memories.size()) || !within(output, scene.policy.outputs.size())) return {};
    const OutputMemory& memory = memories[at(output)];
    if (memory.last_confirmed != OutputState::on) return {};
    const Duration lease = scene.policy.outputs[at(output)].lease;
    if (lease == 0ms) return ". It has no lease timer, so it may stay on: switch it off by hand";
    if (!memory.lease_proven) return ". Its lease timer is not proven, so it may stay on: switch it off by hand";
    if (!memory.last_on_at) return ". Its own timer turns it off";
    const Time end = *memory.last_on_at + lease;
    const std::string clock = wall_clock(scene, end + 59s);
    const char* turns = end > scene.snapshot.now ? "turns" : "has turned";
    return fmt::format(". Its own timer {} it off{}", turns, clock.empty() ? "" : " by " + clock);
}

std::string capital(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string blind_end(const ExplainContext& scene) {
    const Duration left = scene.decision.battery.stage_since + scene.policy.control.blind_grace - scene.snapshot.now;
    if (left.count() <= 0) return "turns off unless the voltage reading returns";
    return fmt::format("turns off in {} unless the voltage reading returns", phrase(left));
}

bool out_of_reach(const ExplainContext& scene, std::size_t load) {
    const Index output = output_of(scene.policy, load);
    if (!within(output, scene.snapshot.outputs.size())) return false;
    return !scene.snapshot.broker_up || !scene.snapshot.outputs[at(output)].available;
}

namespace {

struct Clause {
    Reason reason;
    const char* text;
};

constexpr std::array clauses{
    Clause{Reason::mode_off, "The site's mode is off"},
    Clause{Reason::override_off, "Manually off"},
    Clause{Reason::disabled, "It is disabled"},
    Clause{Reason::runtime, "It reached its maximum run time"},
    Clause{Reason::power, "Not enough power is free"},
    Clause{Reason::safe_mode, "Safe mode: not switched on, not even by an override"},
    Clause{Reason::lease, "Its output has no confirmed lease timer (dead-man timer), and one is required"},
    Clause{Reason::source, "No voltage source is good enough for a start"},
    Clause{Reason::predicted_sag, "Starting it would pull the voltage down too far"},
    Clause{Reason::rest, "It must rest after its last run"},
    Clause{Reason::starts, "It started too often in the last hour"},
};

}  // namespace

std::string clause(Reason reason) {
    const auto found = std::find_if(clauses.begin(), clauses.end(), [reason](const Clause& it) { return it.reason == reason; });
    return found == clauses.end() ? name_of(reason) : found->text;
}

std::string ran_of(std::int64_t have, std::int64_t need) {
    return fmt::format("It ran {} of at most {}", phrase(Duration(have)), phrase(Duration(need)));
}

std::string since(const ExplainContext& scene, const std::optional<Time>& moment) {
    const std::string clock = moment ? wall_clock(scene, *moment) : "";
    return clock.empty() ? "" : " since " + clock;
}

std::string offline_since(const ExplainContext& scene, const std::optional<Time>& moment) {
    const std::string begin = since(scene, moment);
    return begin.empty() ? "is offline" : "has been offline" + begin;
}

std::string left(const std::optional<Duration>& remaining, const char* what) {
    if (!remaining || remaining->count() <= 0) return {};
    return fmt::format("; {} {}", phrase(*remaining), what);
}

std::string stay(const std::optional<Duration>& remaining) {
    return remaining && remaining->count() > 0 ? "; must stay there for " + phrase(*remaining) : "";
}

std::string other_load(const Policy& policy, Index load, const char* unknown) {
    return within(load, load_count(policy)) ? load_name(policy, at(load)) : unknown;
}

const Miner* miner_of(const Policy& policy, std::size_t load) { return is_heater(policy, load) ? nullptr : &policy.miners[load]; }

const Zone* zone_of(const Policy& policy, std::size_t load) {
    if (is_heater(policy, load)) return &policy.zones[load - policy.miners.size()];
    const Index zone = policy.miners[load].zone;
    return within(zone, policy.zones.size()) ? &policy.zones[at(zone)] : nullptr;
}

Index output_of(const Policy& policy, std::size_t load) {
    const Index output = is_heater(policy, load) ? zone_of(policy, load)->heater : policy.miners[load].output;
    return within(output, policy.outputs.size()) ? output : no_index;
}

std::string output_id_of(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? zone_of(policy, load)->heater_id : policy.miners[load].output_id;
}

namespace {

std::string others_text(const ExplainContext& scene) {
    std::string silent;
    for (std::size_t i = 0; i < scene.snapshot.outputs.size() && i < scene.policy.outputs.size(); ++i) {
        const OutputReport& report = scene.snapshot.outputs[i];
        if (report.state_received || report.confirms_by_sending) continue;
        silent += (silent.empty() ? "" : ", ") + scene.policy.outputs[i].id;
    }
    if (silent.empty()) return "Nothing starts before every output has reported its state";
    return "Nothing starts before every output has reported its state; no report yet from " + silent;
}

}  // namespace

bool waits_for_others(const ExplainContext& scene, std::size_t load) {
    const Verdict& verdict = scene.decision.verdicts[load];
    const Gate* gate = verdict.gates.find(GateName::output);
    if (verdict.reason == Reason::fault || gate == nullptr || gate->passes) return false;
    const Index output = output_of(scene.policy, load);
    const auto& orders = scene.decision.next.outputs;
    if (!within(output, orders.size()) || is_at_fault(orders[at(output)])) return false;
    const OutputReport& report = scene.snapshot.outputs[at(output)];
    return scene.snapshot.broker_up && report.available && report.state != OutputState::unknown;
}

std::string denial(const ExplainContext& scene, std::size_t load) {
    const std::optional<Watts>& denied = scene.decision.verdicts[load].denied;
    if (!denied) return {};
    return fmt::format("{} reports off, but its meter shows {}", output_id_of(scene.policy, load), phrase(*denied));
}

std::string kept_offline(const ExplainContext& scene, Index output) {
    if (!within(output, scene.snapshot.outputs.size()) || !scene.snapshot.outputs[at(output)].kept_offline) return {};
    if (!within(output, scene.topics.size()) || scene.topics[at(output)].availability.empty()) return {};
    return fmt::format(
        ". The broker keeps that message, so it may be old; if the device works, delete it: mosquitto_pub -t '{}' -r -n",
        scene.topics[at(output)].availability);
}

std::string output_problem(const ExplainContext& scene, std::size_t load) {
    const std::string id = output_id_of(scene.policy, load);
    if (id.empty()) return "It has no output";
    const Index output = output_of(scene.policy, load);
    if (output == no_index) return fmt::format("Its output {} is not in voltd.yaml", id);
    if (!scene.snapshot.broker_up) return "The MQTT broker does not answer, so it cannot be switched" + own_end(scene, output);
    if (!within(output, scene.snapshot.outputs.size())) return fmt::format("The state of its output {} is unknown", id);
    const OutputReport& report = scene.snapshot.outputs[at(output)];
    const auto& orders = scene.decision.next.outputs;
    if (!report.available) {
        if (!within(output, orders.size())) return fmt::format("Its output {} is offline{}", id, kept_offline(scene, output));
        const OutputMemory& order = orders[at(output)];
        return fmt::format("Its output {} {}{}", id, offline_since(scene, order.gone.since),
                           order.last_confirmed == OutputState::on ? "; it was on" : "") +
               own_end(scene, output) + kept_offline(scene, output);
    }
    if (report.state == OutputState::unknown || !report.state_received)
        return fmt::format("Its output {} has not reported whether it is on or off", id);
    if (report.timer_trap == TimerTrap::disputed) return fmt::format("Two devices share the topic of its output {}", id);
    if (scene.decision.verdicts[load].denied) return "Its output " + denial(scene, load);
    if (waits_for_others(scene, load)) return others_text(scene);
    if (within(output, orders.size()) && orders[at(output)].trip_until)
        return fmt::format("Its output {} was opened by its own protection", id);
    const bool refused = !within(output, orders.size()) || orders[at(output)].fault_until;
    if (report.state == OutputState::off && !refused)
        return fmt::format("Its output {} turned off by itself: it restarted, lost power, or its lease timer ended", id);
    if (!refused) return fmt::format("Its output {} no longer answers", id);
    return fmt::format("Its output {} did not obey", id);
}

std::string stagger_wait(const Policy& policy, Index other, const std::optional<Duration>& remaining) {
    const std::string start = "the start of " + other_load(policy, other);
    if (!remaining) return "Waits a moment after " + start;
    return fmt::format("Waits {} more after {}", phrase(*remaining), start);
}

std::string hours_of(const Miner& miner) {
    return fmt::format("{}–{}", phrase_clock(miner.preferred_start_s), phrase_clock(miner.preferred_end_s));
}

std::string turned_off(const ExplainContext& scene, const Verdict& verdict) {
    if (verdict.lease_trial) return "The proof of its relay's lease timer has ended";
    return clause(Reason::override_off) + override_end(scene, verdict.override_until);
}

std::string override_end(const ExplainContext& scene, const std::optional<Time>& until) {
    if (!until) return ", until you cancel it";
    return fmt::format(", {} left", phrase(*until - scene.snapshot.now));
}

}  // namespace volt::parts
