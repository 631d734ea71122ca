// JSON values in the format of the topics: whole steps as short decimals, null if unknown.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "daemon/explain/site_view.hpp"

namespace volt::json {

using Object = nlohmann::ordered_json;  ///< keys keep their order

inline Object number(Volts volts) { return static_cast<double>(volts.steps) / 100; }
inline Object number(Watts watts) { return watts.steps; }
inline Object number(Amps amps) { return static_cast<double>(amps.steps) / 100; }
inline Object number(Celsius celsius) { return static_cast<double>(celsius.steps) / 10; }
/// Returns one decimal, rounded to the nearest.
inline Object number(Percent percent) { return static_cast<double>((percent.steps + 5) / 10) / 10; }
/// Returns seconds with one decimal.
inline Object number(Duration duration) { return static_cast<double>((duration.count() + 50) / 100) / 10; }
/// Returns whole milliseconds.
inline Object whole_ms(Duration duration) { return duration.count(); }

template <class T>
Object number_or_null(const std::optional<T>& value) {
    return value ? number(*value) : Object(nullptr);
}

/// Returns `steps` in the unit's own size: 5230 is 52.3 V.
Object number(std::int64_t steps, Unit unit);
/// Returns `V`, `W`, `°C` or `s`, or an empty string for counts.
const char* symbol(Unit unit);
/// Returns ISO 8601 UTC, or null.
Object time_or_null(const SiteView& view, const std::optional<Time>& moment);
/// Serializes JSON and replaces invalid UTF-8. Never throws.
std::string text(const Object& object);

/// Returns the watts of an output as the rules use them: not stale, and measured after the last switching.
std::optional<Watts> measured(const SiteView& view, std::size_t output);

/// Returns the value of a sample not older than `limit`, or nothing.
template <class T>
std::optional<T> fresh(const Sample<T>& sample, Time now, Duration limit) {
    return sample.received && now - sample.taken <= limit ? sample.value : std::nullopt;
}

/// Returns one gate: name, numbers with unit and the time left. `all` adds whether and why it passes.
Object gate(const SiteView& view, std::size_t load, const Gate& gate, bool all);
/// Returns the reading of the load's meter, 0 for a load that is off without a meter, or null if unknown.
Object load_power(const SiteView& view, std::size_t load);

}  // namespace volt::json
