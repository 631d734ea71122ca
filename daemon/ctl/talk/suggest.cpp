#include "daemon/ctl/talk/suggest.hpp"

#include <algorithm>

#include "drivers/spelling.hpp"

namespace volt::ctl {

std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> known) {
    const auto near = nearest(word, known);
    if (!near) return known;
    const auto found = std::find(known.begin(), known.end(), *near);
    std::rotate(known.begin(), found, found + 1);
    return known;
}

std::string choose_from(const std::string& word, const std::vector<std::string>& known) {
    if (known.empty()) return {};
    const std::vector<std::string> names = nearest_first(word, known);
    std::string text = "; choose from:";
    for (std::size_t i = 0; i < std::min(names.size(), most_known); ++i) text += " " + names[i];
    return names.size() > most_known ? text + " …" : text;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
    const auto near = nearest(word, known);
    return near ? "; did you mean '" + *near + "'?" : choose_from(word, known);
}

}  // namespace volt::ctl
