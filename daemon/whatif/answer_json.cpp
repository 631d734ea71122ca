#include "daemon/whatif/answer_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "daemon/explain/json_parts.hpp"
#include "daemon/whatif/stored_energy.hpp"
#include "drivers/iso_time.hpp"
#include "rules/names.hpp"

namespace volt::whatif {

namespace {

using json::Object;

constexpr const char* limit_of_record =
    "The weather and zone temperatures of MQTT sensors are not recorded: PV stands for the weather, a zone is as hot as the "
    "level of its fan shows, and heaters stay as recorded.";

/// Describes the limits of what is known about the bank.
std::string limit_of_bank(const SiteRecord& record) {
    const BatteryFit& fit = record.fit;
    if (!fit.curve.empty())
        return fmt::format(
            "Stored energy follows a fit of the battery to its last days; on days it had not seen it was wrong by {:.1f} % of "
            "their energy.",
            fit.error_pct.value_or(0));
    const std::string why = fit.why.empty() ? "" : " (no fit of the battery: " + fit.why + ")";
    if (stored_energy(record))
        return "Voltage is corrected by the sag of the loads and by how it followed the energy in this record; stored energy is "
               "not modeled" +
               why + ". After the first difference the results drift.";
    return "Voltage is corrected by the sag of the loads alone; stored energy is not modeled" + why +
           ". After the first difference the results drift and become too optimistic.";
}

Object iso(std::int64_t at_s) { return iso_time(at_s) + "Z"; }

Object tally(const LoadTally& one) {
    return {{"runs", one.runs}, {"hours", hours_of(one.on_s)}, {"kwh", kwh_of(one.watt_seconds)}};
}

std::string unknown_by(const ComparedRange& range) {
    if (range.silent_s <= longest_silence_s) return "the stored energy";
    return fmt::format("the stored energy and the {:.1f} h without readings", hours_of(range.silent_s));
}

Object load_json(const ReplayedLoad& load, const ComparedLoad& compared, const ComparedRange& range, bool changed) {
    Object object{{"load", load.slug},
                  {"name", load.name},
                  {"agreement_pct", percent_of(compared.agreeing_minutes, range.minutes)},
                  {"recorded", tally(compared.recorded)},
                  {"as_is", tally(compared.as_is)},
                  {"changed", changed ? tally(compared.changed) : Object(nullptr)},
                  {"known", compared.known},
                  {"text", nullptr}};
    if (load.needs_sunny && changed) {
        object["known"] = false;
        object["text"] = "not known: it needs sunny weather, which is not recorded";
    } else if (!compared.known)
        object["text"] = fmt::format("not known: {:.1f} to {:.1f} h, depending on {}", hours_of(compared.least_on_s),
                                     hours_of(compared.most_on_s), unknown_by(range));
    return object;
}

Object stages(const ReplayResult& result) {
    Object object = Object::object();
    for (std::size_t i = 0; i < stage_count; ++i)
        if (result.stage_s[i] > 0) object[name_of(static_cast<Stage>(i))] = (result.stage_s[i] + 59) / 60;
    return object;
}

Object battery_json(const Comparison& comparison, const ComparedRange& range) {
    const ReplayResult* changed = comparison.changed();
    return {{"lowest_v",
             {{"recorded", json::number_or_null(range.lowest_recorded)},
              {"as_is", json::number_or_null(range.lowest_as_is)},
              {"changed", json::number_or_null(range.lowest_changed)}}},
            {"stage_min", {{"as_is", stages(comparison.as_is())}, {"changed", changed ? stages(*changed) : Object(nullptr)}}}};
}

Object differences_json(const SiteRecord& record, const ComparedRange& range) {
    Object list = Object::array();
    for (const Difference& one : range.differences)
        list.push_back({{"at", iso(one.decision.at_s)},
                        {"load", record.loads[one.decision.load].slug},
                        {"order", one.decision.on ? "on" : "off"},
                        {"reason", one.decision.reason},
                        {"text", one.decision.text},
                        {"replay", one.changed ? "changed" : "as_is"}});
    return list;
}

Object line_json(const ReplayResult* result, std::size_t every) {
    if (result == nullptr) return nullptr;
    Object list = Object::array();
    for (std::size_t i = 0; i < result->volts_of_minute.size(); i += every)
        list.push_back(json::number_or_null(result->volts_of_minute[i]));
    return list;
}

Object voltage_json(const Comparison& comparison) {
    const std::size_t minutes = comparison.as_is().volts_of_minute.size();
    const std::size_t every = (minutes + most_voltage_points - 1) / most_voltage_points;
    return {{"step_s", every * 60},
            {"as_is", line_json(&comparison.as_is(), every)},
            {"changed", line_json(comparison.changed(), every)}};
}

Object begun(const SiteRecord& record, const std::string& text) {
    return {{"text", text},
            {"limits", {limit_of_bank(record), limit_of_record}},
            {"notes", record.notes},
            {"from", iso(record.from_s)},
            {"to", iso(record.to_s)}};
}

}  // namespace

nlohmann::ordered_json answer_json(const SiteRecord& record, const Comparison& comparison) {
    const ComparedRange range = comparison.answer();
    const double agreement = percent_of(range.agreeing_minutes, range.minutes);
    Object answer = begun(record, fmt::format("With your current settings, the replay matches the record {:.0f} % of the time",
                                              std::floor(agreement)));
    answer["covered_to"] = iso(range.covered_to_s);
    answer["covered_pct"] = percent_of(range.covered_s, record.to_s - record.from_s);
    answer["agreement_pct"] = agreement;
    answer["loads"] = Object::array();
    for (std::size_t i = 0; i < range.loads.size(); ++i)
        answer["loads"].push_back(load_json(record.loads[i], range.loads[i], range, comparison.changed() != nullptr));
    answer["battery"] = battery_json(comparison, range);
    answer["differences"] = differences_json(record, range);
    answer["voltage"] = voltage_json(comparison);
    return answer;
}

nlohmann::ordered_json empty_answer_json(const SiteRecord& record) {
    Object answer =
        begun(record, fmt::format("No readings are stored for this range (they are kept for {} h), so nothing can be replayed",
                                  longest_range_s / 3600));
    answer["covered_to"] = iso(record.from_s);
    answer["covered_pct"] = 0;
    answer["agreement_pct"] = nullptr;
    answer["loads"] = answer["differences"] = Object::array();
    answer["battery"] = answer["voltage"] = nullptr;
    return answer;
}

}  // namespace volt::whatif
