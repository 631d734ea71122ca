#include "daemon/ctl/views/history_view.hpp"

#include <fmt/format.h>

#include <map>

#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/explain/topics.hpp"

namespace volt::ctl {

namespace {

/// Returns a field, quoted if a comma or a quote would break the line.
std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char byte : text) quoted += byte == '"' ? "\"\"" : std::string(1, byte);
    return quoted + "\"";
}

std::string csv_value(const Point& point) {
    if (!point.word.empty()) return csv_field(point.word);
    // Nothing is measured in smaller steps than a thousandth of its unit.
    std::string text = fmt::format("{:.3f}", point.value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string plain(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Adds `key value` of an object, one per line, or a list of objects line by line.
void add_details(const std::string& title, const std::string& text, std::size_t width, std::vector<std::string>& lines) {
    const Json object = Json::parse(text, nullptr, false);
    if (object.is_discarded() || object.empty()) return;
    lines.push_back("    " + title);
    for (const auto& [key, value] : object.items()) {
        std::string line = object.is_array() ? "" : key + ":";
        if (value.is_object())
            for (const auto& [name, each] : value.items()) line += " " + name + " " + plain(each);
        else line += " " + plain(value);
        lines.push_back(clipped("      " + line, width));
    }
}

}  // namespace

std::vector<std::string> csv_lines(const std::vector<History>& all) {
    std::string head = "time";
    std::map<std::int64_t, std::vector<std::string>> table;
    for (std::size_t i = 0; i < all.size(); ++i) {
        head += "," + csv_field(all[i].series);
        for (const Point& point : all[i].points) {
            auto& row = table[point.at_s];
            row.resize(all.size());
            row[i] = csv_value(point);
        }
    }
    std::vector<std::string> lines = {head};
    for (const auto& [at_s, values] : table) {
        lines.push_back(iso_utc(Utc{at_s * 1000}));
        for (const std::string& value : values) lines.back() += "," + value;
    }
    return lines;
}

std::vector<std::string> decision_lines(const std::vector<DecisionRow>& rows, bool verbose, std::size_t width,
                                        const Paint& paint) {
    std::vector<std::string> lines;
    for (const DecisionRow& row : rows) {
        const Colour colour = row.to == "off" || row.to == "blocked" ? Colour::yellow : Colour::green;
        lines.push_back(local_text(row.at.count() / 1000, "%Y-%m-%d %H:%M:%S %Z") + "  " + paint(Colour::bold, row.load) + "  " +
                        row.from + " -> " + paint(colour, row.to) + "  " + row.reason);
        if (!row.text.empty()) lines.push_back(clipped("    " + row.text, width));
        if (!verbose) continue;
        add_details("what counted", row.inputs_json, width, lines);
        add_details("gates", row.gates_json, width, lines);
    }
    return lines;
}

}  // namespace volt::ctl
