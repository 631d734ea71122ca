#include "drivers/modbus/hole_book.hpp"

#include <optional>
#include <sstream>

namespace volt::modbus {
namespace {

constexpr const char* apart = "apart";

/// "847+3": three registers from 847.
std::optional<Stretch> stretch_of(const std::string& word) {
    std::istringstream in(word);
    int address = 0, count = 0;
    char plus = 0;
    if (!(in >> address >> plus >> count) || plus != '+' || !in.eof()) return std::nullopt;
    if (address < 0 || count < 1 || count > 125 || address + count > 0x10000) return std::nullopt;
    return Stretch{static_cast<std::uint16_t>(address), static_cast<std::uint16_t>(count)};
}

std::optional<HoleBook::Page> page_of(std::istringstream& words) {
    HoleBook::Page page;
    for (std::string word; words >> word;) {
        const auto hole = stretch_of(word);
        if (!hole && word != apart) return std::nullopt;
        if (hole) page.holes.push_back(*hole);
        else page.apart = true;
    }
    return page;
}

}  // namespace

HoleBook::HoleBook(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string unit;
        words >> unit;
        auto page = page_of(words);
        if (page && !unit.empty()) keep(unit, std::move(*page));
    }
    changes_ = 0;
}

HoleBook::Page HoleBook::page(const std::string& unit) const {
    const std::lock_guard lock(mutex_);
    const auto found = pages_.find(unit);
    return found == pages_.end() ? Page{} : found->second;
}

void HoleBook::keep(const std::string& unit, Page page) {
    if (page.holes.size() > most_holes) page.holes.resize(most_holes);
    const std::lock_guard lock(mutex_);
    const auto found = pages_.find(unit);
    if (page == (found == pages_.end() ? Page{} : found->second)) return;
    if (found == pages_.end() && pages_.size() == most_units) return;
    ++changes_;
    if (page == Page{}) pages_.erase(found);
    else pages_[unit] = std::move(page);
}

std::string HoleBook::text() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& [unit, page] : pages_) {
        text += unit;
        if (page.apart) text += std::string(" ") + apart;
        for (const Stretch& hole : page.holes) text += " " + std::to_string(hole.address) + "+" + std::to_string(hole.count);
        text += "\n";
    }
    return text;
}

std::uint64_t HoleBook::changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
}

}  // namespace volt::modbus
