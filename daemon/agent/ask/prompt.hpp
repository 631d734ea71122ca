// Prompt before the question: rules, memory, earlier messages.
#pragma once

#include "daemon/agent/ask/ask.hpp"

namespace volt::agent {

/// Text of schema/agent/system-prompt.md. A line that begins with a value of `proposals` in brackets applies only to that value.
extern const std::string system_prompt;

/// Maximum entries of memory in a prompt: the owner's preferences, and those nearest to the question.
inline constexpr std::size_t most_preferences = 20, most_found_memories = 5;

/// Returns the messages of a request, the question last. Entries written after reading an external text are not included
/// automatically.
Json prompt_messages(const AskPlace& place, const KeptConversation& conversation, const std::string& question,
                     const Sharing& sharing, const CallTime& time);
/// Returns the request for a summary of these messages.
Json summary_messages(const std::string& before, const std::vector<PastMessage>& older, const Sharing& sharing);

}  // namespace volt::agent
