// How much of a conversation goes into a prompt. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::agent {

/// What of a conversation goes in as it is; older messages as a summary.
inline constexpr std::size_t most_window_messages = 12, most_window_bytes = std::size_t{24} * 1024;
/// After a summary was made so many messages stay beside it, so that not each question makes one.
inline constexpr std::size_t window_after_summary = 6;
/// Of one message, and of a summary.
inline constexpr std::size_t most_past_bytes = std::size_t{8} * 1024, most_summary_bytes = 2000;

/// A message of before.
struct PastMessage {
    std::int64_t id = 0;
    std::string role{};  ///< user, assistant
    std::string text{};
};

/// How many of the first messages are for the summary: 0 where all fit.
std::size_t older_messages(const std::vector<PastMessage>& messages);

/// The summary without a model: what was asked first, and what was answered last. `before`: the summary until now.
std::string plain_summary(const std::string& before, const std::vector<PastMessage>& older);

}  // namespace volt::agent
