// Parts shared by the sentences about loads, gates and the site. Only for explain_*.cpp; others use explain.hpp.
#pragma once

#include <string>
#include <string_view>

#include "daemon/explain/explain.hpp"

namespace volt::parts {

/// In shadow nothing is commanded: sentences use "would".
inline bool shadow(const ExplainContext& scene) { return !scene.policy.control.live; }
/// "Start Miner 2", in shadow "Would start Miner 2 (shadow)".
std::string verb(const ExplainContext& scene, std::string_view what, const std::string& whom);
/// The voltage that counted, with its source if that is not the source in use: "46.90 V (sol_ark)".
std::string voltage_seen(const ExplainContext& scene, std::int64_t steps, Index source);
/// "52.30 V (65 %)", or "no usable voltage".
std::string battery_now(const ExplainContext& scene);
/// Why no voltage is usable while blind: the value that was refused, or the last one that counted.
std::string no_voltage(const ExplainContext& scene);
/// The name of a load's voltage limit: "its start voltage of 54.50 V", "the reserve of 48.00 V".
std::string voltage_limit(const ExplainContext& scene, std::size_t load, std::int64_t steps);
/// "A is B below C" / "above C" / "at C", for a voltage against a limit.
std::string voltage_against(const ExplainContext& scene, std::size_t load, std::int64_t have, std::int64_t need, Index source);
/// "09:12" in the site's local time; empty if its clock is not trusted.
std::string wall_clock(const ExplainContext& scene, Time moment);
/// When something is due: "10:00", rounded up to the minute; "in 45 s" within a minute, or where the clock is not trusted.
std::string moment_of(const ExplainContext& scene, Duration from_now);
/// "at 10:00", or "in 45 s".
std::string at_moment(const ExplainContext& scene, Duration from_now);
/// Names what ends a run that voltd cannot end: ". Its own timer turns it off by 13:05", or that nothing does. Empty where the output
/// was not on.
std::string own_end(const ExplainContext& scene, Index output);
/// Its output is out of reach, so that voltd cannot switch it.
bool out_of_reach(const ExplainContext& scene, std::size_t load);
/// With a capital, as a sentence begins.
std::string capital(std::string text);
/// "turns off in 45 s unless the voltage reading returns", for a load that runs blind.
std::string blind_end(const ExplainContext& scene);
/// The text of a reason that is the same for a stop and for a blocked start. Only for reasons with such a text.
std::string clause(Reason reason);
/// "It ran 2 h of at most 4 h".
std::string ran_of(std::int64_t have, std::int64_t need);
/// " since 09:12", or nothing.
std::string since(const ExplainContext& scene, const std::optional<Time>& moment);
/// "has been offline since 09:12"; "is offline" where the time is not known.
std::string offline_since(const ExplainContext& scene, const std::optional<Time>& moment);
/// "; 4 min left", or nothing.
std::string left(const std::optional<Duration>& remaining, const char* what = "left");
/// "; must stay there for 60 s", or nothing.
std::string stay(const std::optional<Duration>& remaining);
/// The name of another load, or `unknown`.
std::string other_load(const Policy& policy, Index load, const char* unknown = "another load");
/// The profile behind a load; null for a heater.
const Miner* miner_of(const Policy& policy, std::size_t load);
/// The zone of a load; null: none.
const Zone* zone_of(const Policy& policy, std::size_t load);
/// The output of the load; `no_index`: not configured.
Index output_of(const Policy& policy, std::size_t load);
std::string output_id_of(const Policy& policy, std::size_t load);
/// Its own output has reported: after a start of voltd, nothing starts before all outputs have.
bool waits_for_others(const ExplainContext& scene, std::size_t load);
/// "primary-s21 reports off, but its meter shows 3,250 W", of a load whose meter denies its OFF; else empty.
std::string denial(const ExplainContext& scene, std::size_t load);
/// Where a message that the broker keeps is all that says offline: ". The broker keeps that message …", with the command that deletes it.
std::string kept_offline(const ExplainContext& scene, Index output);
/// What is wrong with the output of a load.
std::string output_problem(const ExplainContext& scene, std::size_t load);
/// The pause between two starts: "Waits 18 s more after the start of Miner 1".
std::string stagger_wait(const Policy& policy, Index other, const std::optional<Duration>& remaining);
/// "Outside its hours 10:00-16:00".
std::string hours_of(const Miner& miner);
/// Why an override, or the end of a proof, keeps a load off.
std::string turned_off(const ExplainContext& scene, const Verdict& verdict);
/// ", 42 min left", or that it has no end, for an override.
std::string override_end(const ExplainContext& scene, const std::optional<Time>& until);

}  // namespace volt::parts
