#include "drivers/modbus/joined_read.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::modbus;

namespace {

using Words = std::vector<std::uint16_t>;

struct Device {
    JoinedRead::Read read() {
        return [this](Stretch stretch) {
            asked.push_back(stretch);
            if (fault) return Result<Words>(Failure{*fault, "no"});
            Words words;
            for (int i = 0; i < stretch.count; ++i) words.push_back(static_cast<std::uint16_t>(stretch.address + i));
            return Result<Words>(words);
        };
    }
    std::optional<Fault> fault;
    std::vector<Stretch> asked;
};

}  // namespace

TEST_CASE("one request covers all parts until cleared") {
    Device device;
    JoinedRead joined(5s, 600s);
    joined.ask({{303, 3}, {267, 2}}, 125, 0s, device.read());
    CHECK(device.asked == std::vector<Stretch>{{267, 39}});
    CHECK(joined.part({303, 3}) == Words{303, 304, 305});
    CHECK(joined.part({267, 2}) == Words{267, 268});
    CHECK_FALSE(joined.part({304, 3}));
    CHECK_FALSE(joined.part({266, 2}));
    joined.clear();
    CHECK_FALSE(joined.part({267, 2}));
}

TEST_CASE("does not join a single stretch or too many registers") {
    Device device;
    JoinedRead joined(5s, 600s);
    joined.ask({{10, 2}}, 125, 0s, device.read());
    joined.ask({{10, 2}, {134, 2}}, 125, 0s, device.read());
    CHECK(device.asked.empty());
    joined.ask({{10, 2}, {133, 2}}, 125, 0s, device.read());
    CHECK(device.asked.size() == 1);
}

TEST_CASE("separates after a refusal for growing gaps, longest after silence") {
    Device device;
    JoinedRead joined(5s, 20s);
    const auto tries_until = [&](Time from, Time to) {
        device.asked.clear();
        for (Time now = from; now < to; now += 1s) joined.ask({{10, 2}, {20, 2}}, 125, now, device.read());
        return device.asked.size();
    };
    device.fault = Fault::unsupported;
    CHECK(tries_until(0s, 76s) == 6);  // at 0, 5, 15, 35, 55, 75 s
    CHECK_FALSE(joined.part({10, 2}));
    joined.forget();
    device.fault = Fault::reconnect;
    CHECK(tries_until(100s, 120s) == 1);
    device.fault.reset();
    CHECK(tries_until(120s, 125s) == 5);
    device.fault = Fault::retry;
    CHECK(tries_until(125s, 135s) == 2);  // the gaps restart
}
