#include "drivers/store/agent/proposal_rows.hpp"

#include "drivers/crypto.hpp"
#include "drivers/store/settings/uuid.hpp"

namespace volt {

namespace {

constexpr const char* proposal_columns =
    "SELECT id, created_at, client, transport, login, tool, why, method, path, body, diff, would, newest_change, state, "
    "coalesce(decided_by, ''), coalesce(answer, ''), decided_at, change, coalesce(code, '') FROM proposals ";
/// Letters and digits that cannot be confused.
constexpr std::string_view code_letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

Proposal proposal_in(const Statement& row) {
    return {.id = row.text(0),
            .created_ms = row.integer(1),
            .client = row.text(2),
            .transport = row.text(3),
            .login = row.text(4),
            .tool = row.text(5),
            .why = row.text(6),
            .method = row.text(7),
            .path = row.text(8),
            .body = row.text(9),
            .diff = row.text(10),
            .would = row.text(11),
            .newest_change = row.integer(12),
            .state = row.text(13),
            .decided_by = row.text(14),
            .answer = row.text(15),
            .decided_ms = row.is_null(16) ? std::nullopt : std::optional(row.integer(16)),
            .change = row.is_null(17) ? std::nullopt : std::optional(row.integer(17))};
}

/// Returns 40 random bits, or an empty string without randomness.
std::string make_code() {
    const auto hex = random_hex(code_length);
    std::string code;
    for (std::size_t i = 0; hex && i < code_length; ++i)
        code += code_letters[static_cast<std::size_t>(std::stoi(hex->substr(2 * i, 2), nullptr, 16)) % code_letters.size()];
    return code;
}

SqlStatus expire(Connection& db, const AgentMoment& now) {
    return db
        .prepare(
            "UPDATE proposals SET state = 'expired', code = NULL, decided_at = ?1 WHERE state = 'waiting' AND "
            "(?1 - created_at >= ?4 OR ?2 - created_up >= ?4 OR "
            "iif(boot = '' OR ?3 = '', ?2 < created_up - ?5, boot <> ?3))")
        .bind(1, now.wall_ms)
        .bind(2, now.up_ms)
        .bind(3, now.boot)
        .bind(4, proposal_life_ms)
        .bind(5, another_boot_ms)
        .run();
}

Result<std::vector<CodedProposal>> proposals_where(AgentStore& store, const AgentMoment& now, const std::string& where,
                                                   const std::string& value, std::size_t limit) {
    std::vector<CodedProposal> list;
    const std::string wrong = store.read([&](Connection& db) {
        list.clear();
        if (SqlStatus done = expire(db, now); !done.ok()) return done;
        Statement rows = db.prepare(proposal_columns + where + " ORDER BY created_at DESC, rowid DESC LIMIT ?2");
        rows.bind(1, value).bind(2, static_cast<std::int64_t>(limit));
        while (rows.row()) list.push_back({proposal_in(rows), rows.text(18)});
        return rows.status();
    });
    return value_unless(wrong, std::move(list));
}

SqlStatus insert_proposal(Connection& db, const Proposal& it, const std::string& code, const AgentMoment& now) {
    Statement row = db.prepare(
        "INSERT INTO proposals (id, created_at, created_up, boot, client, transport, login, tool, why, method, path, body, "
        "diff, would, newest_change, code) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16 "
        "WHERE (SELECT count(*) FROM proposals WHERE state = 'waiting') < ?17");
    row.bind(1, it.id).bind(2, now.wall_ms).bind(3, now.up_ms).bind(4, now.boot).bind(5, it.client).bind(6, it.transport);
    row.bind(7, it.login).bind(8, it.tool).bind(9, it.why).bind(10, it.method).bind(11, it.path).bind(12, it.body);
    row.bind(13, it.diff).bind(14, it.would).bind(15, it.newest_change).bind(16, code).bind(17, most_waiting_proposals);
    return row.run();
}

}  // namespace

Result<ProposalStored> store_proposal(AgentStore& store, const Proposal& proposal, const AgentMoment& now) {
    Proposal row = proposal;
    row.id = make_uuid();
    const std::string code = make_code();
    if (code.empty()) return Failure{Fault::refused, "the system gives no random numbers, so no code can be made"};
    bool stored = false;
    const std::string wrong = store.keep([&](Connection& db) {
        SqlStatus done = expire(db, now);
        if (done.ok()) done = insert_proposal(db, row, code, now);
        stored = done.ok() && db.changes() > 0;
        return done;
    });
    const std::string many =
        std::to_string(most_waiting_proposals) + " proposals wait already; the owner decides on one first: voltctl proposals";
    return value_unless(wrong, stored ? ProposalStored{row.id, ""} : ProposalStored{"", many});
}

Result<std::optional<Proposal>> find_proposal(AgentStore& store, const std::string& id, const AgentMoment& now) {
    const auto found = proposals_where(store, now, "WHERE id = ?1", id, 1);
    if (!found) return found.failure();
    return found.value().empty() ? std::optional<Proposal>() : std::optional(found.value().front().proposal);
}

Result<std::vector<Proposal>> list_proposals(AgentStore& store, std::size_t limit, const AgentMoment& now) {
    const auto found = proposals_where(store, now, "WHERE ?1 = ''", "", limit);
    if (!found) return found.failure();
    std::vector<Proposal> list;
    for (const CodedProposal& it : found.value()) list.push_back(it.proposal);
    return list;
}

Result<std::vector<CodedProposal>> waiting_proposals(AgentStore& store, const AgentMoment& now) {
    return proposals_where(store, now, "WHERE state = ?1", "waiting", static_cast<std::size_t>(most_waiting_proposals));
}

Result<CodeLookup> find_by_code(AgentStore& store, const std::string& code, const AgentMoment& now) {
    const auto waiting = waiting_proposals(store, now);
    if (!waiting) return waiting.failure();
    for (const CodedProposal& it : waiting.value())
        if (same_secret(code, it.code)) return CodeLookup{it.proposal, 0};
    CodeLookup lookup;
    const std::string wrong = store.read([&](Connection& db) {
        SqlStatus done = db.execute("UPDATE proposals SET wrong_codes = wrong_codes + 1 WHERE state = 'waiting'");
        if (!done.ok()) return done;
        done = db.prepare(
                     "UPDATE proposals SET state = 'ended', code = NULL, decided_at = ?1, answer = 'too many wrong codes' "
                     "WHERE state = 'waiting' AND wrong_codes >= ?2")
                   .bind(1, now.wall_ms)
                   .bind(2, most_wrong_codes)
                   .run();
        lookup.ended = db.changes();
        return done;
    });
    return value_unless(wrong, lookup);
}

Result<bool> claim_proposal(AgentStore& store, const std::string& id, const std::string& state, const std::string& by,
                            const AgentMoment& now) {
    bool claimed = false;
    const std::string wrong = store.read([&](Connection& db) {
        SqlStatus done = expire(db, now);
        if (!done.ok()) return done;
        done = db.prepare(
                     "UPDATE proposals SET state = ?2, code = NULL, decided_by = ?3, decided_at = ?4 "
                     "WHERE id = ?1 AND state = 'waiting'")
                   .bind(1, id)
                   .bind(2, state)
                   .bind(3, by)
                   .bind(4, now.wall_ms)
                   .run();
        claimed = done.ok() && db.changes() == 1;
        return done;
    });
    return value_unless(wrong, claimed);
}

std::string close_proposal(AgentStore& store, const std::string& id, bool applied, const std::string& answer,
                           std::optional<std::int64_t> change) {
    return store.keep([&](Connection& db) {
        return db.prepare("UPDATE proposals SET state = ?2, answer = ?3, change = ?4 WHERE id = ?1 AND state = 'applying'")
            .bind(1, id)
            .bind(2, applied ? "applied" : "failed")
            .bind(3, answer)
            .bind(4, change)
            .run();
    });
}

std::string reopen_proposal(AgentStore& store, const Proposal& proposal, const std::string& code) {
    return store.keep([&](Connection& db) {
        return db
            .prepare(
                "UPDATE proposals SET state = 'waiting', code = ?2, decided_by = NULL, decided_at = NULL, diff = ?3, would = ?4, "
                "newest_change = ?5 WHERE id = ?1 AND state = 'applying'")
            .bind(1, proposal.id)
            .bind(2, code)
            .bind(3, proposal.diff)
            .bind(4, proposal.would)
            .bind(5, proposal.newest_change)
            .run();
    });
}

std::string renew_trial(AgentStore& store, const Proposal& proposal) {
    return store.keep([&](Connection& db) {
        return db.prepare("UPDATE proposals SET diff = ?2, would = ?3, newest_change = ?4 WHERE id = ?1 AND state = 'waiting'")
            .bind(1, proposal.id)
            .bind(2, proposal.diff)
            .bind(3, proposal.would)
            .bind(4, proposal.newest_change)
            .run();
    });
}

}  // namespace volt
