// What volt-agent offers by MCP: the listed tools, resources, prompts and completions of one site.
#pragma once

#include <vector>

#include "daemon/agent/tools/kept_call.hpp"

namespace volt::agent {

/// Decided once: the list does not change while the program runs. `site` and the store of `keeping` outlive the catalog.
Catalog catalog_of(SiteLink& site, const std::vector<ToolGroup>& groups, const CallKeeping& keeping = {});

}  // namespace volt::agent
