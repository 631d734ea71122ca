// All sentences about verdicts come from here: log, topics, database, API and command line show the same text. Pure: no
// clock, no I/O. Every reason and every gate has a sentence with its numbers and the remaining time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/decision.hpp"

namespace volt {

/// How the owner wants sentences: `temperature_unit` and `display_mode` of the preferences.
struct Shown {
    bool fahrenheit = false;
    bool soc_first = false;  ///< "65 % (52.30 V)"
};

/// Topics of one output.
struct OutputTopics {
    std::string reports;       ///< those on which it reports, as a list for a person
    std::string availability;  ///< the one where the broker may keep its "offline"; empty: none
    std::string unread{};      ///< why its last message about its state was none; empty: it was one
};

/// The decided tick that sentences describe. The three references must outlive the context.
struct ExplainContext {
    const Policy& policy;
    const SiteSnapshot& snapshot;
    const Decision& decision;
    Shown shown = {};
    std::vector<OutputTopics> topics = {};  ///< of each output; empty: unknown
};

/// `primary-s21-revenue`, or `<zone>/heat` for the heater of a zone: the load's name in topics, API and database.
std::string load_slug(const Policy& policy, std::size_t load);
/// "Primary S21+ (Revenue)", or "Heat Room heater".
std::string load_name(const Policy& policy, std::size_t load);

/// Why the load is on or off: "52.30 V is 2.20 V below its start voltage of 54.50 V".
std::string explain_load(const ExplainContext& scene, std::size_t load);
/// The line for a change: "Start Primary S21+ (Revenue): 52.30 V (65 %)", "Stop …: <why>".
std::string explain_change(const ExplainContext& scene, std::size_t load);
/// The `need` of this gate is the most that it may be, not the least.
bool is_upper_limit(GateName gate);
/// Why one gate of a load blocks, or by how much it passes.
std::string explain_gate(const ExplainContext& scene, std::size_t load, const Gate& gate);

std::string explain_zone(const ExplainContext& scene, std::size_t zone);
/// `carried_out` as in SiteFacts: if nothing carries out the block, the text does not call it blocked.
std::string explain_charge(const ExplainContext& scene, ChargeMeans carried_out);
/// Names what would change a zone's fan, or the order about charging: "Starts at 40.0 °C, 2.5 K warmer". Empty: only time.
std::string explain_fan_flip(const ExplainContext& scene, std::size_t zone);
std::string explain_charge_flip(const ExplainContext& scene);
/// What the present stage means, with the voltage that led to it.
std::string explain_stage(const ExplainContext& scene);
std::string explain_alarm(const ExplainContext& scene, const Alarm& alarm);
/// Why a voltage is refused: "26.40 V is implausible for this bank (35.00 to 65.00 V)".
std::string explain_refusal(const Policy& policy, Volts voltage);
/// Returns what to do about an alarm of this code, whatever its subject.
const char* remedy_of(AlarmCode code);
/// The same, with the name of its output or load where a command takes one.
std::string remedy_for(const Policy& policy, const Alarm& alarm);
/// The order in which alarms are listed, 0 first: critical ones, causes, consequences. A dead device comes before everything
/// it affects. `code` is empty if this version does not know it.
int alarm_rank(std::optional<AlarmCode> code, bool critical);
/// `<code>[/<subject>]`, as topics and events name an alarm.
std::string alarm_name(AlarmCode code, const std::string& subject);
/// The code in such a name; empty: unknown.
std::optional<AlarmCode> alarm_code(std::string_view name);
/// The subject of an alarm, as in its topic; empty if it has none.
std::string alarm_subject(const Policy& policy, const Alarm& alarm);

}  // namespace volt
