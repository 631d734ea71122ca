// Selection of the messages of a conversation for a prompt. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::agent {

/// Maximum of a conversation to include unchanged; older messages become a summary.
inline constexpr std::size_t most_window_messages = 12, most_window_bytes = std::size_t{24} * 1024;
/// Messages that remain beside a new summary, so that not each question makes one.
inline constexpr std::size_t window_after_summary = 6;
/// Maximum of one message, and of a summary.
inline constexpr std::size_t most_past_bytes = std::size_t{8} * 1024, most_summary_bytes = 2000;

/// Earlier message.
struct PastMessage {
    std::int64_t id = 0;
    std::string role{};  ///< user, assistant
    std::string text{};
};

/// Returns how many of the first messages belong in the summary, or 0 if all fit.
std::size_t older_messages(const std::vector<PastMessage>& messages);

/// Returns a summary without a model: the first questions and the last answers. `before`: the previous summary.
std::string plain_summary(const std::string& before, const std::vector<PastMessage>& older);

}  // namespace volt::agent
