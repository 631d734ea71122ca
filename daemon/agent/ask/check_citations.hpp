// Whether what an answer cites was found. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

struct CheckedCitations {
    std::string text{};                  ///< the answer; what was removed is `[source removed]`
    std::vector<std::string> sources{};  ///< the URIs that it cites, each once
    std::vector<std::string> removed{};  ///< what no tool gave, each once
};

/// URIs (`volt://manual/alarms.md`, also with `:12-31`, `#page=4`, or `, page 4` in words behind them) are removed unless the results have
/// that document as a `uri`, its fragment, and passages that cover those lines or pages. So are places of documents without a scheme,
/// `manual/alarms.md:12-31`, or `lines 12-31 of manual/alarms.md`; of a known source (`sources`: their ids) also without a place. A name alone,
/// `inverter.pdf#page=4`, may be any document of that name that was given. A URI in a text of a result gives nothing: a tool repeats what the model wrote.
CheckedCitations check_citations(const std::string& answer, const std::vector<Json>& results,
                                 const std::vector<std::string>& sources = {"manual"});

}  // namespace volt::agent
