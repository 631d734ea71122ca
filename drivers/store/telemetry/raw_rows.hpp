// Raw telemetry: readings of one source gathered into one row per slot (30 s), means with lowest and highest voltage.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/source.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// The source with separate tables.
inline constexpr const char* sol_ark_source = "sol_ark";
/// Length of a raw row. Half a minute with its extremes needs a third of the flash of 10 s; the last quarter of an hour is in
/// memory at full rate (recent.hpp).
inline constexpr std::int64_t raw_slot_s = 30;

/// Fields of a raw row. `state` is the last value, everything else a mean.
enum class RawField : std::uint8_t {
    voltage,
    current,
    power,
    temperature,
    soc,
    pv,
    load,
    grid,
    pv_voltage,
    pv_current,
    state,
};
inline constexpr std::size_t field_count = 11;

/// Values of one reading, in the smallest steps.
using RawValues = std::array<std::optional<std::int64_t>, field_count>;
RawValues values_of(const SourceReading& reading);

/// A finished slot of one source, in the smallest steps.
struct RawRow {
    std::string source;
    std::int64_t slot_s = 0;  ///< start, seconds since 1970 UTC
    RawValues values;
    std::optional<std::int64_t> voltage_min{}, voltage_max{};
};

/// Gathers readings, and keeps finished rows until they are written. Not thread-safe: belongs to the writer.
class RawRows {
public:
    static constexpr std::size_t most_sources = 32;

    /// Makes a gatherer. Rows beyond `most_rows` push out the oldest.
    RawRows(Duration slot, std::size_t most_rows) : slot_(slot), most_rows_(most_rows) {}

    void add(const SourceReading& reading, Utc at);
    /// Ends slots before the one of `now`.
    void finish_before(Utc now);
    /// Ends every slot, including open ones.
    void finish();
    /// Inserts the finished rows, and the open ones so far, which the next write replaces. Runs in the caller's transaction. Call
    /// written() once that is committed.
    SqlStatus write(Connection& db);
    /// Forgets the finished rows of the last write(), and returns their number.
    std::size_t written();

    std::size_t waiting() const { return rows_.size(); }
    std::uint64_t dropped() const { return dropped_; }

private:
    struct Slot {
        std::int64_t start_s = 0;
        std::array<std::int64_t, field_count> sum{};
        std::array<std::int64_t, field_count> count{};
        std::optional<std::int64_t> voltage_min{}, voltage_max{};
    };

    std::int64_t slot_start(Utc at) const;
    static void gather(Slot& slot, const SourceReading& reading);
    static std::optional<RawRow> row_of(const std::string& source, const Slot& slot);
    SqlStatus insert_row(Statement& insert, const RawRow& row, std::int64_t source);
    SqlStatus insert(Connection& db, const std::vector<const RawRow*>& rows);
    void finish(const std::string& source, const Slot& slot);

    Duration slot_;
    std::size_t most_rows_;
    std::map<std::string, Slot> open_;
    std::deque<RawRow> rows_;
    std::size_t in_write_ = 0;
    std::uint64_t dropped_ = 0;
};

/// Returns the number of a name in `table` (sources, metric_names), and adds a new one. Runs in the caller's transaction.
SqlStatus name_number(Connection& db, const std::string& table, const std::string& name, std::int64_t& number);

}  // namespace volt
