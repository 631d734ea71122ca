#include "drivers/store/telemetry/age_clock.hpp"

#include <ctime>

namespace volt {

namespace {

Utc since_boot(AgeClock::Steady at) { return std::chrono::duration_cast<Utc>(at.time_since_epoch()); }

std::string date_and_time(Utc utc) {
    const std::time_t seconds = utc.count() / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts));
}

}  // namespace

void AgeClock::set(Utc wall, bool trusted, Steady at) {
    const Utc offset = wall - since_boot(at);
    if (!offset_) offset_ = newest_ ? *newest_ - since_boot(at) : offset;
    wall_ = wall;
    trusted_ = trusted;
    if (!trusted) return;
    if (offset - *offset_ > jump) {
        hold_until_ = at + hold;
        jumped_from_ = *offset_ + since_boot(at);
        jumped_to_ = wall;
    }
    offset_ = offset;
}

std::optional<Utc> AgeClock::time_to_remove(Steady at) const {
    if (!trusted_ || (hold_until_ && at < *hold_until_)) return std::nullopt;
    return wall_;
}

std::string AgeClock::jumped(Steady at) const {
    if (!hold_until_ || at >= *hold_until_) return {};
    return "The clock jumped forward from " + date_and_time(jumped_from_) + " to " + date_and_time(jumped_to_) +
           "; voltd removes no old rows for " + std::to_string(hold / 1min) + " min";
}

}  // namespace volt
