#include "drivers/modbus/block.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace volt::modbus {
namespace {

// Bounds the refusals. Each costs a request, 0.2 s and more behind a slow gateway, while its other units wait. A caller also
// bounds the time (`may_split`), after which only parts that were already split are read (a depth of 7, and 4 parts).
constexpr int most_refusals = 32, most_refusals_again = 8;

void append(Answers& answers, std::uint16_t address, std::vector<std::uint16_t> words) {
    if (!answers.empty() && answers.back().address + answers.back().words.size() == address) {
        std::vector<std::uint16_t>& last = answers.back().words;
        last.insert(last.end(), words.begin(), words.end());
    } else {
        answers.push_back({address, std::move(words)});
    }
}

bool holds(const Stretch& stretch, unsigned address) {
    return address >= stretch.address && address < static_cast<unsigned>(stretch.address + stretch.count);
}

Stretch first_half(Stretch part) { return {part.address, static_cast<std::uint16_t>(part.count / 2)}; }

Stretch second_half(Stretch part) {
    const auto half = static_cast<std::uint16_t>(part.count / 2);
    return {static_cast<std::uint16_t>(part.address + half), static_cast<std::uint16_t>(part.count - half)};
}

/// Joins neighbors into one request again, of at most `most` registers.
std::vector<Stretch> joined(const std::vector<Stretch>& parts, std::uint16_t most) {
    std::vector<Stretch> made;
    for (const Stretch& part : parts) {
        const bool neighbour = !made.empty() && made.back().address + made.back().count == part.address;
        if (neighbour && made.back().count + part.count <= most)
            made.back().count = static_cast<std::uint16_t>(made.back().count + part.count);
        else made.push_back(part);
    }
    return made;
}

/// Returns true if an address has different values in both. A missing one was rejected, which does not count as a change.
bool differ(const Answers& before, const Answers& now) {
    for (const Answer& a : before) {
        for (const Answer& b : now) {
            const std::size_t from = std::max(a.address, b.address);
            const std::size_t to = std::min(a.address + a.words.size(), b.address + b.words.size());
            for (std::size_t address = from; address < to; ++address) {
                if (a.words[address - a.address] != b.words[address - b.address]) return true;
            }
        }
    }
    return false;
}

}  // namespace

Block::Block(Stretch stretch, std::uint16_t most, const std::vector<std::uint16_t>& needed) : stretch_(stretch) {
    assert(stretch.count >= 1);
    for (const std::uint16_t address : needed) {
        if (address >= stretch.address && address < stretch.address + stretch.count) needed_.push_back(address);
    }
    forget(most);
}

bool Block::is_needed(unsigned address) const { return std::ranges::find(needed_, address) != needed_.end(); }

/// Splits a stretch into requests of the accepted size.
void Block::cut(Stretch whole, std::vector<Stretch>& into) const {
    for (unsigned done = 0; done < whole.count; done += most_) {
        into.push_back({static_cast<std::uint16_t>(whole.address + done),
                        static_cast<std::uint16_t>(std::min<unsigned>(most_, whole.count - done))});
    }
}

void Block::forget(std::uint16_t most) {
    assert(most >= 1);
    most_ = most;
    parts_.clear();
    holes_.clear();
    may_join_ = true;
    retries_holes_ = false;
    cut(stretch_, parts_);
}

void Block::retry_holes() {
    if (retries_holes_) return;
    for (Stretch hole : holes_) {
        // Needed registers are read individually, regardless of how halving splits.
        for (unsigned address = hole.address; address < static_cast<unsigned>(hole.address + hole.count); ++address) {
            if (!is_needed(address)) continue;
            const auto before = static_cast<std::uint16_t>(address - hole.address);
            if (before > 0) cut({hole.address, before}, parts_);
            parts_.push_back({static_cast<std::uint16_t>(address), 1});
            hole = {static_cast<std::uint16_t>(address + 1), static_cast<std::uint16_t>(hole.count - before - 1)};
        }
        if (hole.count > 0) cut(hole, parts_);
    }
    std::ranges::sort(parts_, {}, &Stretch::address);
    may_join_ = retries_holes_ = true;
}

void Block::leave_out(const std::vector<Stretch>& holes) {
    forget(most_);
    const std::vector<Stretch> requests = std::exchange(parts_, {});
    for (const Stretch& request : requests) {
        bool begins = true;  // starts a separate request
        for (unsigned address = request.address; address < static_cast<unsigned>(request.address + request.count); ++address) {
            const bool out = !is_needed(address) &&
                             std::ranges::any_of(holes, [address](const Stretch& hole) { return holds(hole, address); });
            if (!out && begins) parts_.push_back({static_cast<std::uint16_t>(address), 1});
            else if (!out) ++parts_.back().count;
            begins = out;
        }
    }
    holes_ = left_out();
}

void Block::reset(std::uint16_t most) {
    answers_.clear();
    forget(most);
}

std::vector<Stretch> Block::left_out() const {
    std::vector<Stretch> made;
    unsigned from = stretch_.address;
    const auto up_to = [&](unsigned address) {
        if (address > from) made.push_back({static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(address - from)});
    };
    for (const Stretch& part : parts_) {
        up_to(part.address);
        from = part.address + part.count;
    }
    up_to(stretch_.address + stretch_.count);
    return made;
}

bool Block::lacks_needed() const {
    return std::ranges::any_of(holes_, [this](const Stretch& hole) {
        return std::ranges::any_of(needed_, [&hole](unsigned address) { return holds(hole, address); });
    });
}

void Block::leave_all_out() {
    parts_.clear();
    holes_ = {stretch_};
    retries_holes_ = false;
}

/// Reads the needed registers one by one after a refusal, before the search. Returns a Failure if none of them exists.
std::optional<Failure> Block::refused_of_needed(const Read& read, const std::vector<Stretch>& taken, Stretch part,
                                                const Failure& why) const {
    const bool has_one = std::ranges::any_of(taken, [this](const Stretch& good) {
        return std::ranges::any_of(needed_, [&good](unsigned address) { return holds(good, address); });
    });
    if (has_one || needed_.empty()) return std::nullopt;
    for (const std::uint16_t address : needed_) {
        if (part == Stretch{address, 1}) continue;
        const auto words = read({address, 1});
        if (words) return std::nullopt;
        if (words.failure().fault != Fault::unsupported) return words.failure();
    }
    return why;
}

std::optional<Failure> Block::ask(const Read& read, const MaySplit& may_split) {
    Answers got;
    std::vector<Stretch> to_ask(parts_.rbegin(), parts_.rend());  // the next one is at the end
    std::vector<Stretch> taken;
    std::optional<Failure> refused;
    int refusals = 0;
    const int bound = retries_holes_ ? most_refusals_again : most_refusals;
    while (!to_ask.empty()) {  // each iteration takes, drops or halves a part: under 2 * count iterations
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
        if (++refusals == 1) {
            if (auto failure = refused_of_needed(read, taken, part, *refused)) {
                if (failure->fault == Fault::unsupported) leave_all_out();
                return failure;
            }
        }
        if (part.count == 1 || refusals > bound || (may_split && !may_split())) continue;
        to_ask.push_back(second_half(part));
        to_ask.push_back(first_half(part));
    }
    const bool joins = (refusals > 0 || retries_holes_) && may_join_;
    parts_ = joins ? joined(taken, most_) : std::move(taken);
    // If the device refused the number of registers, it would refuse joined requests again. Try once, until the whole was read in
    // the fewest requests.
    const bool whole = refusals == 0 && parts_.size() == (stretch_.count + most_ - 1U) / most_;
    if (whole || refusals > 0 || retries_holes_) may_join_ = whole;
    retries_holes_ = false;
    holes_ = left_out();
    if (parts_.empty()) return refused;
    changed_ = answers_.empty() || differ(answers_, got);
    answers_ = std::move(got);
    return std::nullopt;
}

}  // namespace volt::modbus
