#include "daemon/ctl/views/probe_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace volt::ctl {

namespace {

constexpr int last_unit = 255;

std::string painted(const char* code, const std::string& text, bool colours) {
    return colours && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string heading(const modbus::ProbedUnit& unit) { return fmt::format("unit {}: {}", unit.unit, unit.kind); }

std::string row_line(const modbus::ProbedRow& row, bool colours) {
    const std::string doubt = row.doubt.empty() ? "" : "  ? " + row.doubt;
    return fmt::format("  {:>5}  {:<20} {:<16} {}{}\n", row.address, raw_text(row), row.value, row.name,
                       painted("33", doubt, colours));
}

std::optional<int> number_of(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && number >= 0 && number <= last_unit ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string raw_text(const modbus::ProbedRow& row) {
    if (row.words.empty()) return "not there";
    if (row.words.size() == 1) return std::to_string(row.words.front());
    std::string text;
    for (const std::uint16_t word : row.words) text += fmt::format("{}{:04X}", text.empty() ? "" : " ", word);
    constexpr std::size_t column = 19;
    return text.size() <= column ? text : text.substr(0, column - 1) + "…";
}

std::string probe_page(const modbus::ProbeReport& report, bool colours) {
    std::string page;
    for (const modbus::ProbedUnit& unit : report.units) {
        page += painted("1", heading(unit), colours) + "\n";
        for (const std::string& remark : unit.remarks) page += painted("33", "  ! " + remark, colours) + "\n";
        for (const modbus::ProbedRow& row : unit.rows) page += row_line(row, colours);
        page += "\n";
    }
    page += fmt::format("{} found with {} requests, framing {}. Nothing was written.\n", report.units.size(), report.questions,
                        name_of(report.framing));
    if (report.yaml.empty()) return page;
    page += painted("1", "\nFor voltd.yaml:", colours) + "\n\n";
    for (const std::string& line : report.yaml) page += line + "\n";
    return page;
}

std::optional<std::vector<int>> units_of(const std::string& text) {
    std::vector<int> units;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        const std::string_view item = std::string_view(text).substr(from, comma - from);
        const std::size_t dash = std::min(item.find('-'), item.size());
        const auto first = number_of(item.substr(0, dash));
        const auto last = dash == item.size() ? first : number_of(item.substr(dash + 1));
        if (!first || !last || *last < *first) return std::nullopt;
        for (int unit = *first; unit <= *last; ++unit) {
            if (std::find(units.begin(), units.end(), unit) == units.end()) units.push_back(unit);
        }
        from = comma + 1;
    }
    return units;
}

}  // namespace volt::ctl
