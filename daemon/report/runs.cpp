#include "daemon/report/runs.hpp"

#include <algorithm>
#include <optional>

namespace volt {

namespace {

constexpr std::int64_t hour_s = 3600;

std::int64_t seconds_of_row(const DecisionRow& row) { return row.at.count() / 1000; }

/// Adds runs one after the other, cut to the range.
class RunList {
public:
    explicit RunList(CountedRange range) : range_(range) {}

    bool open() const { return open_.has_value(); }
    std::int64_t since() const { return open_->from_s; }
    void begin(std::int64_t at_s, std::string reason, std::string text) {
        open_ = CountedRun{.from_s = at_s, .start_reason = std::move(reason), .start_text = std::move(text)};
    }
    void end(std::int64_t at_s, std::string reason, std::string text) {
        open_->to_s = at_s;
        open_->stop_reason = std::move(reason);
        open_->stop_text = std::move(text);
        keep();
    }
    std::vector<CountedRun> finish() {
        if (open_) {
            open_->to_s = range_.to_s;
            open_->goes_on = true;
            keep();
        }
        return std::move(runs_);
    }

private:
    void keep() {
        CountedRun run = std::move(*open_);
        open_.reset();
        run.began_before = run.from_s < range_.from_s;
        run.from_s = std::max(run.from_s, range_.from_s);
        run.to_s = std::min(run.to_s, range_.to_s);
        if (run.from_s < run.to_s) runs_.push_back(std::move(run));
    }

    CountedRange range_;
    std::optional<CountedRun> open_;
    std::vector<CountedRun> runs_;
};

/// Returns the first start of voltd after `after_s` and until `until_s`.
std::optional<std::int64_t> start_between(const std::vector<std::int64_t>& starts_s, std::int64_t after_s, std::int64_t until_s) {
    const auto found = std::upper_bound(starts_s.begin(), starts_s.end(), after_s);
    return found != starts_s.end() && *found <= until_s ? std::optional(*found) : std::nullopt;
}

}  // namespace

std::vector<CountedRun> shadow_runs(const std::vector<DecisionRow>& rows, const std::vector<std::int64_t>& starts_s,
                                    CountedRange range) {
    RunList list(range);
    const auto end_by_start = [&](std::int64_t until_s) {
        if (!list.open()) return;
        if (const auto at = start_between(starts_s, list.since(), until_s)) list.end(*at, "started", "voltd was restarted");
    };
    for (const DecisionRow& row : rows) {
        const std::int64_t at_s = seconds_of_row(row);
        if (at_s >= range.to_s) break;
        end_by_start(at_s);
        const bool on = row.shadow && row.to != "off";
        if (on && !list.open()) list.begin(at_s, row.reason, row.text);
        else if (!on && list.open()) list.end(at_s, row.reason, row.text);
    }
    end_by_start(range.to_s);
    return list.finish();
}

std::vector<CountedRun> reported_runs(const std::vector<ReportedState>& changes, CountedRange range) {
    RunList list(range);
    // The first change also shows the state before it.
    if (!changes.empty() && changes.front().from == "on" && changes.front().at_s > range.from_s)
        list.begin(range.from_s - 1, "", "");
    for (const ReportedState& change : changes) {
        if (change.at_s >= range.to_s) break;
        if (change.to == "on" && !list.open()) list.begin(change.at_s, "reported", "");
        else if (change.to == "off" && list.open()) list.end(change.at_s, "reported", "");
    }
    return list.finish();
}

LoadTally tally_of(const std::vector<CountedRun>& runs, Watts draw) {
    LoadTally tally;
    for (const CountedRun& run : runs) {
        if (!run.began_before) ++tally.runs;
        tally.on_s += run.to_s - run.from_s;
    }
    tally.watt_seconds = tally.on_s * draw.steps;
    return tally;
}

int most_starts_per_hour(const std::vector<CountedRun>& runs) {
    int most = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        int count = 0;
        for (std::size_t j = i; j < runs.size() && runs[j].from_s < runs[i].from_s + hour_s; ++j)
            count += runs[j].began_before ? 0 : 1;
        most = std::max(most, count);
    }
    return most;
}

std::int64_t overlap_s(const std::vector<CountedRun>& some, const std::vector<CountedRun>& others) {
    std::int64_t sum = 0;
    for (const CountedRun& a : some)
        for (const CountedRun& b : others)
            sum += std::max<std::int64_t>(0, std::min(a.to_s, b.to_s) - std::max(a.from_s, b.from_s));
    return sum;
}

bool is_on_at(const std::vector<CountedRun>& runs, std::int64_t at_s) {
    return std::any_of(runs.begin(), runs.end(), [at_s](const CountedRun& run) { return run.from_s <= at_s && at_s < run.to_s; });
}

}  // namespace volt
