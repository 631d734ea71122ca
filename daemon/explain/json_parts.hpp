// Values as the topics write them: whole steps as short decimals, null if unknown.
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
/// One decimal, rounded to the nearest.
inline Object number(Percent percent) { return static_cast<double>((percent.steps + 5) / 10) / 10; }
/// Seconds with one decimal.
inline Object number(Duration duration) { return static_cast<double>((duration.count() + 50) / 100) / 10; }
/// Milliseconds whole.
inline Object whole_ms(Duration duration) { return duration.count(); }

template <class T>
Object number_or_null(const std::optional<T>& value) {
    return value ? number(*value) : Object(nullptr);
}

/// `steps` in the unit's own size: 5230 is 52.3 V.
Object number(std::int64_t steps, Unit unit);
/// `V`, `W`, `°C`, `s`; empty for counts.
const char* symbol(Unit unit);
/// ISO 8601 UTC, or null.
Object time_or_null(const SiteView& view, const std::optional<Time>& moment);
/// Never throws: invalid UTF-8 is replaced.
std::string text(const Object& object);

/// Watts of an output as the rules use them: not stale, and taken after the last switching.
std::optional<Watts> measured(const SiteView& view, std::size_t output);

/// The value of a sample not older than `limit`, else empty.
template <class T>
std::optional<T> fresh(const Sample<T>& sample, Time now, Duration limit) {
    return sample.received && now - sample.taken <= limit ? sample.value : std::nullopt;
}

/// One gate: name, numbers with unit and the time left; with `all` also whether and why it passes.
Object gate(const SiteView& view, std::size_t load, const Gate& gate, bool all);
/// What the load's meter shows; 0 for a load that is off without a meter; null: unknown.
Object load_power(const SiteView& view, std::size_t load);

}  // namespace volt::json
