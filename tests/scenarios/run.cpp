#include "tests/scenarios/run.hpp"

#include <cstdio>

#include "tests/scenarios/watch.hpp"

namespace volt::stories {

namespace {

std::string clock_text(const Story& story, Time t) {
    const auto seconds = story.begins_s + t.count() / 1000;
    char text[48];
    std::snprintf(text, sizeof text, "day %d %02d:%02d:%02d", static_cast<int>(seconds / 86400) + 1,
                  static_cast<int>(seconds / 3600 % 24), static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    return text;
}

class Runner {
public:
    Runner(const Story& story, const Bank& bank) : story_(story), site_(story, bank) {}

    Outcome run() {
        for (std::size_t i = 0; i < story_.steps.size() && outcome_.failure.empty(); ++i) turn(i);
        return std::move(outcome_);
    }

private:
    /// Runs the ticks up to this step, the step's inputs and tick, and its expectations.
    void turn(std::size_t i) {
        const Step& step = story_.steps[i];
        const Time next = i + 1 < story_.steps.size() ? story_.steps[i + 1].at : step.at;
        try {
            check_grid(step);
            for (; t_ < step.at && outcome_.failure.empty(); t_ += site_.step()) {
                tick(t_);
                if (site_.running()) tell(step, t_, differences(site_, step, true));
            }
            if (!outcome_.failure.empty()) return;
            site_.take(step, next);
            tick(t_);
            if (!step.expected.empty() && !site_.running()) throw BadWord("nothing can be expected while nothing is decided");
            if (site_.running()) tell(step, t_, differences(site_, step, false));
            t_ += site_.step();
            site_.forget_sent();
        } catch (const BadWord& bad) { throw BadStory(story_.file, step.line, bad.what()); }
    }

    void check_grid(const Step& step) const {
        if (step.at.count() % site_.step().count() != 0)
            throw BadWord("this step does not fall on a tick of " + std::to_string(site_.step().count() / 1000) + " s");
    }

    void tick(Time t) {
        site_.tick(t);
        if (site_.running()) ++outcome_.ticks;
    }

    void tell(const Step& step, Time t, const std::string& differences) {
        if (differences.empty()) return;
        outcome_.failure = story_.file + ":" + std::to_string(step.line) + ": at " + clock_text(story_, t) +
                           " not as told\n  step     " + step.text + "\n" + differences;
    }

    const Story& story_;
    Site site_;
    Outcome outcome_;
    Time t_{};
};

}  // namespace

Outcome run(const Story& story, const Bank& bank) { return Runner(story, bank).run(); }

}  // namespace volt::stories
