// Reads the store: series of numbers over time, and decisions. For the API and voltctl.
//
// Contract: writes nothing and holds no lock longer than one query. Each reader has its own connection (not thread-safe). A
// reader works whether or not voltd runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/rows.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Span of one point of a series. Raw rows are kept for 72 h, minutes for 400 days, hours forever.
enum class Resolution : std::uint8_t { automatic, raw, minute, hour };
/// Returns `auto`, `raw`, `minute` or `hour`.
const char* name_of(Resolution resolution);
std::optional<Resolution> resolution_of(const std::string& name);

/// Sources of `battery` and `power`, from `voltage_sources` and `power_sources` of the configuration.
struct SeriesSources {
    std::vector<std::string> voltage = {"victron.battery", "victron.system", "sol_ark"};
    std::vector<std::string> battery;  ///< inverters that share it: current and power of `battery` are their sum
    std::vector<std::string> pv = {"sol_ark"}, load = {"sol_ark"}, grid = {"sol_ark"};
};

struct Point {
    std::int64_t at_s = 0;  ///< start of the point's span, in seconds since 1970 UTC
    double value = 0;       ///< in the unit of the series; for a word: off and none 0, others 1
    std::string word;       ///< for series of words (`wanted`, `heat`, `order`); else empty
};

struct History {
    std::string series, unit;  ///< unit: V, A, W, °C, %, or empty
    Resolution resolution = Resolution::automatic;
    std::int64_t step_s = 0;    ///< distance between two points; 0 for one point per change
    std::vector<Point> points;  ///< by time
};

struct HistoryQuery {
    std::string series;  ///< `<topic>.<key>`, e.g. `battery.voltage_v`
    Utc from{}, to{};    ///< from <= point < to
    Resolution resolution = Resolution::automatic;
    SeriesSources sources;
};

/// Maximum number of points. More are refused: request a coarser resolution.
inline constexpr std::size_t most_points = 200000;

struct DecisionQuery {
    std::string load;    ///< a slug (with its zone's `/fan` and `/heat`), `<zone>/fan`, `charge`, or empty for all
    std::string reason;  ///< empty for any
    std::optional<Utc> from, to;
    std::int64_t limit = 50;  ///< 1..10000, newest first
};

/// A row of `events`.
struct KeptEvent {
    std::int64_t id = 0;
    Utc at{};
    std::string level, kind, subject, message, data_json;
};

struct EventQuery {
    std::string kind;   ///< empty for all
    std::string level;  ///< empty for any
    std::optional<Utc> from, to;
    std::int64_t limit = 50;  ///< 1..10000, newest first
};

/// A row of `load_runs`.
struct KeptRun {
    std::string load;
    Utc from{};
    std::optional<Utc> to;  ///< empty if still running, or its end is unknown
    std::string start_reason, stop_reason;
    std::optional<std::int64_t> energy_wh;
};

/// Selects runs that overlap the range.
struct RunQuery {
    std::string load;  ///< empty for all
    std::optional<Utc> from, to;
    std::int64_t limit = 50;  ///< 1..10000, newest first
};

/// Returns the resolution of a series over that range: a step that gives a screen of points, within what is kept.
Resolution resolution_for(Utc from, Utc to, Utc now);

/// Opens a read-only connection. Fault::refused: the schema is not this program's (older, newer or changed).
Result<Connection> open_reader(const std::string& path);

/// Reads a series. Fault::refused: unknown series (the text lists the stored ones), or more than `most_points`.
Result<History> read_history(Connection& db, const HistoryQuery& query, Utc now);
/// Returns the names of all series that have data.
Result<std::vector<std::string>> list_series(Connection& db);
/// Megabytes that voltd wrote to the disk in a day of UTC.
struct WrittenDay {
    std::string day;  ///< `2025-06-21`
    double megabytes = 0;
};
/// Returns the last `days` days, newest first, without days that have no figure.
Result<std::vector<WrittenDay>> read_written_per_day(Connection& db, int days);
/// Returns the newest proof of each output.
Result<std::vector<OutputProofRow>> read_output_proofs(Connection& db);
/// Return rows, newest first.
Result<std::vector<DecisionRow>> read_decisions(Connection& db, const DecisionQuery& query);
Result<std::vector<KeptEvent>> read_events(Connection& db, const EventQuery& query);
Result<std::vector<KeptRun>> read_runs(Connection& db, const RunQuery& query);

}  // namespace volt
