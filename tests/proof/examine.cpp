#include "tests/proof/examine.hpp"

#include <algorithm>

#include "rules/names.hpp"
#include "tests/proof/chooser.hpp"

namespace volt::proof {

namespace {

/// Exceeds every wait, rest, override and learned value.
constexpr Duration long_after = 8 * 24h;

/// Returns the total of all waits with these settings if everything is well.
Duration bound(const Control& c) {
    return c.start_hold + c.stop_hold + c.restart_hold + c.adopt_timeout + c.start_stagger + c.start_timeout + 3 * c.confirm +
           c.fan_run_on + c.charge_release_hold + 30min;
}

std::string blocking(const Verdict& verdict) {
    std::string names;
    for (const Gate& gate : verdict.gates)
        if (!gate.passes) names += std::string(names.empty() ? "" : " ") + name_of(gate.name) + "(" + name_of(gate.reason) + ")";
    return names;
}

/// Property 11: from here everything is well for one load, so it must come on.
std::optional<Failure> every_latch_has_an_exit(World world, std::size_t load, int tick) {
    if (!world.turn_good(load, long_after)) return std::nullopt;
    const Duration step = good_step(world.policy().control);
    const Duration most = bound(world.policy().control);
    for (Duration passed{}; passed <= most; passed += step) {
        const Turn turn = world.turn();
        const Verdict& v = turn.decision.verdicts[load];
        if (v.wanted) return std::nullopt;
        // Not a latch: a night budget ends its block when the bank holds enough or is full, which may take days.
        if (v.reason == Reason::budget || (v.gates.find(GateName::budget) != nullptr && !v.gates.find(GateName::budget)->passes))
            return std::nullopt;
        if (blocking(v).empty()) return Failure{11, Facts::key(turn.policy, load) + ": held, and nothing named", tick};
        if (passed + step <= most) continue;
        return Failure{11, Facts::key(turn.policy, load) + ": with everything well it is still held by " + blocking(v), tick};
    }
    return std::nullopt;
}

std::uint64_t turn_number(int tick) { return static_cast<std::uint64_t>(tick); }

/// Checks property 9 over a whole case: the recorded inputs from the start give the recorded decisions.
class Record {
public:
    void add(const Turn& turn) {
        if (turns_.size() == most) return;
        if (turn.restarted) whole_ = false;
        if (whole_) turns_.push_back({turn.snapshot, turn.policy, numbers_of(turn.decision)});
    }
    std::optional<Failure> replayed() const {
        RuleState state;
        for (std::size_t i = 0; i < turns_.size(); ++i) {
            Decision decision = decide(turns_[i].snapshot, turns_[i].policy, state);
            if (numbers_of(decision) != turns_[i].numbers)
                return Failure{9, "recorded inputs give another decision", static_cast<int>(i)};
            state = std::move(decision.next);
        }
        return std::nullopt;
    }

private:
    static constexpr std::size_t most = 300;
    struct One {
        SiteSnapshot snapshot;
        Policy policy;
        std::vector<std::int64_t> numbers;
    };
    std::vector<One> turns_;
    bool whole_ = true;
};

}  // namespace

Finding examine(const Case& subject) {
    World world(subject);
    Proof proof;
    Record record;
    Finding finding;
    const auto probed = static_cast<int>(mixed(subject.seed, 11) % static_cast<std::uint64_t>(std::max(subject.ticks, 1)));
    for (int tick = 0; tick < subject.ticks; ++tick) {
        const Turn turn = world.turn();
        proof.look(turn);
        if (subject.seed % 4 == 0) record.add(turn);
        if ((finding.failure = proof.failure())) break;
        if (tick != probed && !(subject.every_exit && tick == subject.ticks - 1)) continue;
        const std::size_t loads = load_count(turn.policy);
        const auto one = static_cast<std::size_t>(mixed(subject.seed, 12, turn_number(tick)) % loads);
        for (std::size_t load = 0; load < loads && !finding.failure; ++load) {
            if (load != one && !subject.every_exit) continue;
            ++finding.judged[11];
            finding.failure = every_latch_has_an_exit(world, load, tick);
        }
        if (finding.failure) break;
    }
    if (!finding.failure) finding.failure = record.replayed();
    for (const auto& [property, count] : proof.judged()) finding.judged[property] += count;
    return finding;
}

}  // namespace volt::proof
