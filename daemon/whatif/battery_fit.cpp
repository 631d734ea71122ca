#include "daemon/whatif/battery_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace volt::whatif {

namespace {

constexpr std::size_t quiet_minutes = 30, bins = 12, least_spans = 12;
constexpr double quiet_amps = 30, steady_amps = 12;  // limits for the mean, and for the range from minimum to maximum
constexpr std::int64_t longest_step_s = 180;         // a longer gap ends a count
constexpr double least_swing_v = 0.5, least_apart_v = 0.2;
constexpr int rounds = 400;
constexpr std::int64_t unseen_every = 4;  // days; each such day checks the fit

/// Charge between two rests.
struct Span {
    double from_v = 0, to_v = 0, ampere_seconds = 0;
    std::int64_t day = 0;
};

using Bins = std::array<double, bins>;

/// Returns the share of each bin between two voltages, with the sign of the direction.
Bins shares(double from, double to, double low, double width) {
    Bins part{};
    const double a = std::min(from, to), b = std::max(from, to);
    for (std::size_t i = 0; i < bins; ++i) {
        const double begin = low + width * static_cast<double>(i);
        part[i] = std::max(0.0, std::min(b, begin + width) - std::max(a, begin)) / width * (to < from ? -1 : 1);
    }
    return part;
}

double sum_of(const Bins& share, const Bins& charge) {
    double sum = 0;
    for (std::size_t i = 0; i < bins; ++i) sum += share[i] * charge[i];
    return sum;
}

class SpanFinder {
public:
    explicit SpanFinder(std::int64_t mohm) : ohm_(static_cast<double>(mohm) / 1000) {}

    void add(const BatteryMinute& minute) {
        const double amps = static_cast<double>(minute.current.steps) / 100,
                     volts = static_cast<double>(minute.voltage.steps) / 100;
        if (last_s_ && minute.at_s - *last_s_ > longest_step_s) forget();
        if (last_s_) counted_ += amps * static_cast<double>(minute.at_s - *last_s_);
        last_s_ = minute.at_s;
        const std::int64_t day = minute.at_s / 86'400;
        energy_[static_cast<std::size_t>(day) % energy_.size()] += std::abs(amps * volts) * 60;
        quiet_.push_back(amps);
        if (quiet_.size() > quiet_minutes) quiet_.erase(quiet_.begin());
        if (!rests()) return;
        const double rest = volts - amps * ohm_;
        if (rest_v_ && std::abs(rest - *rest_v_) < least_apart_v) return;  // the same rest continues
        if (rest_v_) spans_.push_back({*rest_v_, rest, counted_, day});
        rest_v_ = rest;
        counted_ = 0;
    }
    const std::vector<Span>& spans() const { return spans_; }
    double energy(std::int64_t day) const { return energy_[static_cast<std::size_t>(day) % energy_.size()]; }

private:
    bool rests() const {
        if (quiet_.size() < quiet_minutes) return false;
        const auto [least, greatest] = std::minmax_element(quiet_.begin(), quiet_.end());
        return *greatest - *least < steady_amps && std::max(std::abs(*least), std::abs(*greatest)) < quiet_amps;
    }
    void forget() {
        rest_v_.reset();
        counted_ = 0;
        quiet_.clear();
    }

    const double ohm_;
    std::vector<double> quiet_;  ///< currents of the last quiet_minutes
    std::optional<std::int64_t> last_s_;
    std::optional<double> rest_v_;
    double counted_ = 0;
    std::vector<Span> spans_;
    std::array<double, 40> energy_{};  ///< in and out, Ws, by day
};

/// Solves for the charge of each bin, never below 0, by coordinate descent on the squares.
Bins solved(const std::vector<Span>& spans, double low, double width) {
    Bins charge{};
    std::vector<Bins> rows;
    std::vector<double> left;
    for (const Span& span : spans) {
        rows.push_back(shares(span.from_v, span.to_v, low, width));
        left.push_back(span.ampere_seconds);
    }
    for (int round = 0; round < rounds; ++round)
        for (std::size_t bin = 0; bin < bins; ++bin) {
            double top = 0, bottom = 0;
            for (std::size_t i = 0; i < rows.size(); ++i) top += rows[i][bin] * left[i], bottom += rows[i][bin] * rows[i][bin];
            if (bottom <= 0) continue;
            const double better = std::max(0.0, charge[bin] + top / bottom);
            for (std::size_t i = 0; i < rows.size(); ++i) left[i] -= rows[i][bin] * (better - charge[bin]);
            charge[bin] = better;
        }
    return charge;
}

BatteryFit not_used(std::string why) {
    BatteryFit fit;
    fit.why = std::move(why);
    return fit;
}

std::optional<double> error_of(const std::vector<Span>& unseen, const Bins& charge, double low, double width,
                               const SpanFinder& found) {
    double wrong = 0, energy = 0;
    std::int64_t day = -1;
    for (const Span& span : unseen) {
        const double missed = sum_of(shares(span.from_v, span.to_v, low, width), charge) - span.ampere_seconds;
        wrong += std::abs(missed) * (span.from_v + span.to_v) / 2;
        if (span.day != day) energy += found.energy(span.day);
        day = span.day;
    }
    return energy > 0 ? std::optional(100 * wrong / energy) : std::nullopt;
}

}  // namespace

BatteryFit fit_battery(const std::vector<BatteryMinute>& minutes, std::int64_t resistance_mohm) {
    SpanFinder found(resistance_mohm);
    for (const BatteryMinute& minute : minutes) found.add(minute);
    std::vector<Span> seen, unseen;
    double low = 1e9, high = 0;
    for (const Span& span : found.spans()) {
        (span.day % unseen_every == 0 ? unseen : seen).push_back(span);
        low = std::min({low, span.from_v, span.to_v});
        high = std::max({high, span.from_v, span.to_v});
    }
    if (seen.size() < least_spans || unseen.empty())
        return not_used(fmt::format("the battery rarely rested in the last {} days", fitted_s / 86'400));
    if (high - low < least_swing_v)
        return not_used(fmt::format("the battery's resting voltage moved too little in the last {} days", fitted_s / 86'400));
    const double width = (high - low) / static_cast<double>(bins);
    const Bins charge = solved(seen, low, width);
    BatteryFit fit;
    fit.error_pct = error_of(unseen, charge, low, width, found);
    if (!fit.error_pct || *fit.error_pct > most_fit_error_pct) {
        fit.why = fit.error_pct ? fmt::format("its error on days it has not seen is {:.1f} % of their energy", *fit.error_pct)
                                : "there is no day to compare it with";
        return fit;
    }
    double sum = 0;
    fit.curve.push_back({low, 0});
    for (std::size_t i = 0; i < bins; ++i) {
        sum += std::max(charge[i], 1.0);
        fit.curve.push_back({low + width * static_cast<double>(i + 1), sum});
    }
    fit.capacity_ah = sum / 3600;
    return fit;
}

double volts_less(const std::vector<RestingPoint>& curve, double rest, double ampere_seconds) {
    const auto piece = [&](auto below) {
        std::size_t i = 1;
        while (i + 1 < curve.size() && below(curve[i])) ++i;
        return i;
    };
    const std::size_t at = piece([&](const RestingPoint& point) { return point.volts < rest; });
    const RestingPoint &a = curve[at - 1], &b = curve[at];
    const double charge =
        a.ampere_seconds + (b.ampere_seconds - a.ampere_seconds) * (rest - a.volts) / (b.volts - a.volts) - ampere_seconds;
    const std::size_t to = piece([&](const RestingPoint& point) { return point.ampere_seconds < charge; });
    const RestingPoint &c = curve[to - 1], &d = curve[to];
    return rest - (c.volts + (d.volts - c.volts) * (charge - c.ampere_seconds) / (d.ampere_seconds - c.ampere_seconds));
}

}  // namespace volt::whatif
