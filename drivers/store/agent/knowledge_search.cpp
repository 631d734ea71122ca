// Search of KnowledgeStore.
#include <algorithm>
#include <map>
#include <set>

#include "drivers/store/agent/knowledge_store.hpp"

namespace volt {

namespace {

/// Limit of ranked passages; a search shows at most 50.
constexpr std::int64_t most_ranked = 400;
/// With fewer results, passages with fewer of the words are searched too.
constexpr std::size_t enough_found = 3;
/// Limit per document; its further passages come after those of others.
constexpr int passages_of_one_document = 3;

/// Finds passages with at least half of the words; a synonym counts half. The `+` keeps SQLite from querying the index once for
/// each of them, which took a hundred times as long.
std::string with_half_of(const KnowledgeQuery& query, std::vector<std::string>& expressions) {
    std::string sql;
    const auto add = [&](const std::string& expression, const char* points) {
        expressions.push_back(expression);
        sql += std::string(sql.empty() ? "" : " UNION ALL ") + "SELECT rowid AS chunk, " + points +
               " AS points FROM kb_fts WHERE kb_fts MATCH ?" + std::to_string(expressions.size() + 3);
    };
    for (const QueryWord& word : query.words) {
        add(word.phrase, "2");
        if (!word.wider.empty()) add("(" + word.wider + ") NOT " + word.phrase, "1");
    }
    return " AND +rowid IN (SELECT chunk FROM (" + sql +
           ") GROUP BY chunk HAVING sum(points) >= " + std::to_string(query.words.size()) + ")";
}

}  // namespace

Result<std::vector<KnowledgeStore::Ranked>> KnowledgeStore::ranked(const std::string& expression, const KnowledgeQuery* counted,
                                                                   const KnowledgeScope& scope) {
    std::vector<std::string> expressions;
    const std::string filter = counted != nullptr ? with_half_of(*counted, expressions) : "";
    // If every passage may be shown, the best are chosen before anything else is read: half the time if most match.
    const bool all = scope.source.empty() && (scope.with_private || db_.number("SELECT max(private) FROM kb_sources") != 1);
    const std::string best = " ORDER BY score LIMIT " + std::to_string(most_ranked);
    // Equal ranks are sorted by path and position, so the order does not depend on when a file was read.
    Statement rows = db_.prepare(
        "SELECT f.id, d.id, f.score FROM (SELECT rowid AS id, bm25(kb_fts, 4.0, 1.0) AS score FROM kb_fts WHERE kb_fts MATCH ?1" +
        filter + (all ? best : "") +
        ") AS f CROSS JOIN kb_chunks AS c ON c.id = f.id CROSS JOIN kb_documents AS d ON d.id = c.document CROSS JOIN kb_sources "
        "AS s ON s.id = d.source WHERE (?2 = '' OR d.source = ?2) AND (?3 OR NOT s.private) "
        "ORDER BY f.score, d.source, d.path, c.position LIMIT " +
        std::to_string(most_ranked));
    rows.bind(1, std::string_view(expression)).bind(2, std::string_view(scope.source)).bind(3, std::int64_t{scope.with_private});
    for (std::size_t i = 0; i < expressions.size(); ++i) rows.bind(static_cast<int>(i) + 4, std::string_view(expressions[i]));
    std::vector<Ranked> found;
    while (rows.row()) found.push_back({rows.integer(0), rows.integer(1), rows.real(2)});
    note_end(rows);
    if (!rows.status().ok()) return rows.status().failure("search");
    return found;
}

std::optional<KnowledgeHit> KnowledgeStore::hit(const Ranked& found, const std::string& expression) {
    Statement row = db_.prepare(
        "SELECT d.source, d.path, d.type, d.title, c.heading, c.body, c.line_from, c.line_to, c.page, c.fragment, "
        "snippet(kb_fts, 1, char(0xE000), char(0xE001), '…', 32), d.extracted_at, d.stale_since FROM kb_fts AS f CROSS JOIN "
        "kb_chunks AS c ON c.id = f.rowid CROSS JOIN kb_documents AS d ON d.id = c.document WHERE kb_fts MATCH ?1 AND f.rowid "
        "= ?2");
    row.bind(1, std::string_view(expression)).bind(2, found.chunk);
    const bool there = row.row();
    note_end(row);
    if (!there) return std::nullopt;
    KnowledgeHit it;
    it.chunk = found.chunk, it.document = found.document, it.rank = found.rank;
    it.source = row.text(0), it.path = row.text(1), it.type = row.text(2), it.title = row.text(3);
    it.passage = {row.text(4), row.text(5), row.integer(6), row.integer(7), row.integer(8), row.text(9)};
    it.snippet = row.text(10);
    it.extracted_at = row.integer(11);
    if (!row.is_null(12)) it.stale_since = row.integer(12);
    return it;
}

Result<std::vector<KnowledgeHit>> KnowledgeStore::search(const KnowledgeQuery& query, const KnowledgeScope& scope,
                                                         std::size_t limit) {
    std::vector<KnowledgeHit> hits;
    if (query.words.empty()) return hits;
    const std::string all = query.all(), any = query.any();
    auto first = ranked(all, nullptr, scope);
    if (!first) return first.failure();
    // A passage with the question itself comes before those with its words.
    auto same = query.whole.empty() ? Result<std::vector<Ranked>>(std::vector<Ranked>{}) : ranked(query.whole, nullptr, scope);
    if (!same) return same.failure();
    std::vector<std::pair<Ranked, const std::string*>> order, behind;
    std::map<std::int64_t, int> of_document;
    std::set<std::int64_t> seen;
    const auto take = [&](const std::vector<Ranked>& group, const std::string& expression) {
        for (const Ranked& it : group)
            if (seen.insert(it.chunk).second)
                (++of_document[it.document] > passages_of_one_document ? behind : order).emplace_back(it, &expression);
        order.insert(order.end(), behind.begin(), behind.end());
        behind.clear();
    };
    take(same.value(), query.whole);
    take(first.value(), all);
    // A worded question has many words that no passage has, so finally one of them is enough.
    for (const KnowledgeQuery* counted : {&query, static_cast<const KnowledgeQuery*>(nullptr)}) {
        if (order.size() >= enough_found) break;
        auto more = ranked(any, counted, scope);
        if (!more) return more.failure();
        take(more.value(), any);
    }
    for (const auto& [found, expression] : order) {
        if (hits.size() >= limit) break;
        if (auto it = hit(found, *expression)) hits.push_back(std::move(*it));
    }
    return hits;
}

}  // namespace volt
