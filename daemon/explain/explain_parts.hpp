// Parts shared by the sentences about loads, gates and the site. Only for explain_*.cpp; others use explain.hpp.
#pragma once

#include <string>
#include <string_view>

#include "daemon/explain/explain.hpp"

namespace volt::parts {

/// Returns true in shadow, where nothing is commanded and sentences use "would".
inline bool shadow(const ExplainContext& scene) { return !scene.policy.control.live; }
/// Returns "Start Miner 2", or in shadow "Would start Miner 2 (shadow)".
std::string verb(const ExplainContext& scene, std::string_view what, const std::string& whom);
/// Returns the voltage that counted, with its source if that is not the one in use: "46.90 V (sol_ark)".
std::string voltage_seen(const ExplainContext& scene, std::int64_t steps, Index source);
/// Returns "52.30 V (65 %)", or "no usable voltage".
std::string battery_now(const ExplainContext& scene);
/// Explains why no voltage is usable while blind: the rejected value, or the last one that counted.
std::string no_voltage(const ExplainContext& scene);
/// Returns the name of a load's voltage limit: "its start voltage of 54.50 V", "the reserve of 48.00 V".
std::string voltage_limit(const ExplainContext& scene, std::size_t load, std::int64_t steps);
/// Returns "A is B below C", "above C" or "at C" for a voltage against a limit.
std::string voltage_against(const ExplainContext& scene, std::size_t load, std::int64_t have, std::int64_t need, Index source);
/// Returns "09:12" in the site's local time, or an empty string if its clock is not trusted.
std::string wall_clock(const ExplainContext& scene, Time moment);
/// Returns when something is due: "10:00", rounded up to the minute; "in 45 s" within a minute or if the clock is not trusted.
std::string moment_of(const ExplainContext& scene, Duration from_now);
/// Returns "at 10:00", or "in 45 s".
std::string at_moment(const ExplainContext& scene, Duration from_now);
/// Names what ends a run that voltd cannot end (". Its own timer turns it off by 13:05"), or says that nothing does. Empty if the
/// output was not on.
std::string own_end(const ExplainContext& scene, Index output);
/// Returns true if voltd cannot switch the load because its output is out of reach.
bool out_of_reach(const ExplainContext& scene, std::size_t load);
/// Capitalizes the first letter, for the start of a sentence.
std::string capital(std::string text);
/// Returns "turns off in 45 s unless the voltage reading returns" for a load that runs blind.
std::string blind_end(const ExplainContext& scene);
/// Returns the text of a reason that is the same for a stop and a blocked start. Only for reasons with such a text.
std::string clause(Reason reason);
/// Returns "It ran 2 h of at most 4 h".
std::string ran_of(std::int64_t have, std::int64_t need);
/// Returns " since 09:12", or an empty string.
std::string since(const ExplainContext& scene, const std::optional<Time>& moment);
/// Returns "has been offline since 09:12", or "is offline" if the time is unknown.
std::string offline_since(const ExplainContext& scene, const std::optional<Time>& moment);
/// Returns "; 4 min left", or an empty string.
std::string left(const std::optional<Duration>& remaining, const char* what = "left");
/// Returns "; must stay there for 60 s", or an empty string.
std::string stay(const std::optional<Duration>& remaining);
/// Returns the name of another load, or `unknown`.
std::string other_load(const Policy& policy, Index load, const char* unknown = "another load");
/// Returns the profile of a load, or null for a heater.
const Miner* miner_of(const Policy& policy, std::size_t load);
/// Returns the zone of a load, or null if it has none.
const Zone* zone_of(const Policy& policy, std::size_t load);
/// Returns the output of the load, or `no_index` if none is configured.
Index output_of(const Policy& policy, std::size_t load);
std::string output_id_of(const Policy& policy, std::size_t load);
/// Returns true if the load's own output has reported but others have not. After voltd starts, nothing starts before all outputs
/// have reported.
bool waits_for_others(const ExplainContext& scene, std::size_t load);
/// Returns "primary-s21 reports off, but its meter shows 3,250 W" if the meter contradicts the OFF, else an empty string.
std::string denial(const ExplainContext& scene, std::size_t load);
/// Explains an offline state that rests only on a retained message (". The broker keeps that message …"), with the command that
/// deletes it.
std::string kept_offline(const ExplainContext& scene, Index output);
/// Describes the problem with a load's output.
std::string output_problem(const ExplainContext& scene, std::size_t load);
/// Describes the pause between two starts: "Waits 18 s more after the start of Miner 1".
std::string stagger_wait(const Policy& policy, Index other, const std::optional<Duration>& remaining);
/// Returns "Outside its hours 10:00-16:00".
std::string hours_of(const Miner& miner);
/// Explains why an override, or the end of a proof, keeps a load off.
std::string turned_off(const ExplainContext& scene, const Verdict& verdict);
/// Returns ", 42 min left" for an override, or says that it has no end.
std::string override_end(const ExplainContext& scene, const std::optional<Time>& until);

}  // namespace volt::parts
