#include "daemon/whatif/suggestion.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/daemon/whatif/records.hpp"

using namespace volt;
using namespace volt::whatif;

namespace suggestion_test {

TEST_CASE("keeps candidates few and near current voltages") {
    const SiteRecord record = test::record_of(1, [](std::int64_t, HeldRow&) {});
    Policy policy = test::default_site();
    const auto all = candidates_of(record, policy);
    CHECK(all.size() > 20);
    CHECK(all.size() < most_suggestion_runs);
    for (const Candidate& one : all) {
        const Miner& miner = policy.miners[one.load];
        CHECK(abs(one.start - miner.start) <= suggestion_reach);
        CHECK(abs(one.stop - miner.stop) <= suggestion_reach);
        CHECK(one.stop >= policy.preferences.critical_low + suggestion_over_critical);
        CHECK(one.stop < one.start);
        CHECK(one.stop > miner.emergency);
    }
    SiteRecord many = record;
    many.loads.clear();
    policy.miners.clear();
    for (int i = 0; i < 200; ++i) {
        Miner miner = test::s21_profile();
        miner.id = std::to_string(i);
        many.loads.push_back({miner.id, "", "", {}, false});
        policy.miners.push_back(miner);
    }
    CHECK(candidates_of(many, policy).size() == most_suggestion_runs - 1);
}

TEST_CASE("suggests a lower start if the voltage stayed just below") {
    const SiteRecord record = test::record_of(1, [](std::int64_t, HeldRow& row) { test::set_volts(row, 4980); });
    int replays = 0;
    const auto found = suggest(record, test::default_line(), [&] { return ++replays <= 20; });
    REQUIRE(found.size() == 1);
    CHECK(found[0].candidate.load == 0);
    CHECK(found[0].candidate.start < 5000_cV);
    CHECK(found[0].gained_watt_seconds > 3000 * 3000);
    CHECK(*found[0].lowest < *found[0].lowest_as_is);
    CHECK(suggest(record, test::default_line(), [] { return false; }).empty());
}

TEST_CASE("suggests the three largest gains of different miners") {
    SiteRecord record = test::record_of(1, [](std::int64_t, HeldRow& row) { test::set_volts(row, 4980); });
    record.rows.resize(40);
    record.to_s = record.from_s + 1200;
    record.loads.clear();
    const PolicyLine line = test::default_line([&](Policy& policy) {
        const Miner one = policy.miners[0];
        policy.miners.clear();
        policy.zones.clear();
        for (OutputWiring& output : policy.outputs) output.kind = OutputKind::relay;
        for (std::size_t i = 0; i < 5; ++i) {
            Miner& miner = policy.miners.emplace_back(one);
            miner.id = miner.slug = std::to_string(i);
            miner.output = static_cast<Index>(i);
            miner.zone = no_index;
            miner.power = Watts{800 + 100 * static_cast<std::int64_t>(i)};
            record.loads.push_back({miner.id, miner.slug, "", {}, false});
        }
    });
    REQUIRE(line.front().policy.outputs.size() >= 5);
    std::size_t replays = 1;
    const auto found = suggest(record, line, [&] { return ++replays, true; });
    CHECK(replays <= most_suggestion_runs);
    REQUIRE(found.size() == most_suggestions);
    for (std::size_t i = 1; i < found.size(); ++i) {
        CHECK(found[i - 1].gained_watt_seconds >= found[i].gained_watt_seconds);
        CHECK(found[i - 1].candidate.load != found[i].candidate.load);
    }
}

TEST_CASE("suggests nothing that makes the site critical") {
    const SiteRecord record =
        test::record_of(1, [](std::int64_t t, HeldRow& row) { test::set_volts(row, t < 1800 ? 4980 : 4540); });
    int replays = 0;
    for (const Suggestion& one : suggest(record, test::default_line(), [&] { return ++replays <= 20; }))
        CHECK(*one.lowest > 4500_cV);
}

}  // namespace suggestion_test
