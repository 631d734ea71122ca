#include "daemon/config/problem.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/hidden.hpp"

namespace volt {

Remedy advice(std::string text) {
    Remedy remedy(std::move(text));
    remedy.advice = true;
    return remedy;
}

std::string sentence(const Problem& problem) {
    if (problem.right.text.empty()) return problem.what;
    return problem.what + (problem.right.advice ? "; " : "; expected ") + problem.right.text;
}

std::string text_of(const Problem& problem) {
    std::string text = problem.file;
    if (problem.place.line > 0) text += fmt::format(":{}:{}", problem.place.line, problem.place.column);
    if (!problem.key.empty()) text += ": " + problem.key;
    return text + ": " + sentence(problem);
}

void Report::refuse(Place place, const std::string& path, const std::string& what, const Remedy& right) {
    unsound_.insert(path);
    add(problems_, place, path, what, right);
}

void Report::warn(Place place, const std::string& path, const std::string& what, const Remedy& right) {
    add(warnings_, place, path, what, right);
}

void Report::unknown_key(Place place, const std::string& path, const std::string& what, const Remedy& right) {
    if (lenient_) warn(place, path, what, right);
    else refuse(place, path, what, right);
}

void Report::add(List& list, Place place, const std::string& path, const std::string& what, const Remedy& right) {
    if (list.kept.size() < most_problems) list.kept.push_back({file_, place, path, what, right});
    else ++list.left_out;
}

bool Report::sound(const std::string& path) const {
    const auto at = unsound_.lower_bound(path);
    if (at == unsound_.end() || at->compare(0, path.size(), path) != 0) return true;
    if (at->size() == path.size()) return false;
    // Check more than the next one, because `a_b` sorts between `a` and `a.b`.
    return std::none_of(at, unsound_.end(), [&](const std::string& other) {
        return other.compare(0, path.size(), path) == 0 && (other[path.size()] == '.' || other[path.size()] == '[');
    });
}

Place Report::place_of(std::string path) const {
    while (!path.empty()) {
        const auto place = places_.find(path);
        if (place != places_.end()) return place->second;
        const std::size_t cut = path.find_last_of(".[");
        path.resize(cut == std::string::npos ? 0 : cut);
    }
    return {1, 1};
}

std::vector<Problem> Report::problems() const { return sorted(problems_); }
std::vector<Problem> Report::warnings() const { return sorted(warnings_); }

std::vector<Problem> Report::sorted(const List& list) const {
    std::vector<Problem> result = list.kept;
    std::stable_sort(result.begin(), result.end(), [](const Problem& a, const Problem& b) { return a.place < b.place; });
    if (list.left_out > 0)
        result.push_back({file_, {}, "", fmt::format("{} more problems", list.left_out), advice("fix these first")});
    return result;
}

std::string shown(const std::string& value) {
    constexpr std::size_t most = 40;
    std::string text = value.substr(0, most);
    // Do not cut a multi-byte character.
    if (value.size() > most)
        while (!text.empty() && (static_cast<unsigned char>(value[text.size()]) & 0xC0) == 0x80) text.pop_back();
    return "\"" + without_hidden(text, '?') + (value.size() > most ? "…\"" : "\"");
}

}  // namespace volt
