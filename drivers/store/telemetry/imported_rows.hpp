// Telemetry of another program: gathered and rolled up by the store's own code in temporary tables of the connection, then put
// next to voltd's own minutes and hours.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

/// Counts of one import.
struct ImportCounts {
    std::int64_t readings = 0;            ///< taken from the files
    std::int64_t minutes = 0, hours = 0;  ///< rows added to the database; existing ones are kept
    std::int64_t there = 0;               ///< minutes that the database already had
    std::int64_t late = 0;                ///< minutes omitted because voltd has its own raw rows from that time on
    std::optional<Utc> first{}, last{};   ///< times of the oldest and newest reading
};

class ImportedRows {
public:
    /// Makes an import. `db` must outlive it and allow writing; nothing is written to the database before put().
    explicit ImportedRows(Connection& db);
    SqlStatus begin();
    SqlStatus add(const SourceReading& reading, Utc at);
    /// Computes minutes and hours after the last reading.
    SqlStatus finish();
    /// Writes to the database, in the caller's transaction. Omits minutes older than `keep_from`.
    SqlStatus put(Utc keep_from);
    const ImportCounts& counts() const { return counts_; }

private:
    Connection& db_;
    RawRows rows_;
    ImportCounts counts_;
};

}  // namespace volt
