#include "daemon/agent/ask/history_window.hpp"

#include <algorithm>

#include "daemon/agent/ask/chat.hpp"

namespace volt::agent {

namespace {

constexpr const char *first_asked = "Asked first: ", *last_answered = "Answered last: ";

}  // namespace

std::size_t older_messages(const std::vector<PastMessage>& messages) {
    std::size_t bytes = 0;
    for (const PastMessage& it : messages) bytes += std::min(it.text.size(), most_past_bytes);
    if (messages.size() <= most_window_messages && bytes <= most_window_bytes) return 0;
    std::size_t older = messages.size() - std::min(messages.size(), window_after_summary);
    bytes = 0;
    for (std::size_t i = older; i < messages.size(); ++i) bytes += std::min(messages[i].text.size(), most_past_bytes);
    for (; bytes > most_window_bytes; ++older) bytes -= std::min(messages[older].text.size(), most_past_bytes);
    return older;
}

std::string plain_summary(const std::string& before, const std::vector<PastMessage>& older) {
    const auto first = std::find_if(older.begin(), older.end(), [](const PastMessage& it) { return it.role == "user"; });
    const auto last = std::find_if(older.rbegin(), older.rend(), [](const PastMessage& it) { return it.role == "assistant"; });
    std::string text = before.substr(0, before.find(std::string("\n") + last_answered));
    if (text.empty() && first != older.end()) text = first_asked + cut_text(first->text, most_summary_bytes / 4);
    if (last != older.rend())
        text += (text.empty() ? "" : "\n") + std::string(last_answered) + cut_text(last->text, most_summary_bytes / 2);
    return cut_text(text, most_summary_bytes);
}

}  // namespace volt::agent
