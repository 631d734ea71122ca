// Properties that must hold in every tick with any input: invented sites with invented troubles, from seeds.
//   VOLT_SEEDS=2000  number of cases, from seed 1 on (or from VOLT_SEED on)
//   VOLT_SEED=17     first seed; if alone, the only one
//   VOLT_TICKS=9000  ticks of a case
//   VOLT_WHOLE=1     prints a failing case without making it smaller
//   VOLT_GO_ON=1     continues after a failing case
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/proof/examine.hpp"
#include "tests/proof/proof.hpp"
#include "tests/proof/world.hpp"

using namespace volt::proof;

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("properties hold in invented sites with invented troubles") {
    const std::uint64_t first = number_from("VOLT_SEED", 1);
    const std::uint64_t usual = std::getenv("VOLT_SEED") != nullptr ? 1 : 20;
    const std::uint64_t count = number_from("VOLT_SEEDS", usual);
    const int ticks = static_cast<int>(number_from("VOLT_TICKS", 900));
    std::map<int, long> judged;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const Case subject = make_case(seed, ticks);
        const Finding finding = examine(subject);
        for (const auto& [property, times] : finding.judged) judged[property] += times;
        if (!finding.failure) continue;
        std::cerr << "seed " << seed << ": property " << finding.failure->property << " fails at tick " << finding.failure->tick
                  << ": " << finding.failure->text << '\n';
        const bool whole = std::getenv("VOLT_WHOLE") != nullptr;
        const Case smaller = whole ? subject : shrink(subject, finding.failure->property);
        print(std::cerr, smaller, examine(smaller).failure.value_or(*finding.failure));
        FAIL_CHECK("seed " << seed << ": property " << finding.failure->property << ": " << finding.failure->text);
        if (std::getenv("VOLT_GO_ON") == nullptr) break;
    }
    std::string counts;
    for (const auto& [property, times] : judged) counts += " " + std::to_string(property) + ":" + std::to_string(times);
    MESSAGE("seeds " << first << " to " << first + count - 1 << ", judged" << counts);
    if (std::getenv("VOLT_SEED") != nullptr || count < usual) return;
    for (const int property : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 29, 101, 102, 103}) {
        CAPTURE(property);
        CHECK(judged[property] > 0);  // otherwise the cases were too tame to prove anything
    }
}

// Runs sites of other sizes one after the other: lists shrink and grow, and verdicts had gates before.
TEST_CASE("another site's tick memory gives the same decision as fresh memory") {
    volt::Decision decision;
    volt::TickMemory memory;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        World world(make_case(seed, 100));
        for (int tick = 0; tick < 65; ++tick) {
            const Turn turn = world.turn();
            if (turn.before == nullptr) continue;
            decision.next = *turn.before;
            volt::decide(turn.snapshot, turn.policy, decision, memory);
            CHECK(numbers_of(decision) == numbers_of(turn.decision));
        }
    }
}
