#include "drivers/store/agent/agent_log.hpp"

namespace volt {

namespace {

constexpr std::int64_t most_names = 50;

SqlStatus count_questions(Connection& db, std::int64_t from_ms, LogCounts& counts) {
    const std::string questions = " FROM log WHERE created_at >= ?1 AND agent_role = 'ask' AND event_type = 'task_complete'";
    Statement all = db.prepare(
        "SELECT count(*), coalesce(sum(coalesce(json_extract(data, '$.code'), 0) <> 0), 0), "
        "coalesce(sum(coalesce(json_extract(data, '$.unchecked'), 0) <> 0), 0), max(coalesce(json_extract(data, '$.ms'), 0))" +
        questions);
    if (!all.bind(1, from_ms).row()) return all.status();
    counts.questions = all.integer(0);
    counts.nothing_found = all.integer(1);
    counts.with_unchecked = all.integer(2);
    if (counts.questions == 0) return all.status();
    counts.longest_ms = all.integer(3);
    Statement middle =
        db.prepare("SELECT coalesce(json_extract(data, '$.ms'), 0) AS ms" + questions + " ORDER BY ms LIMIT 1 OFFSET ?2");
    if (middle.bind(1, from_ms).bind(2, counts.questions / 2).row()) counts.median_ms = middle.integer(0);
    return middle.status();
}

/// Counts rows of questions by the start of their message.
SqlStatus count_names(Connection& db, std::int64_t from_ms, const char* event,
                      std::vector<std::pair<std::string, std::int64_t>>& names) {
    Statement rows = db.prepare(
        "SELECT iif(instr(message, ':') > 0, substr(message, 1, instr(message, ':') - 1), message) AS name, count(*) FROM log "
        "WHERE created_at >= ?1 AND agent_role = 'ask' AND event_type = ?2 GROUP BY name ORDER BY count(*) DESC, name LIMIT ?3");
    rows.bind(1, from_ms).bind(2, event).bind(3, most_names);
    while (rows.row()) names.emplace_back(rows.text(0), rows.integer(1));
    return rows.status();
}

/// Counts refusals. A refused MCP call is a row `error`; in a question it is a call marked as refused.
SqlStatus count_refusals(Connection& db, std::int64_t from_ms, LogCounts& counts) {
    Statement rows = db.prepare(
        "SELECT coalesce(sum(agent_role = 'ask' AND event_type = 'error'), 0), coalesce(sum(event_type = 'limit'), 0), "
        "coalesce(sum(CASE WHEN agent_role <> 'ask' THEN event_type = 'error' WHEN event_type = 'tool_call' "
        "THEN coalesce(json_extract(data, '$.refused'), 0) ELSE 0 END), 0) FROM log WHERE created_at >= ?1");
    if (!rows.bind(1, from_ms).row()) return rows.status();
    counts.errors = rows.integer(0);
    counts.over_limit = rows.integer(1);
    counts.refused_calls = rows.integer(2);
    return rows.status();
}

}  // namespace

Result<LogCounts> count_log(AgentStore& store, std::int64_t from_ms) {
    LogCounts counts;
    const std::string wrong = store.read([&](Connection& db) {
        counts = {};
        SqlStatus done = count_questions(db, from_ms, counts);
        if (done.ok()) done = count_names(db, from_ms, "task_complete", counts.answered_by);
        if (done.ok()) done = count_names(db, from_ms, "tool_call", counts.tools);
        return done.ok() ? count_refusals(db, from_ms, counts) : done;
    });
    return value_unless(wrong, std::move(counts));
}

Result<std::int64_t> count_log_rows(AgentStore& store, std::int64_t from_ms) {
    std::int64_t count = 0;
    const std::string wrong = store.read([&](Connection& db) {
        Statement rows = db.prepare("SELECT count(*) FROM log WHERE created_at >= ?1");
        if (rows.bind(1, from_ms).row()) count = rows.integer(0);
        return rows.status();
    });
    return value_unless(wrong, count);
}

}  // namespace volt
