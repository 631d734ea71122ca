#include <algorithm>

#include "tests/proof/examine.hpp"

namespace volt::proof {

namespace {

constexpr int most_runs = 600;

class Shrinker {
public:
    Shrinker(Case subject, int property) : best_(std::move(subject)), property_(property) {}

    Case work() {
        best_.every_exit = property_ == 11;
        cut_ticks(best_);
        for (bool better = true; better && runs_ < most_runs;) {
            better = attempt([](Case& c) { c.noise = false; }, best_.noise);
            for (const bool smaller : {drop_events(), drop_miners(), drop_zones(), plain_settings()}) better = better || smaller;
        }
        return best_;
    }

private:
    /// Keeps the smaller case if the same property still fails.
    bool fails(Case smaller) {
        if (++runs_ > most_runs) return false;
        const Finding finding = examine(smaller);
        if (!finding.failure || finding.failure->property != property_) return false;
        smaller.ticks = std::min(smaller.ticks, finding.failure->tick + 1);
        best_ = std::move(smaller);
        return true;
    }
    template <class Change>
    bool attempt(Change change, bool worth = true) {
        if (!worth) return false;
        Case smaller = best_;
        change(smaller);
        return fails(std::move(smaller));
    }
    void cut_ticks(const Case& subject) { fails(subject); }

    bool drop_events() {
        bool better = attempt([](Case& c) { std::erase_if(c.events, [&](const Event& e) { return e.at >= c.ticks; }); });
        for (std::size_t size = std::max<std::size_t>(best_.events.size() / 2, 1); size > 0; size /= 2)
            for (std::size_t at = 0; at < best_.events.size();) {
                const bool gone = attempt([&](Case& c) {
                    const auto from = c.events.begin() + static_cast<std::ptrdiff_t>(at);
                    c.events.erase(from, from + static_cast<std::ptrdiff_t>(std::min(size, c.events.size() - at)));
                });
                if (gone) better = true;
                else at += size;
            }
        return better;
    }
    bool drop_miners() {
        bool better = false;
        for (std::size_t i = best_.site.miners.size(); i-- > 0 && best_.site.miners.size() > 1;)
            better |= attempt([&](Case& c) { c.site.miners.erase(c.site.miners.begin() + static_cast<std::ptrdiff_t>(i)); });
        return better;
    }
    bool drop_zones() {
        bool better = false;
        for (std::size_t i = best_.site.zones.size(); i-- > 0;)
            better |= attempt([&](Case& c) {
                c.site.zones.erase(c.site.zones.begin() + static_cast<std::ptrdiff_t>(i));
                for (Miner& miner : c.site.miners) {
                    if (miner.zone == static_cast<Index>(i)) miner.zone = no_index;
                    if (miner.zone > static_cast<Index>(i)) --miner.zone;
                }
            });
        return better;
    }
    /// Resets one row or section after the other to the values of a new site.
    bool plain_settings() {
        bool better = false;
        if (!plain_control_)
            better |= plain_control_ = attempt([](Case& c) {
                const Duration tick = c.site.control.tick;
                c.site.control = {};
                c.site.control.tick = tick;
            });
        if (!plain_preferences_) better |= plain_preferences_ = attempt([](Case& c) { c.site.preferences = {}; });
        for (std::size_t i = 0; i < best_.site.miners.size(); ++i) better |= plain_miner(i);
        return better;
    }
    bool plain_miner(std::size_t i) {
        const Miner m = best_.site.miners[i];  // best_ changes meanwhile
        const auto set = [&](bool worth, auto change) { return attempt([&](Case& c) { change(c.site.miners[i]); }, worth); };
        bool better = set(m.require_excess_solar, [](Miner& x) { x.require_excess_solar = false; });
        better |= set(m.minimum_solar.has_value(), [](Miner& x) { x.minimum_solar.reset(); });
        better |= set(m.require_sunny, [](Miner& x) { x.require_sunny = false; });
        better |= set(!m.allow_outside_schedule, [](Miner& x) { x.allow_outside_schedule = true; });
        better |=
            set(m.max_runtime_day || m.max_continuous, [](Miner& x) { x.max_runtime_day.reset(), x.max_continuous.reset(); });
        better |= set(m.start != 5000_cV || m.stop != 4700_cV || m.emergency != 4500_cV,
                      [](Miner& x) { x.start = 5000_cV, x.stop = 4700_cV, x.emergency = 4500_cV; });
        better |= set(m.min_on != 600s, [](Miner& x) { x.min_on = 600s; });
        better |= set(m.min_off != 300s, [](Miner& x) { x.min_off = 300s; });
        better |= set(m.max_starts_per_hour != 3, [](Miner& x) { x.max_starts_per_hour = 3; });
        return better;
    }

    Case best_;
    int property_, runs_ = 0;
    bool plain_control_ = false, plain_preferences_ = false;
};

}  // namespace

Case shrink(const Case& subject, int property) { return Shrinker(subject, property).work(); }

}  // namespace volt::proof
