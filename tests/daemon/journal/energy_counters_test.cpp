#include "daemon/journal/energy_counters.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace energy_counters_test {

namespace {

Policy policy() {
    Policy policy;
    policy.miners.push_back({.id = "u1", .name = "A", .slug = "a"});
    policy.miners.push_back({.id = "u2", .name = "B", .slug = "b"});
    return policy;
}

}  // namespace

TEST_CASE("counts measured energy and survives a rename") {
    EnergyCounters counters;
    Policy site = policy();
    CHECK_FALSE(counters.of(site.miners[0]));
    counters.add(site.miners[0], 0_W, 1h);
    counters.add(site.miners[0], Watts{-5}, 1h);
    CHECK_FALSE(counters.of(site.miners[0]));
    for (int second = 0; second < 3600; ++second) counters.add(site.miners[0], 3600_W, 1s);
    CHECK(counters.of(site.miners[0]) == 3600);
    site.miners[0].slug = site.miners[0].name = "z";
    CHECK(counters.of(site.miners[0]) == 3600);
    CHECK_FALSE(counters.of(site.miners[1]));
    CHECK(counters.saved() == std::map<std::string, std::int64_t>{{"u1", 3600}});
}

TEST_CASE("resumes saved counters, or starts once from the runs") {
    EnergyCounters old, fresh, none;
    old.begin(R"({"version":1})", policy(), {{"a", 500}, {"gone", 7}});
    CHECK(old.of(policy().miners[0]) == 500);
    CHECK_FALSE(old.of(policy().miners[1]));
    fresh.begin(R"({"version":1,"energy_wh":{"u2":12,"removed":3}})", policy(), {{"a", 500}, {"b", 9}});
    CHECK_FALSE(fresh.of(policy().miners[0]));
    CHECK(fresh.of(policy().miners[1]) == 12);
    CHECK(fresh.saved().contains("removed"));
    for (const char* damaged : {"", "{", "[]", R"({"energy_wh":7})"}) none.begin(damaged, policy(), {});
    none.begin(R"({"energy_wh":{"u1":-4,"u2":1e30}})", policy(), {});
    none.begin(R"({"energy_wh":{"u1":"7","u2":9223372036854775807}})", policy(), {});
    CHECK(none.saved().empty());
}

TEST_CASE("limits the number of counters") {
    EnergyCounters counters;
    Miner miner;
    for (std::size_t i = 0; i < EnergyCounters::most + 10; ++i) {
        miner.id = std::to_string(i);
        counters.add(miner, 1_W, 1h);
    }
    CHECK(counters.saved().size() == EnergyCounters::most);
}

}  // namespace energy_counters_test
