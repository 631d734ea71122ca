#include "drivers/store/telemetry/metrics_accumulator.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

void MetricsAccumulator::add(const std::string& name, double value, Utc at) {
    if (!std::isfinite(value) || (open_.size() >= most_names && !open_.contains(name))) {
        ++dropped_;
        return;
    }
    const std::int64_t start = at.count() / 1000 / bucket_s * bucket_s;
    Bucket& bucket = open_[name];
    if (bucket.start_s != start || bucket.samples == 0) {
        finish(name, bucket);
        bucket = {.start_s = start, .samples = 0, .sum = 0, .least = value, .greatest = value};
    }
    ++bucket.samples;
    bucket.sum += value;
    bucket.least = std::min(bucket.least, value);
    bucket.greatest = std::max(bucket.greatest, value);
}

void MetricsAccumulator::finish(const std::string& name, const Bucket& bucket) {
    if (bucket.samples == 0) return;
    if (rows_.size() >= most_rows) {
        rows_.pop_front();
        ++dropped_;
    }
    rows_.push_back({name, bucket});
}

void MetricsAccumulator::finish() {
    for (const auto& [name, bucket] : open_) finish(name, bucket);
    open_.clear();
}

SqlStatus MetricsAccumulator::write(Connection& db) {
    // A bucket that a restart has split is joined again.
    Statement insert = db.prepare(
        "INSERT INTO performance_metrics (at, metric, samples, mean, min, max) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT (at, metric) DO UPDATE SET samples = samples + excluded.samples, "
        "mean = (mean * samples + excluded.mean * excluded.samples) / (samples + excluded.samples), "
        "min = min(min, excluded.min), max = max(max, excluded.max)");
    for (const Row& row : rows_) {
        std::int64_t number = -1;
        const SqlStatus named = name_number(db, "metric_names", row.name, number);
        if (!named.ok() && !named.bad_row()) return named;
        const Bucket& b = row.bucket;
        insert.bind(1, b.start_s).bind(2, number).bind(3, b.samples);
        insert.bind(4, b.sum / static_cast<double>(b.samples)).bind(5, b.least).bind(6, b.greatest);
        const SqlStatus done = insert.run();
        if (!done.ok() && !done.bad_row()) return done;
    }
    return {};
}

std::size_t MetricsAccumulator::written() {
    const std::size_t count = rows_.size();
    rows_.clear();
    return count;
}

}  // namespace volt
