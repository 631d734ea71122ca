// Documents as JSON: for --json, MCP and HTTP.
#pragma once

#include "daemon/agent/documents/documents.hpp"
#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Returns `2026-05-02T06:00:00Z` for milliseconds since 1970.
std::string utc_text(std::int64_t ms);

/// Replaces the marks around matches with `begin` and `end`.
std::string marked_snippet(const std::string& snippet, const std::string& begin, const std::string& end);

/// Returns a hit without marks in its snippet.
Json hit_json(const KnowledgeHit& hit);
Json text_json(const DocumentText& text);
/// Returns the text: each part under its lines or page.
std::string plain_text(const DocumentText& text);
Json document_json(const KnowledgeDocument& document);
/// Returns a sync. `items` only if there are some.
Json sync_json(const SyncRow& row);
Json report_json(const SyncReport& report);
Json trouble_json(const DocumentTrouble& trouble);

}  // namespace volt::agent
