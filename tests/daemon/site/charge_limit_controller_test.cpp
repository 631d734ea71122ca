#include "daemon/site/charge_limit_controller.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace volt;

namespace {

/// GX that accepts orders one tick later, and a store with a configurable delay.
struct Rig {
    explicit Rig(int amps, ChargeMemory memory = {}, const ChargeTarget& target = gx_target())
        : controller(exchange, target), holds(amps) {
        controller.restore(memory);
    }

    void tick(bool blocked, Duration step = 1s) {
        now += step;
        utc += step;
        const ChargeOrder order = exchange.order();
        if (reachable) {
            if (order.number > taken && now < order.until) {
                taken = order.number;
                if (order.limit_a != holds) {
                    writes.push_back(order.limit_a);
                    wrote_at = now;
                }
                if (!ignores) holds = order.limit_a;
            }
            exchange.report({holds, now, taken, true, {}, refusal, !wrote_at || now - *wrote_at >= read_back_after, wrote_at});
        } else {
            exchange.report({exchange.seen().limit_a, exchange.seen().read_at, taken, false, "no connection"});
        }
        scene = {now, utc, blocked, may_write, back_a, stored && saved == controller.memory(), cold};
        controller.update(scene);
        saved = controller.memory();
    }
    void ticks(int count, bool blocked, Duration step = 1s) {
        for (int i = 0; i < count; ++i) tick(blocked, step);
    }

    ChargeLimitExchange exchange;
    ChargeLimitController controller;
    ChargeMemory saved;
    ChargeInputs scene;
    Time now = 1000s;
    Utc utc{1'750'532'400'000};
    int holds, back_a = -1;
    bool reachable = true, ignores = false, may_write = true, stored = true, cold = false;
    std::uint64_t taken = 0;
    std::optional<Time> wrote_at;
    Duration read_back_after{};
    std::string refusal;
    std::vector<int> writes;
};

}  // namespace

TEST_CASE("writes a block once and restores the previous limit") {
    Rig rig(60);
    rig.ticks(5, false);
    CHECK(rig.writes.empty());
    rig.ticks(300, true);
    CHECK(rig.writes == std::vector<int>{0});
    CHECK(rig.controller.memory().found_a == 60);
    CHECK(rig.controller.failure().empty());
    rig.ticks(10, false);
    CHECK(rig.writes == std::vector<int>{0, 60});
    CHECK_FALSE(rig.controller.memory().ours);
    rig.ticks(600, false);
    CHECK(rig.writes.size() == 2);
}

TEST_CASE("writes nothing until the previous limit is stored") {
    Rig rig(60);
    rig.stored = false;
    rig.ticks(200, true);
    CHECK(rig.writes.empty());
    CHECK(rig.controller.failure().find("cannot be saved") != std::string::npos);
    rig.stored = true;
    rig.ticks(3, true);
    CHECK(rig.writes == std::vector<int>{0});
    CHECK(rig.controller.failure().empty());
}

TEST_CASE("never takes its own block for the previous limit") {
    Rig rig(60);
    rig.ticks(5, true);
    REQUIRE(rig.holds == 0);
    Rig second(0, rig.saved);  // restarted, with the register as it was left
    second.ticks(100, true);
    CHECK(second.writes.empty());
    CHECK(second.controller.memory().found_a == 60);
    second.ticks(5, false);
    CHECK(second.writes == std::vector<int>{60});
}

TEST_CASE("restores nothing after a kill before the write") {
    ChargeMemory noted{.ours = true, .found_a = 60, .writes = {.day = 20'260, .count = 1, .newest = {}}};
    Rig rig(60, noted);
    rig.ticks(5, false);
    CHECK(rig.writes.empty());
    CHECK_FALSE(rig.controller.memory().ours);
}

TEST_CASE("releases an unrecorded block to charge_limit_a") {
    Rig rig(0);
    rig.back_a = 80;
    rig.ticks(5, true);
    CHECK(rig.writes.empty());
    rig.ticks(5, false);
    CHECK(rig.writes == std::vector<int>{80});
}

TEST_CASE("never ends a 0 A that was there before any order") {
    Rig rig(0);
    rig.back_a = 80;
    rig.ticks(100, false);
    rig.ticks(5, true);
    rig.ticks(100, false);
    CHECK(rig.writes.empty());
}

TEST_CASE("blocks again over someone's limit and restores that one") {
    Rig rig(60);
    rig.ticks(5, true);
    rig.holds = 30;
    rig.ticks(20, true);
    CHECK(rig.writes.size() == 1);
    rig.ticks(60, true);
    CHECK(rig.writes == std::vector<int>{0, 0});
    rig.ticks(70, false);
    CHECK(rig.writes == std::vector<int>{0, 0, 30});
}

TEST_CASE("fails and limits writes to a GX that does not follow") {
    Rig rig(60);
    rig.ignores = true;
    rig.ticks(60, true);
    CHECK(rig.writes.size() == 1);
    CHECK(rig.controller.failure().empty());
    rig.ticks(60, true);
    CHECK(rig.controller.failure().find("should be 0 A but reads 60 A") != std::string::npos);
    rig.ticks(3600 * 4, true);
    CHECK(rig.writes.size() == ChargeWrites::most_a_day);
    CHECK(rig.controller.failure().find("the limit is 48") != std::string::npos);
    rig.ticks(3600 * 20, true);
    CHECK(rig.writes.size() == 2 * ChargeWrites::most_a_day);
}

TEST_CASE("keeps the daily limit over a kill, with reserve for blocks") {
    const std::int64_t today = 20'260;
    Rig rig(0, {.ours = true, .found_a = 60, .writes = {.day = today, .count = 40, .newest = {}}});
    rig.ticks(200, false);
    CHECK(rig.writes.empty());
    CHECK(rig.controller.failure().find("today") != std::string::npos);
    rig.holds = 60;
    rig.ticks(5, true);
    CHECK(rig.writes == std::vector<int>{0});
}

TEST_CASE("sends cold blocks every 15 minutes beyond the daily limit") {
    Rig rig(60, {.ours = true, .found_a = 60, .writes = {.day = 20'260, .count = 48, .newest = Utc{1'750'532'400'000}}});
    rig.cold = true;
    rig.ticks(800, true);
    CHECK(rig.writes.empty());
    CHECK(rig.controller.failure().find("the limit is 48") != std::string::npos);
    const auto restored_at_once = [&](int seconds) {
        bool alarm = true;
        for (int i = 0; i < seconds; ++i) {
            rig.tick(true);
            alarm = alarm && !rig.controller.failure().empty();
            if (rig.holds == 0) rig.holds = 60;
        }
        return alarm;
    };
    CHECK(restored_at_once(3600));
    CHECK(rig.writes == std::vector<int>(4, 0));
    CHECK(rig.controller.failure().find("a block by cold is still written every 15 min") != std::string::npos);

    rig.cold = false;
    CHECK(restored_at_once(3600));
    CHECK(rig.writes.size() == 4);

    rig.cold = true;
    rig.ticks(60, true);
    CHECK(rig.holds == 0);
    rig.ticks(901, true);  // no other controller restores it any more
    CHECK(rig.controller.failure().empty());
    CHECK(rig.writes.size() == 5);
    rig.ticks(200, false);
    CHECK(rig.writes.size() == 5);  // the release waits for the next day
}

TEST_CASE("sends at most 96 cold blocks beyond the daily limit") {
    Rig rig(60, {.ours = true, .found_a = 60, .writes = {.day = 20'261, .count = 48, .newest = {}}});
    rig.cold = true;
    rig.utc = Utc{20'261LL * 86'400'000};
    for (int i = 0; i < 86'000; ++i) {
        rig.tick(true);
        if (rig.holds == 0) rig.holds = 60;
    }
    CHECK(rig.writes.size() > 90);
    CHECK(rig.writes.size() <= 96);
    Rig again(60, rig.saved);  // a restart does not reset the count
    again.cold = true;
    again.utc = rig.utc;
    again.ticks(10, true);
    CHECK(again.writes.empty());
}

TEST_CASE("fails an unreachable GX and never sends an expired order") {
    Rig rig(60);
    rig.ticks(3, false);
    rig.reachable = false;
    rig.ticks(300, true);
    CHECK(rig.controller.failure().find("cannot be read: no connection") != std::string::npos);
    rig.ticks(5, false);
    rig.reachable = true;
    rig.ticks(200, false);
    CHECK(rig.writes.empty());
    CHECK(rig.controller.failure().empty());
}

TEST_CASE("writes nothing without permission and reports a remaining block") {
    Rig rig(0, {.ours = true, .found_a = 60, .writes = {.day = 0, .count = 0, .newest = {}}});
    rig.may_write = false;
    rig.ticks(300, true);
    rig.ticks(300, false);
    CHECK(rig.writes.empty());
    CHECK(rig.controller.failure().find("charge_limit is report") != std::string::npos);
}

TEST_CASE("restores a block at exit within the limits") {
    Rig rig(60);
    rig.ticks(100, true);
    CHECK(rig.controller.put_back(rig.scene));
    CHECK_FALSE(rig.controller.done(rig.now));
    rig.tick(true);
    CHECK(rig.writes == std::vector<int>{0, 60});
    CHECK(rig.controller.done(rig.now));

    Rig worn(60, {.ours = true, .found_a = 60, .writes = {.day = 20'000'000, .count = 48, .newest = {}}});
    worn.holds = 0;
    worn.ticks(10, true);
    CHECK_FALSE(worn.controller.put_back(worn.scene));  // the daily limit
    CHECK(worn.writes.empty());
}

TEST_CASE("restores once at exit and leaves no pending block") {
    for (int ticks = 1; ticks <= 12; ++ticks) {  // counted, stored, ordered, accepted, written, read back
        CAPTURE(ticks);
        Rig rig(60);
        rig.read_back_after = 5s;
        rig.ticks(ticks, true);
        const auto before = rig.writes.size();
        const bool waits = rig.controller.put_back(rig.scene);
        CHECK(rig.controller.put_back(rig.scene) == waits);  // a repeated call gives the same order
        CHECK(waits == (rig.exchange.order().number > 0));
        // The loop has ended; the device continues.
        for (int i = 0; i < 15; ++i) {
            rig.now += 1s;
            const ChargeOrder order = rig.exchange.order();
            if (order.number <= rig.taken || rig.now >= order.until) continue;
            rig.taken = order.number;
            if (order.limit_a != rig.holds) rig.writes.push_back(rig.holds = order.limit_a);
        }
        CHECK(rig.holds == 60);
        CHECK(rig.writes.size() == 2 * before);
    }
}

TEST_CASE("does not repeat a restore in progress at exit") {
    Rig rig(60);
    rig.ticks(100, true);
    rig.reachable = false;
    rig.ticks(3, false);
    const auto number = rig.exchange.order().number;
    const int writes = rig.controller.memory().writes.count;
    REQUIRE(rig.exchange.order().limit_a == 60);
    CHECK(rig.controller.put_back(rig.scene));
    CHECK(rig.exchange.order().number == number);
    CHECK(rig.controller.memory().writes.count == writes);
}

TEST_CASE("reports a block left without write permission at once") {
    Rig rig(60);
    rig.ticks(100, true);
    REQUIRE(rig.holds == 0);
    rig.may_write = false;
    rig.tick(false);
    CHECK(rig.controller.failure().find("still has voltd's block") != std::string::npos);
    CHECK(rig.exchange.watched());
    rig.holds = 60;  // set by the owner
    rig.tick(false);
    rig.tick(false);
    CHECK(rig.controller.failure().empty());
    CHECK_FALSE(rig.controller.memory().ours);
    CHECK_FALSE(rig.exchange.watched());
}

TEST_CASE("waits for a restored limit when write permission ends") {
    Rig rig(60);
    rig.ticks(100, true);
    REQUIRE(rig.controller.put_back(rig.scene));
    rig.may_write = false;
    rig.controller.update({rig.now + 1s, rig.utc + 1s, false, false, -1, true});
    CHECK(rig.controller.failure().empty());
    rig.ticks(2, false);
    CHECK(rig.holds == 60);
    CHECK_FALSE(rig.controller.memory().ours);
}

TEST_CASE("fails register 210 after two tries and pauses an hour") {
    Rig rig(185, {}, sol_ark_target());
    rig.ignores = true;
    rig.read_back_after = 5s;
    rig.refusal = "exception 3, value or count not allowed";
    rig.ticks(60, true);
    CHECK(rig.writes.size() == 1);
    CHECK(rig.controller.failure().empty());
    rig.ticks(12, true);
    CHECK(rig.writes == std::vector<int>{0, 0});
    CHECK(rig.controller.failure().find("register 210 of the Sol-Ark should be 0 A but reads 185 A: exception 3") !=
          std::string::npos);
    CHECK(rig.controller.failure().find("2 writes had no effect") != std::string::npos);
    rig.ticks(3500, true);
    CHECK(rig.writes.size() == 2);
    rig.ticks(200, true);
    CHECK(rig.writes.size() == 4);
    rig.ignores = false;
    rig.ticks(3700, true);
    CHECK(rig.holds == 0);
    CHECK(rig.controller.failure().empty());
    CHECK(rig.controller.memory().found_a == 185);
}

TEST_CASE("counts tries of register 210 separately for the release") {
    Rig rig(185, {}, sol_ark_target());
    rig.ignores = true;
    rig.read_back_after = 5s;
    rig.ticks(30, true);
    rig.ignores = false;
    rig.ticks(60, true);
    CHECK(rig.writes == std::vector<int>{0, 0});
    CHECK(rig.holds == 0);
    CHECK(rig.controller.failure().empty());
    rig.ignores = true;
    rig.ticks(300, false);
    CHECK(rig.writes == std::vector<int>{0, 0, 185, 185});
    CHECK(rig.controller.failure().find("should be 185 A but reads 0 A") != std::string::npos);
}

TEST_CASE("counts the minute from a delayed write") {
    Rig rig(60);
    rig.ignores = true;
    rig.ticks(2, true);
    REQUIRE(rig.exchange.order().number == 1);
    rig.now += 8s;  // the poller was busy
    rig.utc += 8s;
    rig.tick(true);
    REQUIRE(rig.writes.size() == 1);
    const Time wrote = *rig.wrote_at;
    while (rig.writes.size() == 1) rig.tick(true);
    CHECK(*rig.wrote_at - wrote >= 60s);
}

TEST_CASE("knows in advance whether a block can be tried") {
    Rig rig(60);
    rig.ticks(3, false);
    CHECK(rig.controller.unready(rig.scene).empty());
    Rig blocked(0);
    blocked.ticks(3, false);
    CHECK(blocked.controller.unready(blocked.scene).find("is already 0 A") != std::string::npos);
    Rig worn(60, {.ours = false, .found_a = {}, .writes = {.day = 20'260, .count = 39, .newest = {}}});
    worn.ticks(3, false);
    CHECK(worn.controller.unready(worn.scene).find("39 times today") != std::string::npos);
    rig.ticks(3, true);
    rig.ticks(2, false);
    CHECK_FALSE(rig.controller.unready(rig.scene).empty());
}
