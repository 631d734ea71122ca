// Documents as JSON: for --json, MCP and HTTP.
#pragma once

#include "daemon/agent/documents/documents.hpp"
#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// `2026-05-02T06:00:00Z` of milliseconds since 1970.
std::string utc_text(std::int64_t ms);

/// The marks around what was found become `begin` and `end`.
std::string marked_snippet(const std::string& snippet, const std::string& begin, const std::string& end);

/// The snippet has no marks.
Json hit_json(const KnowledgeHit& hit);
Json text_json(const DocumentText& text);
/// The same as text: each part under its lines or page.
std::string plain_text(const DocumentText& text);
Json document_json(const KnowledgeDocument& document);
/// `items` only where there are some.
Json sync_json(const SyncRow& row);
Json report_json(const SyncReport& report);
Json trouble_json(const DocumentTrouble& trouble);

}  // namespace volt::agent
