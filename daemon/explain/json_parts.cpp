#include "daemon/explain/json_parts.hpp"

#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/text.hpp"
#include "rules/names.hpp"

namespace volt::json {

namespace {

std::optional<Watts> metered(const SiteView& view, std::size_t load) {
    const Index output = parts::output_of(view.policy(), load);
    return output == no_index ? std::nullopt : measured(view, static_cast<std::size_t>(output));
}

}  // namespace

std::optional<Watts> measured(const SiteView& view, std::size_t output) {
    const Sample<Watts>& power = view.snapshot().outputs[output].power;
    const auto& memories = view.decision().next.outputs;
    if (!power.received || output >= memories.size()) return std::nullopt;
    const OutputMemory& memory = memories[output];
    const bool too_old = view.snapshot().now - power.taken > memory.meter.limit();
    const bool before = memory.switched_at && power.taken <= *memory.switched_at;
    return too_old || before ? std::nullopt : power.value;
}

Object number(std::int64_t steps, Unit unit) {
    switch (unit) {
        case Unit::none:
        case Unit::count:
        case Unit::watt_hours:
        case Unit::watts: return steps;
        case Unit::volts: return number(Volts{steps});
        case Unit::celsius: return number(Celsius{steps});
        case Unit::seconds: return number(Duration(steps));
    }
    return steps;
}

const char* symbol(Unit unit) {
    switch (unit) {
        case Unit::none:
        case Unit::count: return "";
        case Unit::watts: return "W";
        case Unit::watt_hours: return "Wh";
        case Unit::volts: return "V";
        case Unit::celsius: return "°C";
        case Unit::seconds: return "s";
    }
    return "";
}

Object time_or_null(const SiteView& view, const std::optional<Time>& moment) {
    return moment ? Object(iso_utc(view.utc_of(*moment))) : Object(nullptr);
}

std::string text(const Object& object) { return json_text(object); }

Object gate(const SiteView& view, std::size_t load, const Gate& gate, bool all) {
    Object object{{"gate", name_of(gate.name)}};
    if (all) {
        object["passes"] = gate.passes;
        object["waived"] = gate.waived;
        object["hold"] = gate.hold;
    }
    if (gate.have) object["have"] = number(*gate.have, gate.unit);
    if (gate.need) object["need"] = number(*gate.need, gate.unit);
    if (gate.have || gate.need) object["unit"] = symbol(gate.unit);
    if (all && gate.need) object["bound"] = is_upper_limit(gate.name) ? "at most" : "at least";
    object["remaining_s"] = number_or_null(std::optional<Duration>(gate.remaining));
    if (all) object["text"] = explain_gate(view.scene, load, gate);
    return object;
}

Object load_power(const SiteView& view, std::size_t load) {
    if (const auto watts = metered(view, load)) return number(*watts);
    return view.decision().verdicts[load].state == LoadState::off ? Object(0) : Object(nullptr);
}

}  // namespace volt::json
