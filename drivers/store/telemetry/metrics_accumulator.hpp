// performance_metrics: a quarter of an hour of each metric in one row.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "drivers/store/sqlite/sqlite.hpp"
#include "rules/time.hpp"

namespace volt {

/// Gathers values by name. Not thread-safe: belongs to the writer.
class MetricsAccumulator {
public:
    static constexpr std::size_t most_names = 64, most_rows = 4096;
    static constexpr std::int64_t bucket_s = 900;

    void add(const std::string& name, double value, Utc at);
    /// Ends every bucket, including open ones.
    void finish();
    /// Inserts the finished buckets in the caller's transaction. Call written() once that is committed.
    SqlStatus write(Connection& db);
    std::size_t written();
    std::size_t waiting() const { return rows_.size(); }
    std::uint64_t dropped() const { return dropped_; }

private:
    struct Bucket {
        std::int64_t start_s = 0, samples = 0;
        double sum = 0, least = 0, greatest = 0;
    };
    struct Row {
        std::string name;
        Bucket bucket;
    };

    void finish(const std::string& name, const Bucket& bucket);

    std::map<std::string, Bucket> open_;
    std::deque<Row> rows_;
    std::uint64_t dropped_ = 0;
};

}  // namespace volt
