#include "daemon/ctl/views/whatif_view.hpp"

#include <fmt/format.h>

#include <set>

#include "daemon/ctl/views/table.hpp"
#include "daemon/ctl/views/time_argument.hpp"

namespace volt::ctl {

namespace {

constexpr const char* moment_format = "%Y-%m-%d %H:%M:%S";

std::string local_moment(const std::string& iso) {
    const auto at = seconds_of(iso);
    return at ? local_text(*at, moment_format) : iso;
}

std::string tally_text(const Json& one) {
    if (!one.is_object()) return "-";
    const double runs = number(one, "runs").value_or(0);
    return fmt::format("{:.0f} run{}, {:.1f} h, {:.1f} kWh", runs, runs == 1 ? "" : "s", number(one, "hours").value_or(0),
                       number(one, "kwh").value_or(0));
}

std::string minutes_text(const Json& stages, const std::string& stage) {
    return stages.is_object() ? fmt::format("{:.0f} min", number(stages, stage.c_str()).value_or(0)) : "-";
}

/// Returns one row for each load, the lowest voltage, and each stage that one of the replays reached.
std::vector<Cells> columns_of(const Json& answer) {
    std::vector<Cells> rows{{"", "recorded", "as is", "changed", "agrees"}};
    for (const Json& load : part(answer, "loads"))
        rows.push_back({word(load, "load"), tally_text(part(load, "recorded")), tally_text(part(load, "as_is")),
                        tally_text(part(load, "changed")), fmt::format("{:.1f} %", number(load, "agreement_pct").value_or(0))});
    const Json& lowest = part(part(answer, "battery"), "lowest_v");
    rows.push_back({"lowest voltage", volts(number(lowest, "recorded")), volts(number(lowest, "as_is")),
                    volts(number(lowest, "changed")), ""});
    const Json& stages = part(part(answer, "battery"), "stage_min");
    std::set<std::string> names;
    for (const char* replay : {"as_is", "changed"})
        for (const auto& [name, minutes] : part(stages, replay).items()) names.insert(name);
    for (const std::string& name : names)
        rows.push_back(
            {"stage " + name, "", minutes_text(part(stages, "as_is"), name), minutes_text(part(stages, "changed"), name), ""});
    return rows;
}

void add_differences(const Json& answer, const Paint& paint, std::vector<std::string>& lines) {
    const Json& differences = part(answer, "differences");
    if (differences.empty()) return;
    lines.emplace_back();
    lines.push_back(paint(Colour::bold, "Orders that differ"));
    for (const Json& one : differences)
        lines.push_back(fmt::format("  {}  {:<7}  {}", local_moment(word(one, "at")),
                                    word(one, "replay") == "changed" ? "changed" : "as is", word(one, "text")));
}

}  // namespace

std::vector<std::string> whatif_lines(const Json& answer, std::size_t width, const Paint& paint) {
    std::vector<std::string> lines{paint(Colour::bold, word(answer, "text"))};
    for (const Json& limit : part(answer, "limits")) lines.push_back("  " + limit.get<std::string>());
    lines.push_back(fmt::format("{} to {}, {:.1f} % of it replayed", local_moment(word(answer, "from")),
                                local_moment(word(answer, "covered_to")), number(answer, "covered_pct").value_or(0)));
    for (const Json& note : part(answer, "notes")) lines.push_back("  " + note.get<std::string>());
    if (part(answer, "loads").empty()) return lines;
    lines.emplace_back();
    for (std::string& line : table_lines(columns_of(answer), width, paint)) lines.push_back(std::move(line));
    for (const Json& load : part(answer, "loads"))
        if (const std::string text = word(load, "text"); !text.empty())
            lines.push_back("  " + word(load, "load") + " changed: " + text);
    add_differences(answer, paint, lines);
    return lines;
}

std::vector<std::string> suggestion_lines(const Json& answer, const Paint& paint) {
    const Json& suggestions = part(answer, "suggestions");
    if (suggestions.empty()) return {"No other start or stop voltage of a miner would have gained energy"};
    std::vector<std::string> lines{paint(Colour::bold, "Other voltages that would have gained energy; nothing is changed")};
    for (const Json& one : suggestions) {
        std::string fields;
        for (const auto& [id, values] : part(part(one, "changes"), "miners").items())
            for (const auto& [field, value] : values.items())
                fields += fmt::format(" {}={:.2f} (now {:.2f})", field, value.get<double>(),
                                      number(part(one, "today"), field.c_str()).value_or(0));
        const Json& lowest = part(one, "lowest_v");
        lines.push_back(fmt::format("  {}:{}", word(one, "load"), fields));
        lines.push_back(fmt::format("      {:+.1f} kWh, lowest voltage {} instead of {}", number(one, "gained_kwh").value_or(0),
                                    volts(number(lowest, "changed")), volts(number(lowest, "as_is"))));
    }
    return lines;
}

History replayed_voltage(const Json& answer, const char* replay) {
    History history{.series = std::string("voltage, ") + (std::string(replay) == "changed" ? "changed" : "as is"),
                    .unit = "V",
                    .resolution = {},
                    .step_s = 0,
                    .points = {}};
    const Json& voltage = part(answer, "voltage");
    history.step_s = static_cast<std::int64_t>(number(voltage, "step_s").value_or(60));
    std::int64_t at_s = seconds_of(word(answer, "from")).value_or(0);
    for (const Json& value : part(voltage, replay)) {
        if (value.is_number()) history.points.push_back({at_s, value.get<double>(), ""});
        at_s += history.step_s;
    }
    return history;
}

}  // namespace volt::ctl
