#include "rules/readings/powers.hpp"

#include <doctest/doctest.h>

#include <random>

namespace volt {

namespace {

struct PowersRig {
    PowersState state;
    PowerBalance balance;
    std::optional<Watts> pv, load, grid = 0_W, battery;
    std::optional<Volts> voltage = 5200_cV;
    int second = -1;

    /// Runs one tick, a second after the previous one.
    void tick(std::optional<Watts> sun, std::optional<Watts> loads, std::optional<Watts> bank) {
        pv = sun;
        load = loads;
        battery = bank;
        balance = {};
        const Duration elapsed = second < 0 ? 0s : 1s;
        ++second;
        judge_powers({Time(second * 1000), elapsed, 900s, 50_cV, voltage, true}, pv, load, grid, battery, state, balance);
    }
    /// Ticks until `end`, and returns the first second at odds, or -1.
    int odds_within(int end, Watts sun, Watts loads, Watts bank) {
        while (second < end) {
            tick(sun, loads, bank);
            if (balance.at_odds) return second;
        }
        return -1;
    }
};

struct Case {
    int pv, load, battery;
    bool at_odds;
};

}  // namespace

TEST_CASE("powers: finds powers that do not add up after 300 s") {
    for (const Case& c :
         {Case{0, 4778, 4778, true}, Case{6000, 900, -5100, true}, Case{3600, 4778, 1222, false}, Case{1000, 4778, 3778, true},
          Case{0, 900, 2100, false}, Case{0, 1500, 1500, true}, Case{0, 1000, -1687, false}, Case{6000, 0, 5100, false},
          Case{900, 900, -750, false}, Case{0, 90, -900, false}, Case{0, 100, -1000, true}, Case{900, 0, -900, true}}) {
        CAPTURE(c.pv);
        CAPTURE(c.load);
        CAPTURE(c.battery);
        PowersRig rig;
        CHECK(rig.odds_within(400, {c.pv}, {c.load}, {c.battery}) == (c.at_odds ? 300 : -1));
    }
}

TEST_CASE("powers: reports difference, largest power and a reversed sign") {
    PowersRig rig;
    rig.odds_within(300, 0_W, 4778_W, 4778_W);
    CHECK(rig.balance.difference == Watts{-9556});
    CHECK(rig.balance.largest == 4778_W);
    CHECK(rig.balance.bound == 1416_W);
    CHECK(rig.balance.turned_sign_fits);
}

TEST_CASE("powers: at odds clears PV and battery power but not load") {
    PowersRig rig;
    rig.odds_within(300, 0_W, 4778_W, 4778_W);
    CHECK_FALSE(rig.pv);
    CHECK_FALSE(rig.battery);
    CHECK(rig.load == 4778_W);
    CHECK(rig.balance.bank_gives);
}

TEST_CASE("powers: stay at odds while the difference is unknown") {
    PowersRig rig;
    rig.odds_within(300, 0_W, 4778_W, 4778_W);
    for (int t = 0; t < 5000; ++t) rig.tick(0_W, std::nullopt, 4778_W);
    CHECK(rig.balance.at_odds);
}

TEST_CASE("powers: a pause without a difference keeps the elapsed time") {
    PowersRig rig;
    rig.odds_within(200, 0_W, 4778_W, 4778_W);
    for (int t = 0; t < 50; ++t) rig.tick(0_W, std::nullopt, 4778_W);
    CHECK(rig.odds_within(1000, 0_W, 4778_W, 4778_W) == 350);
}

TEST_CASE("powers: add up again after an hour within the bound") {
    PowersRig rig;
    rig.odds_within(300, 0_W, 250_W, Watts{-3000});
    while (rig.balance.at_odds && rig.second < 10000) rig.tick(0_W, 151_W, Watts{-1000});
    CHECK(rig.second > 300 + 3600 + 400);
    CHECK(rig.second < 300 + 3600 + 480);
}

TEST_CASE("powers: add up again at once within half the bound") {
    PowersRig rig;
    rig.odds_within(300, 0_W, 250_W, Watts{-3000});
    while (rig.balance.at_odds && rig.second < 10000) rig.tick(0_W, 576_W, Watts{-1000});
    CHECK(rig.second > 300 + 240);
    CHECK(rig.second < 300 + 480);
}

TEST_CASE("powers: report an unmeasured house if only the battery reads power") {
    PowersRig rig;
    rig.tick(0_W, 0_W, Watts{-199});
    CHECK_FALSE(rig.balance.not_measured);
    for (int t = 0; t <= 600; ++t) rig.tick(0_W, 0_W, Watts{-941});
    CHECK(rig.balance.not_measured_long);
    CHECK_FALSE(rig.pv);
    CHECK_FALSE(rig.load);
    CHECK(rig.battery == Watts{-941});
    CHECK_FALSE(rig.balance.difference);
    rig.tick(0_W, 1_W, Watts{-941});
    CHECK_FALSE(rig.balance.not_measured);
}

TEST_CASE("powers: a stuck power is missing until it moves") {
    PowersRig rig;
    for (int t = 0; t < 900; ++t) rig.tick(2724_W, Watts{1000 + t % 2 * 500}, 1000_W);
    CHECK(rig.pv == 2724_W);
    rig.tick(2724_W, 1000_W, 1000_W);
    CHECK_FALSE(rig.pv);
    CHECK(rig.balance.stands[0]);
    CHECK(rig.balance.stood_at[0] == 2724_W);
    CHECK(rig.balance.in_doubt);
    rig.tick(2725_W, 1000_W, 1000_W);
    CHECK(rig.pv == 2725_W);
}

TEST_CASE("powers: a power may be constant while small or nothing swings") {
    PowersRig still, small;
    for (int t = 0; t <= 2000; ++t) {
        still.tick(2724_W, Watts{1000 + t % 2 * 499}, 1000_W);
        small.tick(99_W, Watts{1000 + t % 2 * 500}, Watts{-901 - t % 2 * 500});
    }
    CHECK(still.pv == 2724_W);
    CHECK(small.pv == 99_W);
}

TEST_CASE("powers: a fall of 0.5 V proves a power stuck") {
    PowersRig rig;
    for (int t = 0; t <= 900; ++t) {
        rig.voltage = Volts{5200 - t / 15};
        rig.tick(2724_W, 1000_W, 1000_W);
    }
    CHECK_FALSE(rig.pv);
    CHECK(rig.balance.swung[0] == 60_cV);
}

TEST_CASE("powers: the bank gives if neither sun nor grid carries the load") {
    PowersRig rig;
    rig.tick(4778_W, 4778_W, 0_W);
    CHECK_FALSE(rig.balance.bank_gives);
    for (int t = 1; t <= 5; ++t) rig.tick(0_W, 4778_W, 0_W);
    CHECK_FALSE(rig.balance.bank_gives);
    rig.tick(0_W, 4778_W, 0_W);
    CHECK(rig.balance.bank_gives);
}

TEST_CASE("powers: the bank gives above 200 W or if not measured") {
    PowersRig rig;
    rig.tick(800_W, 1000_W, Watts{-200});
    CHECK_FALSE(rig.balance.bank_gives);
    rig.tick(800_W, 1000_W, Watts{-201});
    CHECK(rig.balance.bank_gives);
    rig.tick(1000_W, 1000_W, std::nullopt);
    CHECK(rig.balance.bank_gives);
}

TEST_CASE("powers: a correct site is never at odds") {
    std::mt19937 random(7);
    for (int site = 0; site < 60; ++site) {
        const auto below = [&random](int most) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(most)); };
        const std::int64_t idle = below(151), direct = below(501), percent = below(11);
        const bool generator = site % 3 == 0;
        const std::int64_t hidden = generator ? 0 : below(101);
        PowersRig rig;
        std::int64_t sun = 0, load = 300, bank = 0;
        bool runs = false;
        for (int t = 0; t < 4000; ++t) {
            if (!generator && random() % 200 == 0) sun = below(9000);
            if (random() % 150 == 0) load = 200 + below(6000);
            if (generator && random() % 900 == 0) runs = !runs;
            const std::int64_t given = runs ? load * 13 / 10 : 0;
            const std::int64_t mppt = sun * hidden / 100;  // no larger than the configured power
            const std::int64_t through = std::abs(load - sun - given);
            if (t % 10 == 0) bank = sun + mppt + given - load - through * percent / 100 - idle - direct;
            if (t % 10 == 0) rig.tick(Watts{sun}, Watts{load}, Watts{bank});
            else rig.tick(rig.balance.pv, rig.balance.load, rig.balance.battery);
            if (rig.balance.at_odds) CAPTURE(site);
            CHECK_FALSE(rig.balance.at_odds);
            if (rig.balance.at_odds) return;
        }
    }
}

}  // namespace volt
