#include "drivers/store/writer/history_rows.hpp"

namespace volt {

namespace {

std::optional<std::string_view> or_null(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::optional<std::int64_t> ms_or_null(const std::optional<Utc>& time) {
    if (!time) return std::nullopt;
    return time->count();
}

SqlStatus write_health(Connection& db, const EventRow& row) {
    const bool ok = row.level == "info" || row.level == "debug";
    return db.prepare("INSERT INTO health_checks (at, part, state, text) VALUES (?1, ?2, ?3, ?4)")
        .bind(1, row.at.count())
        .bind(2, row.subject)
        .bind(3, std::string_view(ok                       ? "ok"
                                  : row.level == "warning" ? "degraded"
                                                           : "down"))
        .bind(4, row.message)
        .run();
}

}  // namespace

SqlStatus write_row(Connection& db, const DecisionRow& row) {
    return db
        .prepare(
            "INSERT INTO decisions (at, load, \"from\", \"to\", reason, text, inputs, gates, shadow) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(1, row.at.count())
        .bind(2, row.load)
        .bind(3, row.from)
        .bind(4, row.to)
        .bind(5, row.reason)
        .bind(6, row.text)
        .bind(7, or_null(row.inputs_json))
        .bind(8, or_null(row.gates_json))
        .bind(9, std::int64_t{row.shadow ? 1 : 0})
        .run();
}

SqlStatus write_row(Connection& db, const EventRow& row) {
    if (row.kind == "health") return write_health(db, row);
    return db.prepare("INSERT INTO events (at, level, kind, subject, message, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(1, row.at.count())
        .bind(2, row.level)
        .bind(3, row.kind)
        .bind(4, or_null(row.subject))
        .bind(5, row.message)
        .bind(6, or_null(row.data_json))
        .run();
}

SqlStatus write_row(Connection& db, const CommandRow& row) {
    std::optional<std::int64_t> latency;
    if (row.latency) latency = row.latency->count();
    return db
        .prepare(
            "INSERT INTO relay_commands (at, output, \"order\", reason, confirmed, tries, latency_ms) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .bind(1, row.at.count())
        .bind(2, row.output)
        .bind(3, row.order)
        .bind(4, row.reason)
        .bind(5, std::int64_t{row.confirmed ? 1 : 0})
        .bind(6, std::int64_t{row.tries})
        .bind(7, latency)
        .run();
}

SqlStatus write_row(Connection& db, const RunRow& row) {
    // A wall clock that was set back must not keep the run open forever.
    std::optional<Utc> stopped = row.stopped;
    if (stopped && *stopped < row.started) stopped = row.started;
    return db
        .prepare(
            "INSERT INTO load_runs (load, started_at, stopped_at, start_reason, stop_reason, energy_wh) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (started_at, load) DO UPDATE SET "
            "stopped_at = excluded.stopped_at, start_reason = excluded.start_reason, "
            "stop_reason = excluded.stop_reason, energy_wh = excluded.energy_wh")
        .bind(1, row.load)
        .bind(2, row.started.count())
        .bind(3, ms_or_null(stopped))
        .bind(4, row.start_reason)
        .bind(5, or_null(row.stop_reason))
        .bind(6, row.energy_wh)
        .run();
}

SqlStatus write_row(Connection& db, const OutputProofRow& row) {
    return db.prepare("INSERT INTO output_proofs (output, at, dialect, lease_s, measured_s) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(1, row.output)
        .bind(2, row.at.count())
        .bind(3, row.dialect)
        .bind(4, row.lease.count() / 1000)
        .bind(5, static_cast<double>(row.measured.count()) / 1000)
        .run();
}

SqlStatus write_row(Connection& db, const HistoryRow& row) {
    return std::visit([&](const auto& it) { return write_row(db, it); }, row);
}

SqlStatus write_rule_state(Connection& db, const std::string& state, Utc at) {
    return db
        .prepare(
            "INSERT INTO rule_state (id, at, state) VALUES (1, ?1, ?2) "
            "ON CONFLICT (id) DO UPDATE SET at = excluded.at, state = excluded.state")
        .bind(1, at.count())
        .bind(2, state)
        .run();
}

}  // namespace volt
