#include "daemon/ctl/views/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/ctl/views/time_argument.hpp"

namespace volt::ctl {

namespace {

/// Grid of dots. A character cell has `cell_x` x `cell_y` of them.
class Canvas {
public:
    Canvas(std::size_t columns, std::size_t rows, bool braille)
        : columns_(columns), rows_(rows), braille_(braille), dots_(width() * height(), false) {}

    std::size_t width() const { return columns_ * (braille_ ? 2 : 1); }
    std::size_t height() const { return rows_ * (braille_ ? 4 : 1); }

    /// Draws a vertical line of dots, both ends included. y counts from the bottom.
    void line(std::size_t x, std::size_t from_y, std::size_t to_y) {
        for (std::size_t y = std::min(from_y, to_y); y <= std::max(from_y, to_y); ++y) dots_[x + y * width()] = true;
    }

    /// Returns one row of characters, counted from the top.
    std::string row(std::size_t row) const {
        std::string text;
        for (std::size_t column = 0; column < columns_; ++column) text += cell(column, rows_ - 1 - row);
        return text;
    }

private:
    bool dot(std::size_t x, std::size_t y) const { return dots_[x + y * width()]; }

    std::string cell(std::size_t column, std::size_t row) const {
        if (!braille_) return dot(column, row) ? "*" : " ";
        static constexpr unsigned bits[4][2] = {{0x40, 0x80}, {0x04, 0x20}, {0x02, 0x10}, {0x01, 0x08}};  // from the bottom
        unsigned pattern = 0;
        for (std::size_t y = 0; y < 4; ++y)
            for (std::size_t x = 0; x < 2; ++x)
                if (dot(column * 2 + x, row * 4 + y)) pattern |= bits[y][x];
        if (pattern == 0) return " ";
        return {'\xE2', static_cast<char>(0xA0 | (pattern >> 6)), static_cast<char>(0x80 | (pattern & 0x3F))};
    }

    std::size_t columns_, rows_;
    bool braille_;
    std::vector<bool> dots_;
};

struct Range {
    double low = 0, high = 1, step = 1;
};

/// Returns whole steps around all values; never empty.
Range range_of(const std::vector<Point>& points, int ticks) {
    const auto [least, greatest] =
        std::minmax_element(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.value < b.value; });
    double low = least->value, high = greatest->value;
    if (high - low < 1e-9 && low == 0) high = 1;
    else if (high - low < 1e-9) low -= 0.5, high += 0.5;
    const double step = round_step(high - low, ticks);
    return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

int decimals_of(double step) { return step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9)); }

/// Returns the position of a point: 0 .. size - 1.
std::size_t place(double share, std::size_t size) {
    return static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(size - 1) + 0.5);
}

/// Returns the time between two points above which there is a gap.
std::int64_t longest_step(const History& history, const PlotOptions& options, std::size_t width) {
    if (history.step_s == 0) return options.to_s - options.from_s;
    const std::int64_t column_s = (options.to_s - options.from_s) / static_cast<std::int64_t>(width) + 1;
    return std::max(history.step_s * 5 / 2, column_s * 2);
}

void draw(Canvas& canvas, const History& history, const PlotOptions& options, const Range& range) {
    const auto length = static_cast<double>(std::max<std::int64_t>(options.to_s - options.from_s, 1));
    const std::int64_t gap = longest_step(history, options, canvas.width());
    std::size_t last_x = 0, last_y = 0;
    std::int64_t last_s = 0;
    const auto go = [&](std::int64_t at_s, std::size_t x, std::size_t y, bool joined) {
        if (!joined) return canvas.line(x, y, y);
        const bool steps = history.step_s == 0;
        for (std::size_t between = last_x + 1; between < x; ++between) {
            const double share = static_cast<double>(between - last_x) / static_cast<double>(x - last_x);
            const double level = static_cast<double>(last_y) + (static_cast<double>(y) - static_cast<double>(last_y)) * share;
            const auto here = steps ? last_y : static_cast<std::size_t>(level + 0.5);
            canvas.line(between, here, here);
        }
        canvas.line(x, steps || x == last_x || at_s == last_s ? last_y : y, y);
    };
    bool first = true;
    for (const Point& point : history.points) {
        const std::size_t x = place(static_cast<double>(point.at_s - options.from_s) / length, canvas.width());
        const std::size_t y = place((point.value - range.low) / (range.high - range.low), canvas.height());
        go(point.at_s, x, y, !first && point.at_s - last_s <= gap);
        last_x = x, last_y = y, last_s = point.at_s, first = false;
    }
    // The last value still holds at the end of the range.
    if (!first && history.step_s == 0) go(options.to_s, canvas.width() - 1, last_y, true);
}

/// Returns labels under the time axis at whole hours, days …, as many as fit.
std::string time_labels(const PlotOptions& options, std::size_t columns) {
    static constexpr std::int64_t steps[] = {60,    300,   900,    1800,   3600,    7200,    10800,   21600,
                                             43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000};
    const std::int64_t length = std::max<std::int64_t>(options.to_s - options.from_s, 1);
    const char* format = length <= 2 * 86400 ? "%H:%M" : length <= 300 * 86400LL ? "%d %b" : "%b %Y";
    const std::size_t room = length <= 300 * 86400LL ? 8 : 10;
    const std::int64_t most = std::max<std::int64_t>(static_cast<std::int64_t>(columns / room), 1);
    std::int64_t step = steps[std::size(steps) - 1];
    for (const std::int64_t each : steps)
        if (length / each <= most) {
            step = each;
            break;
        }
    // Use whole hours of the site's local time.
    const std::int64_t midnight = parse_moment(local_text(options.from_s, "%Y-%m-%d"), options.from_s).value_or(0);
    std::string text(columns, ' ');
    for (std::int64_t at_s = midnight; at_s <= options.to_s; at_s += step) {
        if (at_s < options.from_s) continue;
        const std::string label = local_text(at_s, format);
        const std::size_t x = place(static_cast<double>(at_s - options.from_s) / static_cast<double>(length), columns);
        const bool free = x + label.size() <= columns &&
                          text.substr(x > 0 ? x - 1 : 0, label.size() + 1).find_first_not_of(' ') == std::string::npos;
        if (free) text.replace(x, label.size(), label);
    }
    return text;
}

std::string summary(const History& history, int decimals) {
    double sum = 0, least = history.points.front().value, greatest = least;
    for (const Point& point : history.points) {
        sum += point.value;
        least = std::min(least, point.value);
        greatest = std::max(greatest, point.value);
    }
    const std::string unit = history.unit.empty() ? "" : " " + history.unit;
    return fmt::format("min {:.{}f}{}  mean {:.{}f}{}  max {:.{}f}{}  last {:.{}f}{}", least, decimals, unit,
                       sum / static_cast<double>(history.points.size()), decimals, unit, greatest, decimals, unit,
                       history.points.back().value, decimals, unit);
}

}  // namespace

double round_step(double range, int count) {
    const double rough = range / std::max(count, 1);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough * 0.999) return factor * power;
    return 10 * power;
}

std::vector<std::string> plot(const History& history, const PlotOptions& options) {
    const std::string unit = history.unit.empty() ? "" : " (" + history.unit + ")";
    std::vector<std::string> lines = {options.paint(Colour::bold, history.series) + unit + ", " +
                                      local_text(options.from_s, "%Y-%m-%d %H:%M") + " to " +
                                      local_text(options.to_s, "%Y-%m-%d %H:%M %Z") +
                                      (history.step_s > 0 ? std::string(", ") + name_of(history.resolution) : "")};
    if (history.points.empty()) {
        lines.emplace_back("no data in this time");
        return lines;
    }
    const std::size_t rows = std::max<std::size_t>(options.height, 8) - 4;
    const Range range = range_of(history.points, static_cast<int>(rows) / 3);
    const int decimals = decimals_of(range.step);
    const auto label = [&](double value) {
        return fmt::format("{:.{}f}", std::abs(value) < range.step / 2 ? 0.0 : value, decimals);
    };
    const std::size_t margin = std::max(label(range.low).size(), label(range.high).size());
    const std::size_t columns = std::max<std::size_t>(options.width, 30) - margin - 2;
    Canvas canvas(columns, rows, options.braille);
    draw(canvas, history, options, range);
    std::vector<std::string> labels(rows);
    for (double value = range.low; value <= range.high + range.step / 2; value += range.step)
        labels[rows - 1 - place((value - range.low) / (range.high - range.low), rows)] = label(value);
    for (std::size_t row = 0; row < rows; ++row) {
        const char* axis = options.braille ? (labels[row].empty() ? "│" : "┤") : (labels[row].empty() ? "|" : "+");
        lines.push_back(fmt::format("{:>{}} {}", labels[row], margin, axis) + options.paint(Colour::cyan, canvas.row(row)));
    }
    lines.push_back(std::string(margin + 2, ' ') + time_labels(options, columns));
    lines.push_back(summary(history, std::max(decimals, history.unit == "V" ? 2 : 0)));
    return lines;
}

}  // namespace volt::ctl
