#include "daemon/journal/status_snapshot.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using fixture::Site;

namespace {

const PartHealth& part(const StatusSnapshot& page, const std::string& name) {
    for (const PartHealth& one : page.parts)
        if (one.name == name) return one;
    std::abort();
}

}  // namespace

TEST_CASE("keeps only the last events, without alarms") {
    EventTail tail;
    Change change;
    change.what = "alarm";
    tail.add(change);
    CHECK(tail.events().empty());
    change.what = "miner";
    for (int i = 0; i < 30; ++i) {
        change.to = std::to_string(i);
        tail.add(change);
    }
    REQUIRE(tail.events().size() == most_events);
    CHECK(tail.events().back().find(R"("to":"29")") != std::string::npos);
}

TEST_CASE("keeps a page ready for an expected reader") {
    ReaderRhythm rhythm;
    rhythm.turn(Time{100'000});
    rhythm.turn(Time{101'000});
    CHECK_FALSE(rhythm.expects_one(Time{101'000}));  // no reader yet
    rhythm.read(Time{101'200});
    rhythm.read(Time{103'200});
    CHECK_FALSE(rhythm.expects_one(Time{103'500}));  // at 105.2, after the next turn
    CHECK(rhythm.expects_one(Time{104'000}));
    CHECK(rhythm.expects_one(Time{105'000}));
    CHECK_FALSE(rhythm.expects_one(Time{109'200}));  // the reader stopped
    rhythm.read(Time{103'300});
    CHECK(rhythm.expects_one(Time{103'500}));  // many readers
}

TEST_CASE("makes a ready page of a new turn after readers came") {
    for (const bool ready : {false, true}) {
        CAPTURE(ready);
        StatusBoard board;
        if (ready) board.keep_ready();
        StatusSnapshot page;
        page.turn = 1;
        board.completed(1);
        board.post(std::make_shared<const StatusSnapshot>(page));
        CHECK(board.page()->turn == 1);
        CHECK(board.page()->turn == 1);
        board.completed(2);
        CHECK(board.wanted() == ready);
        page.turn = 2;
        board.post(std::make_shared<const StatusSnapshot>(page));
        CHECK_FALSE(board.wanted());
    }
}

TEST_CASE("marks a part down only if all of it is") {
    Site site;
    CHECK(part(fixture::page_of(site), "modbus").state == "ok");
    site.sources.push_back({"sol_ark", SourceState::failing, {}, 3, "no answer within 1500 ms", {}});
    site.sources.push_back({"victron.vebus", SourceState::absent, {}, 1, "absent", {}});
    CHECK(part(fixture::page_of(site), "modbus").state == "degraded");
    CHECK(part(fixture::page_of(site), "modbus").text == "sol_ark failing: no answer within 1500 ms");
    site.sources[0].state = SourceState::stale;
    CHECK(part(fixture::page_of(site), "modbus").state == "down");
    CHECK(part(fixture::page_of(site), "mqtt").state == "ok");
    site.sources[1].state = SourceState::failing;
    CHECK(part(fixture::page_of(site), "mqtt").state == "down");
}

TEST_CASE("shows settings that risk an empty bank at night") {
    Site site;
    site.policy.preferences.reserve.reset();
    REQUIRE(fixture::page_of(site).warnings.size() == 1);
    CHECK(fixture::page_of(site).warnings[0].what.starts_with("no energy is reserved for the house overnight: "));
    site.policy.preferences.reserve = 4900_cV;
    CHECK(fixture::page_of(site).warnings.empty());
}

TEST_CASE("marks the store down while it cannot write") {
    Site site;
    const SiteView view = site.view();
    StoreHealth store;
    store.disk_full = true;
    store.text = "no space left";
    CHECK(part(status_of_turn(view, {}, {}, {}, store), "store").state == "degraded");
    store.failing = true;
    CHECK(part(status_of_turn(view, {}, {}, {}, store), "store").state == "down");
    CHECK(part(status_of_turn(view, {}, {}, {}, store), "store").text == "no space left");
}

TEST_CASE("keeps a page valid for five ticks, at least 5 s") {
    Site site;
    CHECK(fixture::page_of(site).good_for == Duration(5s));
    site.policy.control.tick = 5s;
    CHECK(fixture::page_of(site).good_for == Duration(25s));
}
