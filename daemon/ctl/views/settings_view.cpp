#include "daemon/ctl/views/settings_view.hpp"

#include "daemon/ctl/views/text.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "drivers/hidden.hpp"
#include "drivers/store/settings/rules.hpp"
#include "drivers/store/settings/write.hpp"

namespace volt::ctl {

namespace {

/// Removes control and invisible characters of names, which must not reach the terminal.
std::string plain(const std::string& text) { return without_hidden(text, ' '); }

std::string with_unit(const SettingsField& field, const std::string& value) {
    const bool bare = *field.unit == '\0' || value == "null" || field.kind == FieldKind::curve;
    return plain(bare ? value : value + " " + field.unit);
}

std::string allowed(const SettingsField& field) {
    if (field.fixed) return "set by voltd";
    const std::string need = field.kind == FieldKind::flag ? "true, false" : need_of(field);
    return field.nullable ? need + "; or null" : need;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : plain(text); }

std::string name_of_zone(const std::vector<Record>& zones, const std::string& id) {
    const Record* zone = find_id(zones, id);
    return zone != nullptr ? zone->slug() : id;
}

const char* on_off(bool flag) { return flag ? "on" : "off"; }

Cells miner_cells(const Record& row, const std::vector<Record>& zones) {
    return {row.slug(),
            on_off(row.flag("enabled")),
            row.text("priority_level"),
            row.text("power_draw_w") + " W",
            row.text("start_voltage"),
            row.text("stop_voltage"),
            row.text("emergency_stop_voltage"),
            row.text("operating_mode"),
            or_dash(row.text("device_id")),
            or_dash(name_of_zone(zones, row.text("hvac_zone_id")))};
}

Cells zone_cells(const Record& row) {
    const std::string heat = row.flag("heating_enabled") ? row.text("heating_priority_1") : "off";
    return {row.slug(),
            on_off(row.flag("enabled")),
            row.text("temp_too_hot") + " / " + row.text("temp_hot_ok"),
            row.text("temp_too_cold") + " / " + row.text("temp_cold_ok"),
            row.flag("exhaust_fan_enabled") ? or_dash(row.text("exhaust_fan_device_id")) : "off",
            heat,
            or_dash(row.text("heater_device_id")),
            or_dash(row.text("sensor_id"))};
}

std::string title(const RowChange& change) {
    const std::string noun = change.table == SettingsTable::preferences
                                 ? noun_of(change.table)
                                 : noun_of(change.table) + std::string(" ") + change.row().slug();
    if (!change.before) return noun + ": added";
    return change.after ? noun : noun + ": removed";
}

void add_fields(const RowChange& change, std::vector<std::string>& lines) {
    if (!change.after) return;
    const std::vector<SettingsField>& fields = fields_of(change.table);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const FieldValue nothing;
        const FieldValue& before = change.before ? change.before->values[i] : nothing;
        const FieldValue& after = change.after->values[i];
        if (before == after || std::string_view(fields[i].name) == "updated_at") continue;
        const std::string old = change.before ? plain(shown(fields[i], before)) + " -> " : "";
        lines.push_back("  " + std::string(fields[i].name) + ": " + old + with_unit(fields[i], shown(fields[i], after)));
    }
}

/// Returns local time with its zone, or the text unchanged if it is not a time.
std::string moment_text(const std::string& utc) {
    const auto at = seconds_of(utc);
    return at ? local_text(*at, "%Y-%m-%d %H:%M:%S %Z") : utc;
}

}  // namespace

std::vector<std::string> record_lines(const Record& record, std::size_t width, const Paint& paint) {
    std::vector<Cells> rows = {{"FIELD", "VALUE", "ALLOWED", "MEANING"}};
    const std::vector<SettingsField>& fields = fields_of(record.table);
    for (std::size_t i = 0; i < fields.size(); ++i)
        rows.push_back(
            {fields[i].name, with_unit(fields[i], shown(fields[i], record.values[i])), allowed(fields[i]), fields[i].about});
    return table_lines(rows, width, paint);
}

std::string facts_of(SettingsTable table, const SettingsField& field) {
    std::string text = allowed(field);
    if (*field.unit != '\0' && !field.fixed) text += " (" + std::string(field.unit) + ")";
    if (field.required) text += "; required";
    if (*field.fallback != '\0') text += "; default " + std::string(field.fallback);
    for (const FieldOrder& it : orders_of(table)) {
        const bool below = it.order == Order::below;
        if (field.name == std::string_view(it.high)) text += (below ? "; above " : "; at least ") + std::string(it.low);
        if (field.name == std::string_view(it.low)) text += (below ? "; under " : "; at most ") + std::string(it.high);
    }
    return text;
}

std::vector<std::string> field_lines(SettingsTable table, const SettingsField& field, const Paint& paint) {
    return {paint(Colour::bold, field.name), std::string("  ") + field.about, "  " + facts_of(table, field)};
}

std::vector<std::string> meaning_lines(SettingsTable table, std::size_t width, const Paint& paint) {
    std::vector<Cells> rows = {{"FIELD", "MEANING"}};
    for (const SettingsField& field : fields_of(table)) rows.push_back({field.name, field.about});
    return table_lines(rows, width, paint);
}

std::vector<std::string> list_lines(const std::vector<Record>& rows, const std::vector<Record>& zones, std::size_t width,
                                    const Paint& paint) {
    std::vector<Cells> cells;
    for (const Record& row : rows)
        cells.push_back(row.table == SettingsTable::miners ? miner_cells(row, zones) : zone_cells(row));
    if (rows.empty()) return {"none"};
    if (rows.front().table == SettingsTable::miners)
        cells.insert(cells.begin(), {"MINER", "", "PRIO", "POWER", "START V", "STOP V", "EMERG V", "MODE", "OUTPUT", "ZONE"});
    else cells.insert(cells.begin(), {"ZONE", "", "HOT/OK °C", "COLD/OK °C", "FAN", "HEAT", "HEATER", "SENSOR"});
    return table_lines(cells, width, paint);
}

std::vector<std::string> change_lines(const std::vector<RowChange>& changes, const Paint& paint) {
    std::vector<std::string> lines;
    for (const RowChange& change : changes) {
        lines.push_back(paint(Colour::bold, title(change)));
        add_fields(change, lines);
    }
    return lines;
}

std::vector<std::string> log_lines(const Json& log, const Paint& paint) {
    std::vector<std::string> lines;
    for (const Json& it : log) {
        const auto table = settings_table_named(word(it, "table"));
        const bool named = table && *table != SettingsTable::preferences;
        const std::string row = (named ? noun_of(*table) + std::string(" ") : "") + word(it, "row"), what = word(it, "what");
        lines.push_back(paint(Colour::bold, part(it, "change").dump()) + "  " + moment_text(word(it, "at")) + "  " + plain(row) +
                        (what == "changed" ? "" : " " + what) + paint(Colour::dim, "  by " + plain(word(it, "who"))));
        if (what != "changed") continue;
        for (const auto& [field, values] : part(it, "fields").items())
            lines.push_back("    " + field + ": " + plain(word(values, "before")) + " -> " + plain(word(values, "after")));
    }
    return lines;
}

}  // namespace volt::ctl
