#include "drivers/store/agent/agent_limits.hpp"

#include "drivers/store/agent/conversations.hpp"

namespace volt {

namespace {

std::string wait_text(std::int64_t ms) {
    const std::int64_t s = (ms + 999) / 1000;
    return s < 120 ? std::to_string(s) + " s" : std::to_string((s + 59) / 60) + " min";
}

}  // namespace

LimitTaken take_limit(AgentStore& store, const AgentLimit& limit, const std::string& client, std::int64_t now_ms) {
    LimitTaken taken;
    const std::string who = limit.each_client ? first_characters(client, most_client_name) : "";
    taken.not_kept = store.keep([&](Connection& db) {
        taken.over.clear();
        Statement count = db.prepare(
            "INSERT INTO limits (name, who, begun_at, used) VALUES (?1, ?2, ?3, 1) ON CONFLICT (name, who) DO UPDATE SET "
            "used = iif(?3 < begun_at OR ?3 >= begun_at + ?4, 1, used + 1), "
            "begun_at = iif(?3 < begun_at OR ?3 >= begun_at + ?4, ?3, begun_at) "
            "WHERE ?3 < begun_at OR ?3 >= begun_at + ?4 OR used < ?5");
        SqlStatus done = count.bind(1, limit.name).bind(2, who).bind(3, now_ms).bind(4, limit.span_ms).bind(5, limit.most).run();
        if (!done.ok() || db.changes() > 0) return done;
        Statement begun = db.prepare("SELECT begun_at FROM limits WHERE name = ?1 AND who = ?2");
        begun.bind(1, limit.name).bind(2, who);
        const std::int64_t left = begun.row() ? begun.integer(0) + limit.span_ms - now_ms : limit.span_ms;
        taken.over = "the limit is " + std::to_string(limit.most) + " " + limit.name + " " + limit.per + "; try again in " +
                     wait_text(left);
        return begun.status();
    });
    return taken;
}

}  // namespace volt
