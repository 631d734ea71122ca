#include "drivers/modbus/joined_read.hpp"

#include <algorithm>

namespace volt::modbus {

void JoinedRead::ask(const std::vector<Stretch>& stretches, std::uint16_t most, Time now, const Read& read) {
    got_.reset();
    if (stretches.size() < 2 || now < apart_until_) return;
    unsigned first = stretches.front().address, end = 0;
    for (const Stretch& stretch : stretches) {
        first = std::min<unsigned>(first, stretch.address);
        end = std::max<unsigned>(end, stretch.address + stretch.count);
    }
    if (end - first > most) return;
    const Stretch all{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(end - first)};
    auto words = read(all);
    is_apart_ = !words.ok();
    if (words) {
        got_ = Answer{all.address, std::move(words.value())};
        gap_ = first_gap_;
        return;
    }
    if (words.failure().fault == Fault::reconnect) gap_ = longest_gap_;
    apart_until_ = now + gap_;
    gap_ = std::min(2 * gap_, longest_gap_);
}

std::optional<std::vector<std::uint16_t>> JoinedRead::part(Stretch stretch) const {
    if (!got_ || stretch.address < got_->address) return std::nullopt;
    const auto from = static_cast<std::size_t>(stretch.address - got_->address);
    if (from + stretch.count > got_->words.size()) return std::nullopt;
    const auto begin = got_->words.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector<std::uint16_t>(begin, begin + stretch.count);
}

void JoinedRead::stay_apart(Time until) {
    is_apart_ = true;
    apart_until_ = until;
}

void JoinedRead::forget() {
    is_apart_ = false;
    gap_ = first_gap_;
    apart_until_ = {};
}

}  // namespace volt::modbus
