// The one place that makes sentences of verdicts: log, topics, database, API and command line show the same text.
// Pure: no clock, no I/O. Every reason and every gate has a sentence with its numbers and the time left.
#pragma once

#include <string>
#include <string_view>

#include "rules/decision.hpp"

namespace volt {

/// How the owner wants sentences: `temperature_unit` and `display_mode` of the preferences.
struct Shown {
    bool fahrenheit = false;
    bool soc_first = false;  ///< "65 % (52.30 V)"
};

/// What a sentence may draw on: one tick, as it was decided. The three must outlive the scene.
struct ExplainContext {
    const Policy& policy;
    const SiteSnapshot& snapshot;
    const Decision& decision;
    Shown shown = {};
    std::vector<std::string> report_topics = {};  ///< of each output; empty: not known
};

/// `primary-s21-revenue`, or `<zone>/heat` for the heater of a zone: the load's name in topics, API and database.
std::string load_slug(const Policy& policy, std::size_t load);
/// "Primary S21+ (Revenue)", or "Heater of Heat Room".
std::string load_name(const Policy& policy, std::size_t load);

/// Why the load is as it is: "52.30 V is 2.20 V below its start voltage of 54.50 V".
std::string explain_load(const ExplainContext& scene, std::size_t load);
/// The line of a change: "Start Primary S21+ (Revenue): 52.30 V (65 %)", "Stop …: <why>".
std::string explain_change(const ExplainContext& scene, std::size_t load);
/// Why one gate of a load blocks; of one that passes, by how much.
std::string explain_gate(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// The smallest change that would flip the verdict: "0.42 V more for 60 s". Empty: none is known.
std::string explain_flip(const Verdict& verdict);

std::string explain_zone(const ExplainContext& scene, std::size_t zone);
/// `carried_out` as in SiteFacts: what nothing carries out is not called blocked.
std::string explain_charge(const ExplainContext& scene, const std::string& carried_out);
/// What would change a zone's fan, or the order about charging: "2.5 K more: it starts at 40.0 °C". Empty: time alone.
std::string explain_fan_flip(const ExplainContext& scene, std::size_t zone);
std::string explain_charge_flip(const ExplainContext& scene);
/// What the stage of now means, with the voltage that led to it.
std::string explain_stage(const ExplainContext& scene);
std::string explain_alarm(const ExplainContext& scene, const Alarm& alarm);
/// Why a voltage is refused: "26.40 V is implausible for this bank (35.00 to 65.00 V)".
std::string explain_refusal(const Policy& policy, Volts voltage);
/// What to do about an alarm of this code; empty for an unknown one.
std::string remedy_of(std::string_view code);
/// The order in which alarms (`<code>[/<subject>]`) are read, 0 first: what is critical by itself, causes, what follows
/// from them. A dead device comes before everything it affects.
int alarm_rank(std::string_view name, bool critical);
/// What an alarm is about, as its topic writes it; empty where it has no subject.
std::string alarm_subject(const Policy& policy, const Alarm& alarm);

}  // namespace volt
