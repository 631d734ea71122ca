// Rows of history that the loop records and the reader returns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// A change of a load, fan, heat or charge order.
struct DecisionRow {
    Utc at{};
    std::string load;      ///< slug, `<zone>/fan`, `<zone>/heat`, `charge`
    std::string from, to;  ///< `off`, `on`, a level
    std::string reason;
    std::string text;         ///< the sentence
    std::string inputs_json;  ///< value, source, age and quality of the deciding inputs
    std::string gates_json;
    bool shadow = false;  ///< decided in shadow mode: nothing was switched
};

struct EventRow {
    Utc at{};
    std::string level;  ///< debug | info | warning | error | critical
    std::string kind;   ///< stage, mode, source, output, settings, daemon, alarm …; see history_rows.hpp for `health`
    std::string subject;
    std::string message;
    std::string data_json;
};

/// A command to an output. The row is written once its result is known (confirmed, replaced or given up).
struct CommandRow {
    Utc at{};
    std::string output, order, reason;
    bool confirmed = false;
    int tries = 1;
    std::optional<Duration> latency;
};

/// A relay that switched itself off by its own timer in a test.
struct OutputProofRow {
    Utc at{};
    std::string output, dialect;
    Duration lease{};     ///< its timer, in whole seconds
    Duration measured{};  ///< from ON to OFF
};

/// A finished or running stretch of a load.
struct RunRow {
    std::string load;
    Utc started{};
    std::optional<Utc> stopped;
    std::string start_reason, stop_reason;
    std::optional<std::int64_t> energy_wh;
};

/// Result of one `voltctl backup`.
struct BackupRow {
    Utc at{};
    std::string path;
    std::uint64_t bytes = 0;  ///< 0 if it failed
    std::string error;        ///< empty on success
};

/// Summary of the rows of `backups`.
struct BackupLog {
    std::optional<Utc> newest{};  ///< time of the newest successful one
    std::string path{};           ///< its file, as it was named then
    std::optional<Utc> begun{};   ///< creation time of the database: no copy is older
    std::string error{};          ///< the newest one's error, if the last two failed
    bool operator==(const BackupLog&) const = default;
};

}  // namespace volt
