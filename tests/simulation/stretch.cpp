#include "tests/simulation/stretch.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include <fmt/format.h>

#include "daemon/journal/rule_state_codec.hpp"
#include "rules/decide.hpp"
#include "rules/names.hpp"
#include "tests/simulation/liveness.hpp"
#include "tests/simulation/log.hpp"
#include "tests/simulation/protection.hpp"
#include "tests/simulation/safety.hpp"
#include "tests/simulation/settings.hpp"
#include "tests/simulation/site.hpp"

namespace volt::simulation {

namespace {

constexpr std::int64_t twice_every = 997;
constexpr std::int64_t first_day_utc_ms = 1'735'718'400'000;  // 2025-01-01 00:00 at UTC-8

std::uint64_t mixed(std::uint64_t seed, std::int64_t number) {
    return sim::Random(seed * 1'000'003 + static_cast<std::uint64_t>(number)).next();
}

SiteConfig site_config(const StretchConfig& config) {
    SiteConfig site;
    site.seed = mixed(config.seed, config.number);
    site.start_utc_ms = first_day_utc_ms + config.number * config.stretch_days * day_s * 1000 % (365 * day_s * 1000);
    const bool cell = config.bank == 2 || (config.bank == 0 && config.number % 4 == 3);
    site.bank = cell ? sim::BankCurve::lifepo4 : sim::BankCurve::site;
    site.luck = config.luck;
    site.losses = config.losses;
    site.battery_turns = config.battery_turns;
    site.place_known = config.place_known;
    site.gateway = config.gateway;
    site.battery_sticks = config.battery_sticks;
    return site;
}

bool same(const Command& a, const Command& b) {
    return a.output == b.output && a.on == b.on && a.level == b.level && a.renewal == b.renewal && a.retry == b.retry &&
           a.protection == b.protection && a.reason == b.reason;
}

bool same(const Gate& a, const Gate& b) {
    return a.name == b.name && a.passes == b.passes && a.hold == b.hold && a.have == b.have && a.need == b.need &&
           a.remaining == b.remaining;
}

bool same(const Verdict& a, const Verdict& b) {
    return a.wanted == b.wanted && a.state == b.state && a.reason == b.reason && a.draw == b.draw &&
           std::equal(a.gates.begin(), a.gates.end(), b.gates.begin(), b.gates.end(),
                      [](auto& x, auto& y) { return same(x, y); });
}

bool same(const Decision& a, const Decision& b) {
    return std::equal(a.commands.begin(), a.commands.end(), b.commands.begin(), b.commands.end(),
                      [](auto& x, auto& y) { return same(x, y); }) &&
           std::equal(a.verdicts.begin(), a.verdicts.end(), b.verdicts.begin(), b.verdicts.end(),
                      [](auto& x, auto& y) { return same(x, y); }) &&
           a.order == b.order && a.ask == b.ask && a.alarms.size() == b.alarms.size();
}

class Run {
public:
    explicit Run(const StretchConfig& config)
        : config_(config),
          site_(site_config(config), config.policy),
          safety_(config.policy),
          liveness_(config.policy),
          protection_(config.policy),
          log_(config.keep_log),
          wanted_(load_count(config.policy)) {
        config_.policy.control.tick = std::chrono::seconds{config.tick_s};
        policy_ = config_.policy;
        policy_.revision = 1;
    }

    StretchResult run(const std::atomic<bool>& stop, std::atomic<std::int64_t>& ticks) {
        const std::int64_t all = config_.days * day_s / config_.tick_s;
        std::int64_t done = 0;
        constexpr std::int64_t report_every = 4096;
        for (; done < all && !stop.load(std::memory_order_relaxed); ++done) {
            turn();
            if ((done + 1) % report_every == 0) ticks.fetch_add(report_every, std::memory_order_relaxed);
        }
        ticks.fetch_add(done % report_every, std::memory_order_relaxed);
        return result(done, all);
    }

private:
    void turn() {
        const std::int64_t violated = static_cast<std::int64_t>(violations_.list().size());
        const bool was_alive = site_.truth().alive;
        const Moment then{site_.mono(), site_.wall(), site_.clock_trusted()};
        const bool alive = site_.turn(config_.tick_s);
        const Truth& truth = site_.truth();
        if (!truth.begun->empty()) note_happenings();
        if (was_alive && !alive) died_ = then;
        count(truth);
        if (alive) decide_now(truth);
        safety_.see_battery(truth, policy_, violations_);
        if (static_cast<std::int64_t>(violations_.list().size()) != violated) explain();
        if (truth.now_s % day_s == 0) end_day(truth);
    }

    void decide_now(const Truth& truth) {
        if (truth.began) restart();
        change_settings();
        const SiteSnapshot& snapshot = site_.snapshot();
        std::optional<RuleState> copy;
        if (truth.now_s % twice_every == 0) copy = decision_.next;
        decide(snapshot, policy_, decision_, memory_);
        if (copy && !same(decide(snapshot, policy_, *copy), decision_))
            violations_.add("9 replay", truth.now_s, 0, "the same inputs gave another decision");
        safety_.see(truth, snapshot, policy_, decision_, violations_);
        liveness_.see(truth, snapshot, policy_, decision_, violations_);
        protection_.see(truth, snapshot, policy_, decision_, violations_);
        site_.carry_out(decision_);
        note_changes(truth);
    }

    /// Restarts the daemon: its state passes through the stored form.
    void restart() {
        if (totals_.restarts++ == 0) return;
        const std::string text = encode_rule_state(decision_.next, policy_, died_);
        auto state = decode_rule_state(text, policy_, {site_.mono(), site_.wall(), site_.clock_trusted()});
        assert(state);
        decision_.next = std::move(*state);
        say("restart {} {}", site_.mono().count(), site_.clock_trusted() ? 1 : 0);
    }

    void change_settings() {
        const std::int64_t wish = site_.wished_settings();
        if (wish == settings_) return;
        settings_ = wish;
        const std::uint64_t revision = policy_.revision + 1;
        policy_ = wish == 0 ? config_.policy : changed(config_.policy, static_cast<std::uint64_t>(wish));
        policy_.revision = revision;
        const std::string refused = refused_by_database(policy_);
        if (!refused.empty()) violations_.add("settings", site_.truth().now_s, 0, "the database would refuse " + refused);
        ++totals_.settings;
        say("settings {}", wish);
    }

    template <class... Args>
    void say(fmt::format_string<Args...> format, Args&&... args) {
        log_.line(fmt::format("{} {}", site_.truth().now_s, fmt::format(format, std::forward<Args>(args)...)));
    }

    void note_happenings() {
        for (const Happening& one : *site_.truth().begun) {
            ++totals_.happenings[static_cast<std::size_t>(one.what)];
            say("{} {} {} {}", name_of(one.what), one.target, one.value, one.until_s - one.from_s);
        }
    }

    void note_changes(const Truth& truth) {
        for (const Command& c : decision_.commands)
            if (!c.renewal)
                say("{} {} {} {} {}", c.retry ? "again" : "order", c.output, c.on ? 1 : 0, c.level, c.reason.number());
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            const Verdict& verdict = decision_.verdicts[i];
            if (verdict.wanted == wanted_[i]) continue;
            wanted_[i] = verdict.wanted;
            if (verdict.wanted) ++totals_.starts[slug(i)];
            say("{} {} {} {} {}", verdict.wanted ? "run" : "stop", i, static_cast<int>(decision_.next.loads[i].reason),
                truth.shown.volts_cv, truth.shown.pv_w);
        }
        if (decision_.battery.stage != stage_)
            say("stage {} {}", static_cast<int>(decision_.battery.stage), truth.shown.volts_cv);
        stage_ = decision_.battery.stage;
        note_alarms();
    }

    void note_alarms() {
        const auto& alarms = decision_.alarms;
        const auto equal = [](const Alarm& a, const Alarm& b) { return a.code == b.code && a.subject == b.subject; };
        if (std::equal(alarms.begin(), alarms.end(), alarms_.begin(), alarms_.end(), equal)) return;
        for (const Alarm& one : alarms) {
            if (std::any_of(alarms_.begin(), alarms_.end(), [&](const Alarm& a) { return equal(a, one); })) continue;
            ++totals_.alarms[static_cast<std::size_t>(one.code)];
            say("alarm {} {}", static_cast<int>(one.code), one.subject);
        }
        for (const Alarm& one : alarms_)
            if (std::none_of(alarms.begin(), alarms.end(), [&](const Alarm& a) { return equal(a, one); }))
                say("over {} {}", static_cast<int>(one.code), one.subject);
        alarms_ = alarms;
    }

    void count(const Truth& truth) {
        totals_.stage_s[static_cast<std::size_t>(stage_)] += config_.tick_s;
        if (!truth.lit) totals_.dark_s += config_.tick_s;
        bool drawn = false;
        for (std::size_t i = 0; i < truth.draws_w.size(); ++i) {
            energy_[i] += static_cast<std::int64_t>(truth.draws_w[i]) * config_.tick_s;
            drawn = drawn || truth.draws_w[i] > 0;
        }
        totals_.lowest_cv = std::min(totals_.lowest_cv, truth.shown.volts_cv);
        if (drawn) totals_.lowest_on_cv = std::min(totals_.lowest_on_cv, truth.shown.volts_cv);
    }

    void end_day(const Truth& truth) {
        say("day {} {} {} {:x}", truth.now_s / day_s, truth.shown.volts_cv, truth.shown.soc_pct, site_.plant().fingerprint());
    }

    /// Adds the gates and the last lines to violations found in this tick.
    void explain() {
        for (Violation& one : violations_.list()) {
            if (!one.context.empty()) continue;
            one.context = log_.tail();
            if (one.load >= decision_.verdicts.size()) continue;
            const Verdict& verdict = decision_.verdicts[one.load];
            one.context +=
                fmt::format("{}: {} for {}\n", slug(one.load), verdict.wanted ? "runs" : "waits", volt::name_of(verdict.reason));
            for (const Gate& gate : verdict.gates)
                one.context += fmt::format("  {} {} have {} need {} left {} ms\n",
                                           gate.passes ? (gate.waived ? "waived" : "passes")
                                           : gate.hold ? "holds "
                                                       : "blocks",
                                           volt::name_of(gate.name), gate.have.value_or(-1), gate.need.value_or(-1),
                                           gate.remaining.value_or(0ms).count());
        }
    }

    std::string slug(std::size_t load) const {
        const std::size_t miners = config_.policy.miners.size();
        return load < miners ? config_.policy.miners[load].slug : config_.policy.zones[load - miners].slug + " heater";
    }

    StretchResult result(std::int64_t done, std::int64_t all) {
        StretchResult result;
        totals_.ticks = done;
        totals_.seconds = done * config_.tick_s;
        totals_.days = totals_.seconds / day_s;
        totals_.longest_fair_s = liveness_.longest_fair_s();
        const QuietStarts &miner = liveness_.most_miner(), &heater = liveness_.most_heater();
        totals_.most_starts = {miner.day, miner.two_hours, heater.day, heater.two_hours};
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            const std::size_t miners = config_.policy.miners.size();
            const Index output = i < miners ? config_.policy.miners[i].output : config_.policy.zones[i - miners].heater;
            totals_.watt_seconds[slug(i)] += energy_[static_cast<std::size_t>(output)];
            totals_.starts[slug(i)] += 0;
        }
        result.totals = totals_;
        result.hash = log_.hash();
        if (config_.keep_log) result.log = log_.text();
        result.violations = violations_.list();
        result.broken_off = done < all;
        return result;
    }

    StretchConfig config_;
    Site site_;
    Policy policy_;
    Safety safety_;
    Liveness liveness_;
    Protection protection_;
    Log log_;
    Decision decision_;
    TickMemory memory_;
    Violations violations_;
    Totals totals_;
    Moment died_;
    std::vector<bool> wanted_;
    std::array<std::int64_t, 64> energy_{};
    std::vector<Alarm> alarms_;
    Stage stage_ = Stage::blind;
    std::int64_t settings_ = 0;
};

}  // namespace

void Totals::add(const Totals& other) {
    days += other.days;
    ticks += other.ticks;
    seconds += other.seconds;
    restarts += other.restarts;
    settings += other.settings;
    dark_s += other.dark_s;
    for (const auto& [name, n] : other.starts) starts[name] += n;
    for (const auto& [name, n] : other.watt_seconds) watt_seconds[name] += n;
    for (std::size_t i = 0; i < alarms.size(); ++i) alarms[i] += other.alarms[i];
    for (std::size_t i = 0; i < stage_s.size(); ++i) stage_s[i] += other.stage_s[i];
    for (std::size_t i = 0; i < happenings.size(); ++i) happenings[i] += other.happenings[i];
    lowest_cv = std::min(lowest_cv, other.lowest_cv);
    lowest_on_cv = std::min(lowest_on_cv, other.lowest_on_cv);
    longest_fair_s = std::max(longest_fair_s, other.longest_fair_s);
    for (std::size_t i = 0; i < most_starts.size(); ++i) most_starts[i] = std::max(most_starts[i], other.most_starts[i]);
}

StretchResult run_stretch(const StretchConfig& config, const std::atomic<bool>& stop, std::atomic<std::int64_t>& ticks) {
    return Run(config).run(stop, ticks);
}

std::uint64_t hash_of(const std::vector<StretchResult>& results) {
    Hash hash;
    for (const StretchResult& one : results) hash.add(one.hash);
    return hash.value();
}

}  // namespace volt::simulation
