#include "tests/simulation/log.hpp"

namespace volt::simulation {

namespace {

constexpr std::size_t tail_bytes = 2000;

}  // namespace

void Log::line(const std::string& text) {
    hash_.add(text);
    hash_.add("\n");
    text_ += text;
    text_ += '\n';
    if (!keep_ && text_.size() > 8 * tail_bytes) text_.erase(0, text_.size() - tail_bytes);
}

std::string Log::tail() const {
    if (text_.size() <= tail_bytes) return text_;
    return text_.substr(text_.find('\n', text_.size() - tail_bytes) + 1);
}

}  // namespace volt::simulation
