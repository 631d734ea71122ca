#include "rules/loads/sag.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Starts the S21+ with a voltage drop of `drop`.
Bench started_with(Volts drop) {
    Bench bench;
    bench.run(61s);
    REQUIRE(bench.wanted(site::s21));
    bench.volts(5230_cV - drop);
    bench.tick();
    return bench;
}

}  // namespace

TEST_CASE("computes sag until it is learned") {
    Bench bench;
    bench.tick();
    CHECK(bench.verdict(site::s21).sag_mv == 742);
    CHECK_FALSE(bench.verdict(site::s21).sag_learned);
}

TEST_CASE("a sample moves the learned sag by an eighth within bounds") {
    struct Row {
        Volts drop;
        std::int64_t least, most;
    };
    // The meter responds within seconds, and most of the 10 s mean is older, so samples are cut below.
    for (const Row& row : {Row{60_cV, 695, 742}, Row{0_cV, 695, 696}}) {
        Bench bench = started_with(row.drop);
        bench.run(20s);
        CHECK(bench.verdict(site::s21).sag_learned);
        CHECK(bench.verdict(site::s21).sag_mv >= row.least);
        CHECK(bench.verdict(site::s21).sag_mv <= row.most);
    }
}

TEST_CASE("drops a sample after a PV change of 500 W or another switching") {
    Bench bench;
    bench.device(site::s21_relay).draws = 100_W;
    bench.run(62s).pv(8450_W + 500_W).tick();
    bench.device(site::s21_relay).draws = 3878_W;
    bench.run(20s);
    CHECK_FALSE(bench.verdict(site::s21).sag_learned);
    Bench still;
    still.device(site::s21_relay).draws = 100_W;
    still.run(62s).pv(8450_W + 499_W).tick();
    still.device(site::s21_relay).draws = 3878_W;
    still.run(20s);
    CHECK(still.verdict(site::s21).sag_learned);
}

TEST_CASE("uses the computed sag after seven days without a sample") {
    LoadMemory m;
    m.sag.learned = 5000;
    m.sag.learned_at = 0s;
    CHECK(sag_is_learned(m, 7 * 24h - 1ms));
    CHECK_FALSE(sag_is_learned(m, 7 * 24h));
}
