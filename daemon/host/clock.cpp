#include "daemon/host/clock.hpp"

#include <date/tz.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "daemon/host/zone_rule.hpp"
#include "drivers/source.hpp"
#include "drivers/zone_name.hpp"

namespace volt {

namespace {

class TzClock : public ZoneClock {
public:
    TzClock(const date::time_zone* zone, std::optional<ZoneRule> rule)
        : zone_(zone), name_(zone->name()), rule_(std::move(rule)) {}

    LocalTime local(Utc utc) override {
        if (!span_ || utc < span_->begin || utc >= span_->end) span_ = span_at(utc);
        const auto wall = utc + span_->offset;
        const auto day = date::floor<date::days>(wall);
        const auto second = date::floor<std::chrono::seconds>(wall - day);
        return {static_cast<std::int32_t>(day.count()), static_cast<std::int32_t>(second.count())};
    }

    Utc utc(const LocalTime& local) const override {
        const date::local_time<Utc> wall{date::days{local.day} + std::chrono::seconds{local.second_of_day}};
        const Utc listed = zone_->to_sys(wall, date::choose::earliest).time_since_epoch();
        return rule_ && is_after_list(listed) ? rule_->utc(wall.time_since_epoch()) : listed;
    }

    const std::string& name() const override { return name_; }

private:
    /// Returns true after the last change in the file, which has no end. The library knows only the listed changes.
    bool is_after_list(Utc utc) const {
        constexpr date::sys_seconds far = date::sys_days{date::year{3000} / 1 / 1};
        return zone_->get_info(date::sys_time<Utc>{utc}).end > far;
    }
    ZoneSpan span_at(Utc utc) const {
        const date::sys_info info = zone_->get_info(date::sys_time<Utc>{utc});
        const Utc begin = info.begin.time_since_epoch();
        if (!rule_ || !is_after_list(utc)) return {begin, info.end.time_since_epoch(), info.offset};
        ZoneSpan span = rule_->at(utc);
        span.begin = std::max(span.begin, begin);
        return span;
    }

    const date::time_zone* zone_;
    std::string name_;
    std::optional<ZoneRule> rule_;
    std::optional<ZoneSpan> span_;
};

}  // namespace

std::unique_ptr<ZoneClock> ZoneClock::load(const std::string& name) {
    try {
        return std::make_unique<TzClock>(date::locate_zone(name), rule_of_zone_file(zone_directory + name));
    } catch (const std::runtime_error&) { return nullptr; }
}

std::optional<SimulatedWall> parse_wall_clock(const std::string& text) {
    int rate = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, end = 0;
    if (std::sscanf(text.c_str(), "%6d@%4d-%2d-%2dT%2d:%2d%n", &rate, &year, &month, &day, &hour, &minute, &end) != 6)
        return std::nullopt;
    const date::year_month_day ymd{date::year{year}, date::month{static_cast<unsigned>(month)},
                                   date::day{static_cast<unsigned>(day)}};
    if (static_cast<std::size_t>(end) != text.size() || rate < 1 || rate > 100000 || !ymd.ok() || year < 1971 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59)
        return std::nullopt;
    return SimulatedWall{
        rate, {static_cast<std::int32_t>(date::local_days{ymd}.time_since_epoch().count()), hour * 3600 + minute * 60}};
}

Utc WallClock::utc(Time now) const {
    if (simulated_) return start_ + (now - begin_) * simulated_->rate;
    if (source_) return source_(now);
    return wall_now();
}

bool WallTrust::update(bool synchronised, bool vouched, Utc utc, Time now) {
    if (newest_row_) behind_ = utc < *newest_row_ - (behind_ ? 0min : 5min);
    const Utc offset = utc - now;
    if (offset_ && std::chrono::abs(offset - *offset_) > 5min) {
        offset_.reset();
        untrusted_until_ = now + 20s;
    }
    // The system may slew a trusted clock for years. Follow it while the system reports it synchronized.
    if (synchronised && (!untrusted_until_ || now >= *untrusted_until_)) offset_ = offset;
    return !behind_ && (offset_.has_value() || vouched);
}

std::optional<bool> clock_is_synchronised() {
    if (access("/run/systemd/timesync/synchronized", F_OK) == 0) return true;
    timex request{};
    const int state = adjtimex(&request);
    if (state < 0) return std::nullopt;
    return state != TIME_ERROR && (request.status & STA_UNSYNC) == 0;
}

}  // namespace volt
