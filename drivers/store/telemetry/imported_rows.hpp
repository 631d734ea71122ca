// Telemetry of another program: gathered and rolled up by the store's own code in tables of the connection alone, then put beside
// voltd's own minutes and hours.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

/// What one import brings.
struct ImportCounts {
    std::int64_t readings = 0;            ///< taken from the files
    std::int64_t minutes = 0, hours = 0;  ///< rows put into the database; those that voltd had already stay
    std::int64_t there = 0;               ///< minutes that the database had already: they stay
    std::int64_t late = 0;                ///< minutes left out: from the time on for which voltd has raw rows of its own
    std::optional<Utc> first{}, last{};   ///< time of the oldest and newest reading
};

class ImportedRows {
public:
    /// `db` must outlive it and allow writing; nothing of the database is written before put().
    explicit ImportedRows(Connection& db);
    SqlStatus begin();
    SqlStatus add(const SourceReading& reading, Utc at);
    /// After the last reading: minutes and hours out of the rows.
    SqlStatus finish();
    /// Into the database, in the caller's transaction. Minutes that would be older than `keep_from` are left out.
    SqlStatus put(Utc keep_from);
    const ImportCounts& counts() const { return counts_; }

private:
    Connection& db_;
    RawRows rows_;
    ImportCounts counts_;
};

}  // namespace volt
