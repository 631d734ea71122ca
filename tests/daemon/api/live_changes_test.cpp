#include "daemon/api/live_changes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;
using nlohmann::json;

namespace {

using Objects = std::vector<std::pair<std::string, std::string>>;

/// Site of hand-made objects. Each page() is one more turn, `after` later.
struct Pages {
    LiveChanges changes;
    Objects objects = {{"battery", R"({"at":"1","voltage_v":52.3})"},
                       {"power", R"({"at":"1","pv_w":10})"},
                       {"miner/a", R"({"at":"1","state":"off"})"},
                       {"source/x", R"({"at":"1","state":"ok","age_s":0.4,"failures":0,"rtt_ms":7})"}};
    std::vector<std::string> events;
    std::uint64_t turn = 0, made = 0;
    Time now{1'000'000};
    std::optional<Time> rendered{};  ///< empty if the same as the page

    void page(Duration after = 1s) {
        now += after;
        auto page = std::make_shared<StatusSnapshot>();
        page->turn = ++turn;
        page->posted = page->rendered = now;
        if (rendered) page->rendered = *rendered;
        page->objects = objects;
        page->events = events;
        page->events_made = made;
        changes.take(std::move(page));
    }
    void set(const std::string& topic, const std::string& json) {
        for (auto& [name, text] : objects)
            if (name == topic) text = json;
    }
    void remove(const std::string& topic) {
        std::erase_if(objects, [&](const auto& it) { return it.first == topic; });
    }
    void event(const std::string& text) {
        events.push_back(text);
        if (events.size() > most_events) events.erase(events.begin());
        ++made;
    }
    std::string moved(std::optional<std::uint64_t> after, bool now_only = false) const {
        const auto found = changes.since(after, now_only);
        std::string topics = found.full ? "full" : "";
        for (const auto& [topic, json] : found.objects) topics += ' ' + topic;
        for (const std::string& topic : found.gone) topics += " -" + topic;
        return topics;
    }
};

}  // namespace

TEST_CASE("excludes self-changing values from the comparison") {
    const struct {
        const char *json, *text;
        std::vector<std::int64_t> left;
    } rows[] = {
        {R"({"at":"x","a":1})", R"({"at","a":1})", {}},
        {R"({"age_s":0.4,"rtt_ms":7,"runtime_today_s":36})", R"({"age_s","rtt_ms","runtime_today_s"})", {}},
        {R"({"age_s":null})", R"({"age_s"})", {}},
        {R"({"lease_left_s":212,"b":[{"remaining_s":1.5}]})", R"({"lease_left_s":,"b":[{"remaining_s":}]})", {212'000, 1'500}},
        {R"({"remaining_s":null})", R"({"remaining_s":null})", {}},
        {R"({"text":"\"at\":1, \\","at":2})", R"({"text":"\"at\":1, \\","at"})", {}},
        {R"(["at","age_s"])", R"(["at","age_s"])", {}},
        {R"({"at)", R"({"at)", {}},
        {"", "", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.json);
        const StillText still = still_text(row.json);
        CHECK(still.text == row.text);
        CHECK(still.left_ms == row.left);
    }
}

TEST_CASE("sends changes since a turn, always battery and power") {
    Pages site;
    site.page();
    CHECK(site.moved({}) == "full battery power miner/a source/x");
    site.page();
    CHECK(site.moved(1) == " battery power");
    CHECK(site.moved(2) == " battery power");
    site.set("miner/a", R"({"at":"3","state":"on"})");
    site.page();
    CHECK(site.moved(2) == " battery power miner/a");
    CHECK(site.moved(1) == " battery power miner/a");
    CHECK(site.moved(3) == " battery power");
    CHECK(site.moved(4) == "full battery power miner/a source/x");  // of a future turn
    CHECK(site.moved(0) == "full battery power miner/a source/x");  // from before the first page
}

TEST_CASE("sends only a source's state for the view Now") {
    Pages site;
    site.page();
    site.set("source/x", R"({"at":"2","state":"ok","age_s":0.9,"failures":1,"rtt_ms":9})");
    site.page();
    CHECK(site.moved(1, true) == " battery power");
    CHECK(site.moved(1, false) == " battery power source/x");
    site.set("source/x", R"({"at":"3","state":"failing","age_s":1.9,"failures":2,"rtt_ms":null})");
    site.page();
    CHECK(site.moved(1, true) == " battery power source/x");
}

TEST_CASE("counts a remaining time from when its text was made") {
    Pages site;
    site.set("miner/a", R"({"at":"1","remaining_s":100})");
    site.rendered = site.now;
    site.page(3s);
    site.page(4s);
    CHECK(site.moved(1) == " battery power");  // same text
    site.rendered = *site.rendered + 8s;
    site.set("miner/a", R"({"at":"9","remaining_s":92})");
    site.page(1s);
    CHECK(site.moved(1) == " battery power");
    CHECK(site.moved(2) == " battery power");
}

TEST_CASE("notices a remaining time only if it jumps") {
    const struct {
        double left;  ///< 5 s after 100 s were left
        bool moved;
    } rows[] = {{95, false}, {96.9, false}, {93.1, false}, {97.1, true}, {92.9, true}, {300, true}};
    for (const auto& row : rows) {
        CAPTURE(row.left);
        Pages site;
        site.set("miner/a", R"({"remaining_s":100})");
        site.page();
        site.set("miner/a", json{{"remaining_s", row.left}}.dump());
        site.page(5s);
        CHECK(site.moved(1) == std::string(" battery power") + (row.moved ? " miner/a" : ""));
    }
    Pages slow;  // a stopped time is noticed, however often it is polled
    slow.set("miner/a", R"({"remaining_s":100})");
    for (int i = 0; i < 4; ++i) slow.page();
    CHECK(slow.moved(1) == " battery power miner/a");
    slow.set("miner/a", R"({"remaining_s":null})");
    slow.page();
    CHECK(slow.moved(4) == " battery power miner/a");
}

TEST_CASE("reports an ended object as gone until it returns") {
    Pages site;
    site.page();
    site.remove("miner/a");
    site.page();
    CHECK(site.moved(1) == " battery power -miner/a");
    CHECK(site.moved(2) == " battery power");
    site.objects.emplace_back("miner/a", R"({"at":"1","state":"off"})");
    site.page();
    CHECK(site.moved(2) == " battery power miner/a");
    CHECK(site.moved(1) == " battery power miner/a");
}

TEST_CASE("sends everything for old pages or many removals") {
    Pages site;
    for (std::size_t i = 0; i < LiveChanges::most_kept; ++i) site.page();
    CHECK(site.moved(1) == " battery power");
    site.page();
    CHECK(site.moved(1).starts_with("full"));
    CHECK(site.moved(2) == " battery power");
    Pages flood;
    for (std::size_t i = 0; i <= LiveChanges::most_gone; ++i) flood.objects.emplace_back("alarm/" + std::to_string(i), "{}");
    flood.page();
    flood.objects.resize(4);
    flood.page();
    CHECK(flood.moved(1).starts_with("full"));
    CHECK(flood.moved(2) == " battery power");
}

TEST_CASE("treats a turn between two pages as the earlier one") {
    Pages site;
    site.page();
    site.turn = 9;
    site.set("miner/a", "{}");
    site.page();  // 10
    CHECK(site.moved(5) == " battery power miner/a");
    CHECK(site.moved(10) == " battery power");
}

TEST_CASE("ignores an older page than the last") {
    Pages site;
    site.page();
    site.page();
    site.turn = 0;
    site.set("miner/a", "{}");
    site.page();
    CHECK(site.changes.page().turn == 2);
    CHECK(site.moved(1) == " battery power");
}

TEST_CASE("sends events since a turn, or everything after a loss") {
    Pages site;
    site.event("1");
    site.page();
    CHECK(site.changes.since({}, false).events == std::vector<std::string>{"1"});
    CHECK(site.changes.since(1, false).events.empty());
    site.event("2");
    site.event("3");
    site.page();
    CHECK(site.changes.since(1, false).events == std::vector<std::string>{"2", "3"});
    for (std::size_t i = 0; i <= most_events; ++i) site.event("more");
    site.page();
    CHECK(site.changes.since(2, false).full);
    CHECK(site.changes.since(2, false).events.size() == most_events);
    CHECK(!site.changes.since(3, false).full);
}

TEST_CASE("reports only real changes of a real site") {
    fixture::Site site;
    LiveChanges changes;
    const auto take = [&](std::uint64_t turn) {
        auto page = std::make_shared<StatusSnapshot>(fixture::page_of(site));
        page->turn = turn;
        page->posted = site.snapshot.now;
        changes.take(page);
    };
    take(1);
    site.advance(2s);
    for (VoltageSample& sample : site.snapshot.voltages) sample.taken += 2s;
    site.verdict(1).runtime_today += 2s;
    take(2);
    const auto found = changes.since(1, true);
    CHECK(!found.full);
    for (const auto& [topic, json] : found.objects) {
        const std::string name = topic;
        CAPTURE(name);
        CHECK((name == "battery" || name == "power"));
    }
}
