// What volt-agent offers by MCP: the listed tools, resources, prompts and completions of one site.
#pragma once

#include <vector>

#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// Decided once: the list does not change while the program runs. `site` outlives the catalog.
Catalog catalog_of(SiteLink& site, const std::vector<ToolGroup>& groups);

}  // namespace volt::agent
