#include "drivers/modbus/block.hpp"

#include <algorithm>
#include <cassert>

namespace volt::modbus {
namespace {

constexpr int most_refusals = 32;

void append(Answers& answers, std::uint16_t address, std::vector<std::uint16_t> words) {
    if (!answers.empty() && answers.back().address + answers.back().words.size() == address) {
        std::vector<std::uint16_t>& last = answers.back().words;
        last.insert(last.end(), words.begin(), words.end());
    } else {
        answers.push_back({address, std::move(words)});
    }
}

Stretch first_half(Stretch part) { return {part.address, static_cast<std::uint16_t>(part.count / 2)}; }

Stretch second_half(Stretch part) {
    const auto half = static_cast<std::uint16_t>(part.count / 2);
    return {static_cast<std::uint16_t>(part.address + half), static_cast<std::uint16_t>(part.count - half)};
}

/// Neighbours in one request again.
std::vector<Stretch> joined(const std::vector<Stretch>& parts) {
    std::vector<Stretch> made;
    for (const Stretch& part : parts) {
        const bool neighbour = !made.empty() && made.back().address + made.back().count == part.address;
        if (neighbour) made.back().count = static_cast<std::uint16_t>(made.back().count + part.count);
        else made.push_back(part);
    }
    return made;
}

}  // namespace

Block::Block(Stretch stretch, std::uint16_t most) : stretch_(stretch) {
    assert(stretch.count >= 1);
    forget(most);
}

void Block::forget(std::uint16_t most) {
    assert(most >= 1);
    parts_.clear();
    may_join_ = true;
    for (unsigned done = 0; done < stretch_.count; done += most) {
        parts_.push_back({static_cast<std::uint16_t>(stretch_.address + done),
                          static_cast<std::uint16_t>(std::min<unsigned>(most, stretch_.count - done))});
    }
}

void Block::reset(std::uint16_t most) {
    answers_.clear();
    forget(most);
}

bool Block::has_holes() const {
    unsigned covered = 0;
    for (const Stretch& part : parts_) covered += part.count;
    return covered < stretch_.count;
}

std::optional<Failure> Block::ask(const Read& read) {
    Answers got;
    std::vector<Stretch> to_ask(parts_.rbegin(), parts_.rend());  // the next one at the end
    std::vector<Stretch> taken;
    std::optional<Failure> refused;
    int refusals = 0;
    while (!to_ask.empty()) {  // each turn takes, drops or halves a part: under 2 * count turns
        const Stretch part = to_ask.back();
        to_ask.pop_back();
        auto words = read(part);
        if (words) {
            append(got, part.address, std::move(words.value()));
            taken.push_back(part);
            continue;
        }
        if (words.failure().fault != Fault::unsupported) return words.failure();
        refused = words.failure();
        if (part.count == 1 || ++refusals > most_refusals) continue;
        to_ask.push_back(second_half(part));
        to_ask.push_back(first_half(part));
    }
    // Where it was the number of registers that the device refused, joining them would be refused again: tried once.
    parts_ = refusals > 0 && may_join_ ? joined(taken) : std::move(taken);
    if (refusals > 0) may_join_ = false;
    if (parts_.empty()) return refused;
    changed_ = got != answers_;
    answers_ = std::move(got);
    return std::nullopt;
}

}  // namespace volt::modbus
