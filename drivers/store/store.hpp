// Store: settings in, history out, on its own thread. The control loop never waits for a disk.
//
// Contract: `open` runs before the loop starts and may block. After it, every method below is safe from the loop thread and
// returns at once. Rows that do not fit the bounded queue are dropped, oldest telemetry first, counted, and reported by
// `health()`. Decisions, alarms, events and rule state are committed at once and durable; telemetry in batches.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/source.hpp"
#include "drivers/store/rows.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

struct StoreHealth {
    bool failing = false;  ///< writing does not work now
    bool disk_full = false;
    bool restored = false;  ///< another file, or other settings, replaced the lost ones; until acknowledged
    std::string text;
    std::string not_ours;  ///< the database, if it exists and this account may not write it, or empty
    std::uint64_t queued = 0, dropped = 0, rows_written = 0, bytes_written = 0;
    std::string settings_damaged;  ///< rows that changed without an edit, and their substitutes, or empty
    std::string clock_jumped;      ///< time until which no old rows are removed, as a sentence, or empty without a jump
    std::uint64_t rule_state = 0;  ///< number of the last committed rule state; 0 if none since the start
    std::uint64_t commits = 0;     ///< since the start, like their times
    std::chrono::microseconds commit_time{}, longest_commit{};  ///< total of all commits; the longest one
    BackupLog backups;
};

class Recent;

class Store {
public:
    virtual ~Store() = default;
    virtual void record(const SourceReading& reading, Utc at) = 0;  ///< telemetry
    virtual void record(const SourceHealth& health, Utc at) = 0;    ///< polling_status
    virtual void record(const DecisionRow& row) = 0;
    virtual void record(const EventRow& row) = 0;
    virtual void record(const CommandRow& row) = 0;
    virtual void record(const RunRow& row) = 0;
    virtual void record(const OutputProofRow& row) = 0;
    virtual void metric(const std::string& name, double value, Utc at) = 0;
    /// Replaces the stored rule state (one row, versioned text), and returns its number. Commits it at once if `urgent`, with or
    /// within 2 s after a row of history; otherwise with the next batch (10 min), to spare the flash.
    virtual std::uint64_t save_rule_state(std::string text, Utc at, bool urgent) = 0;
    /// Sets the wall clock and its trust. Call it each turn. Until the first call no row is removed by age.
    virtual void set_clock(Utc /*now*/, bool /*trusted*/) {}
    /// Returns settings that changed since the last call. At most one set is kept, the newest.
    virtual std::shared_ptr<const Settings> take_new_settings() = 0;
    /// Reads the settings now, not within a second: they were just edited. Safe from any thread.
    virtual void settings_edited() {}
    /// Writes the site mode to the preferences, requested by `who` (for the history of settings); it comes back as new settings.
    /// Returns its number: settings with a lower `mode_order` were read before it. If it has to wait for a lock, a mode that is
    /// saved meanwhile is newer, and is kept.
    virtual std::uint64_t set_mode(SiteMode mode, const std::string& who) = 0;
    virtual StoreHealth health() const = 0;
    /// Returns the last 15 minutes at full rate (drivers/store/telemetry/recent.hpp). Safe from any thread, lives as long as the
    /// store. Null if none is kept.
    virtual const Recent* recent() const { return nullptr; }
    /// Flushes the queue and closes within `limit`.
    virtual void close(Duration limit) = 0;
};

/// Result of open_store(): the store, its settings, the saved rule state, and notes for the log.
struct OpenedStore {
    std::unique_ptr<Store> store;
    std::shared_ptr<const Settings> settings;
    std::optional<std::string> rule_state;               ///< last saved state
    std::vector<std::string> notes;                      ///< actions: created, migrated, moved aside
    std::optional<Utc> newest_row;                       ///< time of the newest stored row: a correct clock is not earlier
    std::map<std::string, std::int64_t> run_energies{};  ///< total Wh of all ended runs, by load
    std::vector<OutputProofRow> output_proofs{};         ///< the newest for each output
};

/// Opens, migrates and reads the database at `path`, and starts the writer's thread. A broken file is moved aside with its WAL,
/// defaults replace it and StoreHealth::restored is set. Fault::refused: newer than this program, or its migrations are not those
/// that were applied. If the file cannot be opened or written at all (no space, no rights), returns a store without a file that
/// has the defaults, reports `failing`, and retries.
Result<OpenedStore> open_store(const std::string& path);

}  // namespace volt
