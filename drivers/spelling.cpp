#include "drivers/spelling.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace volt {

namespace {

constexpr std::size_t longest = 64;

bool same(char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); }

}  // namespace

std::size_t edit_distance(const std::string& a, const std::string& b) {
    // Three rows suffice: a swap of neighbors refers to the second-last row.
    std::array<std::vector<std::size_t>, 3> rows;
    for (auto& row : rows) row.assign(b.size() + 1, 0);
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool equal = same(a[i - 1], b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (equal ? 0U : 1U)});
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = std::min(row[j], rows[(i + 1) % 3][j - 2] + 1);
        }
    }
    return rows[a.size() % 3][b.size()];
}

std::optional<std::string> nearest(const std::string& word, const std::vector<std::string>& known) {
    if (word.empty() || word.size() > longest) return std::nullopt;
    std::optional<std::string> best;
    std::size_t smallest = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= smallest || distance >= candidate.size()) continue;
        smallest = distance;
        best = candidate;
    }
    // A shortened word (`password` for `password_file`) differs in many letters and is still a match.
    for (const std::string& candidate : known)
        if (!best && word.size() >= 3 && candidate.size() > word.size() && candidate.compare(0, word.size(), word) == 0)
            best = candidate;
    return best;
}

}  // namespace volt
