#include "daemon/api/routes/live_routes.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using nlohmann::json;

namespace {

/// Route with a controllable clock and no loop. The test posts pages.
struct Live {
    fixture::Site site;
    StatusBoard board;
    api::Router router;
    Time now{5'000'000};
    std::uint64_t turn = 0;
    std::int64_t change = 0;
    EventTail tail;

    Live() {
        router.add(api::live_routes(board, {[this] { return now; }, "3f9a1c07", [] { return std::int64_t{7}; }}));
    }

    void page() {
        StatusSnapshot page = fixture::page_of(site, tail);
        page.turn = ++turn;
        page.posted = now;
        page.newest_change = change;
        board.post(std::make_shared<const StatusSnapshot>(page));
    }
    std::pair<int, json> ask(std::map<std::string, std::string> query, api::Caller caller = {api::Role::view, false, "x", "s1"}) {
        const auto answer = router.answer(
            {.method = "GET", .path = "/api/live", .query = std::move(query), .caller = std::move(caller), .peer = "192.0.2.1"});
        return {answer.status, json::parse(answer.body)};
    }
};

}  // namespace

TEST_CASE("sends everything first, then only changes") {
    Live live;
    CHECK(live.ask({}).first == 503);
    live.page();
    live.now += 120ms;
    const json first = live.ask({}).second;
    CHECK(first["turn"] == 1);
    CHECK(first["at"] == "2025-06-21T19:00:00Z");
    CHECK(first["local"] == "2025-06-21T12:00:00");
    CHECK(first["page_ms"] == 120);
    CHECK(first["ui"] == "3f9a1c07");
    CHECK(first["change"] == 7);
    CHECK(first["role"] == "view");
    CHECK(first["full"] == true);
    CHECK(first["gone"] == json::array());
    CHECK(first["events"] == json::array());
    CHECK(first["next_ms"] == 2000);
    CHECK(first["objects"]["battery"]["voltage_v"] == 52.3);
    CHECK(first["objects"].contains("shown"));
    const std::string boot = first["boot"];
    CHECK(boot.size() == 16);

    Change change;
    change.what = "miner";
    live.tail.add(change);
    live.change = 41;
    live.site.alarms.push_back({AlarmCode::broker_auth, "", live.site.snapshot.now, "refused", "warning"});
    live.page();
    const json next = live.ask({{"after", "1"}, {"boot", boot}, {"view", "now"}}).second;
    CHECK(next["full"] == false);
    CHECK(next["turn"] == 2);
    CHECK(next["events"].size() == 1);
    CHECK(next["change"] == 41);
    std::vector<std::string> topics;
    for (const auto& [topic, object] : next["objects"].items()) topics.push_back(topic);
    CHECK(topics == std::vector<std::string>{"alarm/broker_auth", "alarms", "battery", "power"});
    live.site.alarms.clear();
    live.page();
    CHECK(live.ask({{"after", "2"}, {"boot", boot}}).second["gone"] == json{"alarm/broker_auth"});
}

TEST_CASE("sends everything for an unknown turn") {
    Live live;
    live.page();
    const std::string boot = live.ask({}).second["boot"];
    const std::string other = "0123456789abcdef";
    CHECK(live.ask({{"after", "1"}, {"boot", boot}}).second["full"] == false);
    for (const auto& query :
         std::vector<std::map<std::string, std::string>>{{{"after", "1"}, {"boot", other}},
                                                         {{"after", "1"}},
                                                         {{"boot", boot}},
                                                         {{"after", ""}, {"boot", boot}},
                                                         {{"after", "2"}, {"boot", boot}},
                                                         {{"after", "99999999999999999999999"}, {"boot", boot}}})
        CHECK(live.ask(query).second["full"] == true);
}

TEST_CASE("rejects invalid keys and values by name") {
    Live live;
    live.page();
    const struct {
        const char *key, *value;
    } rows[] = {{"after", "abc"}, {"after", "-1"}, {"after", "1x"}, {"view", "everything"}, {"topic", "battery"}};
    for (const auto& row : rows) {
        CAPTURE(row.value);
        const auto [status, body] = live.ask({{row.key, row.value}});
        CHECK(status == 400);
        CHECK(body["field"] == row.key);
        CHECK(body.contains("need"));
    }
}

TEST_CASE("reports a stuck loop instead of its page") {
    Live live;
    live.page();
    live.now += 6s;
    const auto [status, body] = live.ask({});
    CHECK(status == 503);
    CHECK(body["error"] == "the control loop is late");
}

TEST_CASE("requests longer gaps from more than eight readers") {
    Live live;
    live.page();
    const auto next_ms = [&](int session) {
        return live.ask({}, {api::Role::view, false, "x", "s" + std::to_string(session)}).second["next_ms"];
    };
    for (int i = 1; i <= 8; ++i) CHECK(next_ms(i) == 2000);
    CHECK(next_ms(1) == 2000);
    CHECK(next_ms(9) == 5000);
    CHECK(next_ms(1) == 5000);
    live.now += 13s;
    live.page();
    CHECK(next_ms(1) == 2000);
}
