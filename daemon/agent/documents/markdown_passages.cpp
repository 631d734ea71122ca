#include "daemon/agent/documents/markdown_passages.hpp"

#include <algorithm>

namespace volt::agent {

namespace {

constexpr std::size_t most_levels = 6;

/// The level of an ATX heading; 0: the line is none.
std::size_t level_of(std::string_view line) {
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    return level >= 1 && level <= most_levels && line.substr(level).starts_with(' ') ? level : 0;
}

bool is_fence(std::string_view line) { return line.starts_with("```") || line.starts_with("~~~"); }

/// Collects lines into passages.
class PassageReader {
public:
    explicit PassageReader(std::string page) : page_(std::move(page)) {}

    void take(std::string_view line) {
        ++line_;
        const std::size_t level = fenced_ ? 0 : level_of(line);
        if (is_fence(line)) fenced_ = !fenced_;
        if (level > 0) {
            close();
            path_.resize(level - 1);
            path_.emplace_back(line.substr(level + 1));
            return;
        }
        const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
        const bool full = body_.size() + line.size() > most_passage_bytes;
        if (full && (!blank || body_.size() > most_passage_bytes / 2)) close();
        if (blank && body_.empty()) return;
        if (body_.empty()) first_ = line_;
        body_ += std::string(line) + "\n";
        if (!blank) last_ = line_;
    }
    std::vector<Passage> end() {
        close();
        return std::move(passages_);
    }

private:
    void close() {
        if (body_.empty()) return;
        body_.erase(body_.find_last_not_of(" \t\r\n") + 1);
        std::string heading;
        for (const std::string& part : path_)
            if (!part.empty()) heading += (heading.empty() ? "" : " > ") + part;
        passages_.push_back({page_, heading, std::exchange(body_, {}), first_, last_});
    }

    const std::string page_;
    std::vector<std::string> path_;  ///< the headings above, by level
    std::string body_;
    std::int64_t line_ = 0, first_ = 0, last_ = 0;
    bool fenced_ = false;
    std::vector<Passage> passages_;
};

}  // namespace

std::vector<Passage> passages_of(const std::string& page, std::string_view text) {
    PassageReader reader(page);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        reader.take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return reader.end();
}

}  // namespace volt::agent
