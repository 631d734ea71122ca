#include "daemon/ctl/views/table.hpp"

#include <algorithm>
#include <numeric>

namespace volt::ctl {

namespace {

constexpr std::size_t gap = 2, least = 6;

std::vector<std::size_t> widths_of(const std::vector<Cells>& rows) {
    std::vector<std::size_t> widths;
    for (const Cells& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    return widths;
}

void fit(std::vector<std::size_t>& widths, std::size_t width) {
    if (width == 0 || widths.empty()) return;
    const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + gap * (widths.size() - 1); };
    while (total() > width) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= least) return;
        --*widest;
    }
}

}  // namespace

std::vector<std::string> table_lines(const std::vector<Cells>& rows, std::size_t width, const Paint& paint) {
    std::vector<std::size_t> widths = widths_of(rows);
    fit(widths, width);
    std::vector<std::string> lines;
    for (const Cells& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += padded(row[i], widths[i]) + (i + 1 < row.size() ? std::string(gap, ' ') : "");
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(lines.empty() ? paint(Colour::bold, line) : line);
    }
    return lines;
}

}  // namespace volt::ctl
