// Offer of volt-agent over MCP: the listed tools, resources, prompts and completions of one site.
#pragma once

#include <vector>

#include "daemon/agent/tools/kept_call.hpp"

namespace volt::agent {

/// Returns the catalog. The list does not change while the program runs. `site` and the store of `keeping` must outlive it.
Catalog catalog_of(SiteLink& site, const std::vector<ToolGroup>& groups, const CallKeeping& keeping = {});

}  // namespace volt::agent
