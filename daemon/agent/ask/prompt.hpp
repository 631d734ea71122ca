// What a model gets before the question: the rules, what is remembered, what was said.
#pragma once

#include "daemon/agent/ask/ask.hpp"

namespace volt::agent {

/// schema/agent/system-prompt.md. A line that begins with a value of `proposals` in brackets is for that one.
extern const std::string system_prompt;

/// Entries of memory that go in: the owner's preferences, and those nearest to the question.
inline constexpr std::size_t most_preferences = 20, most_found_memories = 5;

/// The messages of a request, the question last. Nothing that was written after reading a text from outside goes in by itself.
Json prompt_messages(const AskPlace& place, const KeptConversation& conversation, const std::string& question,
                     const Sharing& sharing, const CallTime& time);
/// The request for a summary of these messages.
Json summary_messages(const std::string& before, const std::vector<PastMessage>& older, const Sharing& sharing);

}  // namespace volt::agent
