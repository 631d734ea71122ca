// Check that the sources cited in an answer were really found. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

struct CheckedCitations {
    std::string text{};                  ///< answer with each removed source replaced by `[source removed]`
    std::vector<std::string> sources{};  ///< URIs that it cites, each once
    std::vector<std::string> removed{};  ///< citations that no tool gave, each once
};

/// Removes URIs (`volt://manual/alarms.md`, also with `:12-31`, `#page=4`, or `, page 4` in words after it) unless the results
/// have that document as a `uri`, its fragment, and passages that cover those lines or pages. Does the same for documents without
/// a scheme, `manual/alarms.md:12-31` or `lines 12-31 of manual/alarms.md`; for a known source (`sources`: their ids) even
/// without a place. A name alone, `inverter.pdf#page=4`, may be any given document of that name. A URI inside a text of a result
/// does not count, because a tool repeats what the model wrote.
CheckedCitations check_citations(const std::string& answer, const std::vector<Json>& results,
                                 const std::vector<std::string>& sources = {"manual"});

}  // namespace volt::agent
