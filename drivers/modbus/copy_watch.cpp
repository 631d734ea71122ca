#include "drivers/modbus/copy_watch.hpp"

#include <algorithm>

#include "drivers/source.hpp"
#include "rules/readings/readings.hpp"

namespace volt::modbus {
namespace {

constexpr int least_together = 3;            // registers of one renewal
constexpr Duration shortest_to_judge = 45s;  // a shorter watch gives no verdict
constexpr const char* remedy = "; connect an RS485 gateway to the inverter itself";

}  // namespace

void CopyWatch::see(const std::vector<std::uint16_t>& words, Time at) {
    if (!first_) first_ = at;
    last_ = at;
    int changed = 0;
    for (std::size_t i = 0; i < std::min(words.size(), words_.size()); ++i) changed += words[i] != words_[i] ? 1 : 0;
    words_ = words;
    if (changed == 0) return;
    live_ = live_ || (moved_ && at - *moved_ < CopyMemory::shortest_interval);
    together_ = together_ && changed >= least_together;
    moved_ = at;
    ++moves_;
}

std::string CopyWatch::verdict() const {
    if (live_ || !first_ || *last_ - *first_ < shortest_to_judge) return {};
    const std::string seconds = std::to_string((*last_ - *first_).count() / 1000) + " s";
    if (moves_ == 0)
        return "no value moved for " + seconds + ": a logger's copy, or an inverter whose values do not change" + remedy;
    if (!together_) return {};
    const std::string times = moves_ == 1 ? "once" : std::to_string(moves_) + " times";
    return "this is a logger's copy, not the inverter: its values changed together, " + times + " in " + seconds + remedy;
}

std::string watch_for_copy(const std::function<std::optional<std::vector<std::uint16_t>>()>& ask,
                           const std::function<bool(Time)>& go_on, Duration longest) {
    CopyWatch watch;
    const Time end = monotonic_now() + longest;
    while (monotonic_now() < end && !watch.is_live()) {  // at most longest / every answers
        if (const auto words = ask()) watch.see(*words, monotonic_now());
        if (!go_on(monotonic_now() + CopyWatch::every)) return {};
    }
    return watch.verdict();
}

}  // namespace volt::modbus
