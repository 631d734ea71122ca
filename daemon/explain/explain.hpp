// Source of all sentences about verdicts: log, topics, database, API and command line show the same text. Pure: no clock, no I/O.
// Every reason and every gate has a sentence with its numbers and the remaining time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/decision.hpp"

namespace volt {

/// Display preferences of the owner for sentences: `temperature_unit` and `display_mode`.
struct Shown {
    bool fahrenheit = false;
    bool soc_first = false;  ///< "65 % (52.30 V)"
};

/// Topics of one output.
struct OutputTopics {
    std::string reports;       ///< topics on which it reports, as a readable list
    std::string availability;  ///< topic on which the broker may retain its "offline", or empty if none
    std::string unread{};      ///< reason its last state message was not understood, or empty if it was
};

/// Decided tick that the sentences describe. The three references must outlive the context.
struct ExplainContext {
    const Policy& policy;
    const SiteSnapshot& snapshot;
    const Decision& decision;
    Shown shown = {};
    std::vector<OutputTopics> topics = {};  ///< topics of each output, or empty if unknown
};

/// Returns the load's name in topics, API and database: `primary-s21-revenue`, or `<zone>/heat` for the heater of a zone.
std::string load_slug(const Policy& policy, std::size_t load);
/// Returns "Primary S21+ (Revenue)", or "Heat Room heater".
std::string load_name(const Policy& policy, std::size_t load);

/// Explains why the load is on or off: "52.30 V is 2.20 V below its start voltage of 54.50 V".
std::string explain_load(const ExplainContext& scene, std::size_t load);
/// Returns the line for a change: "Start Primary S21+ (Revenue): 52.30 V (65 %)", "Stop …: <why>".
std::string explain_change(const ExplainContext& scene, std::size_t load);
/// Returns true if the `need` of this gate is a maximum, not a minimum.
bool is_upper_limit(GateName gate);
/// Explains why one gate of a load blocks, or by how much it passes.
std::string explain_gate(const ExplainContext& scene, std::size_t load, const Gate& gate);

std::string explain_zone(const ExplainContext& scene, std::size_t zone);
/// Explains the charge order. `carried_out` as in SiteFacts: if nothing carries out the block, the text does not say blocked.
std::string explain_charge(const ExplainContext& scene, ChargeMeans carried_out);
/// Names the condition that would change a zone's fan or the charge order: "Starts at 40.0 °C, 2.5 K warmer". Empty if only time
/// can.
std::string explain_fan_flip(const ExplainContext& scene, std::size_t zone);
std::string explain_charge_flip(const ExplainContext& scene);
/// Explains the current stage, with the voltage that led to it.
std::string explain_stage(const ExplainContext& scene);
std::string explain_alarm(const ExplainContext& scene, const Alarm& alarm);
/// Explains why a voltage is rejected: "26.40 V is implausible for this bank (35.00 to 65.00 V)".
std::string explain_refusal(const Policy& policy, Volts voltage);
/// Returns the remedy for an alarm of this code, whatever its subject.
const char* remedy_of(AlarmCode code);
/// Returns the remedy with the name of the output or load if a command takes one.
std::string remedy_for(const Policy& policy, const Alarm& alarm);
/// Returns the rank of an alarm in lists, 0 first: critical ones, causes, consequences. A dead device comes before everything it
/// affects. `code` is empty if this version does not know it.
int alarm_rank(std::optional<AlarmCode> code, bool critical);
/// Returns `<code>[/<subject>]`, the name of an alarm in topics and events.
std::string alarm_name(AlarmCode code, const std::string& subject);
/// Returns the code in such a name, or nothing if it is unknown.
std::optional<AlarmCode> alarm_code(std::string_view name);
/// Returns the subject of an alarm as in its topic, or an empty string if it has none.
std::string alarm_subject(const Policy& policy, const Alarm& alarm);

}  // namespace volt
