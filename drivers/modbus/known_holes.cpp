#include "drivers/modbus/known_holes.hpp"

#include <optional>
#include <sstream>

namespace volt::modbus {
namespace {

constexpr const char* apart = "apart";

/// Parses "847+3": three registers from 847.
std::optional<Stretch> stretch_of(const std::string& word) {
    std::istringstream in(word);
    int address = 0, count = 0;
    char plus = 0;
    if (!(in >> address >> plus >> count) || plus != '+' || !in.eof()) return std::nullopt;
    if (address < 0 || count < 1 || count > 125 || address + count > 0x10000) return std::nullopt;
    return Stretch{static_cast<std::uint16_t>(address), static_cast<std::uint16_t>(count)};
}

std::optional<KnownHoles::Entry> entry_of(std::istringstream& words) {
    KnownHoles::Entry entry;
    for (std::string word; words >> word;) {
        const auto hole = stretch_of(word);
        if (!hole && word != apart) return std::nullopt;
        if (hole) entry.holes.push_back(*hole);
        else entry.apart = true;
    }
    return entry;
}

}  // namespace

KnownHoles::KnownHoles(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string unit;
        words >> unit;
        auto entry = entry_of(words);
        if (entry && !unit.empty()) keep(unit, std::move(*entry));
    }
    changes_ = 0;
}

KnownHoles::Entry KnownHoles::entry(const std::string& unit) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(unit);
    return found == entries_.end() ? Entry{} : found->second;
}

void KnownHoles::keep(const std::string& unit, Entry entry) {
    if (entry.holes.size() > most_holes) entry.holes.resize(most_holes);
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(unit);
    if (entry == (found == entries_.end() ? Entry{} : found->second)) return;
    if (found == entries_.end() && entries_.size() == most_units) return;
    ++changes_;
    if (entry == Entry{}) entries_.erase(found);
    else entries_[unit] = std::move(entry);
}

std::string KnownHoles::text() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& [unit, entry] : entries_) {
        text += unit;
        if (entry.apart) text += std::string(" ") + apart;
        for (const Stretch& hole : entry.holes) text += " " + std::to_string(hole.address) + "+" + std::to_string(hole.count);
        text += "\n";
    }
    return text;
}

std::uint64_t KnownHoles::changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
}

}  // namespace volt::modbus
