// Answers without a model: from the nearest read-only command, else from passages of documents.
#pragma once

#include "daemon/agent/ask/ask.hpp"

namespace volt::agent {

/// Reasons there is no answer from a model, without a period at the end: for use beside a command, and beside passages.
struct NoModel {
    std::string brief{}, full{};
};

/// Runs the nearest command with the key of volt-agent, never with the caller's rights; else searches documents. Fills response,
/// answered_by, tools, sources and code. Returns the executed command with its output or error, or nothing if none was run.
std::optional<ToolUse> answer_without_model(const AskPlace& place, const std::string& question, const NoModel& why,
                                            const CallTime& time, AskAnswer& answer);

}  // namespace volt::agent
