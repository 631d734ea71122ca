// An answer without a model: the nearest command that reads, else passages of documents.
#pragma once

#include "daemon/agent/ask/ask.hpp"

namespace volt::agent {

/// Why there is no answer of a model, without a point behind it: beside a command, and beside passages.
struct NoModel {
    std::string brief{}, full{};
};

/// Runs the nearest command with the key of volt-agent, never with the rights of whoever asks; else searches documents. Fills response,
/// answered_by, tools, sources, code. The command that was run, with its output or why there is none; nothing: no command was run.
std::optional<ToolUse> answer_without_model(const AskPlace& place, const std::string& question, const NoModel& why,
                                            const CallTime& time, AskAnswer& answer);

}  // namespace volt::agent
