// Tests of MCP over pipes: order does not matter, a canceled request gets no answer, the end of input ends it.
#include "daemon/agent/protocol/stdio.hpp"
#include "tests/fakes/process.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include <set>
#include <stdexcept>
#include <thread>

using namespace volt::agent;

namespace stdio_test {

namespace {

constexpr const char *subscription_id = "io.modelcontextprotocol/subscriptionId",
                     *two_wanted = R"({"resourceSubscriptions":["volt://b","volt://a"],"toolsListChanged":true})";

/// Server on two pipes. The tool `wait` holds a worker until it is released or canceled. The watched resource has the number
/// `alarms`; a negative one is not available.
struct Piped {
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    Catalog catalog;
    std::atomic<int> started = 0, cancelled = 0, looks = 0, alarms = 0;
    std::atomic<bool> go_on = false;
    std::atomic<bool> idle = false;
    std::string heard;
    std::thread server;

    Piped() {
        REQUIRE(::pipe(in) == 0);
        REQUIRE(::pipe(out) == 0);
        catalog.tools = Json::array({{{"name", "wait"}}});
        catalog.call = [this](const std::string&, const Json&, const CallTime& time) {
            ++started;
            while (!go_on && !time.is_over()) std::this_thread::sleep_for(std::chrono::milliseconds{2});
            if (time.cancelled->load()) ++cancelled;
            return ToolOutcome{Json::object(), ""};
        };
        catalog.watched = "volt://a";
        catalog.look_pause = std::chrono::milliseconds{2};
        catalog.look = [this](const CallTime&) {
            ++looks;
            if (alarms < 0) throw std::runtime_error("cannot reach voltd");
            return std::to_string(alarms.load());
        };
        server = std::thread([this] {
            idle = serve_stdio(in[0], out[1], catalog);
            ::close(out[1]);
        });
    }
    ~Piped() {
        go_on = true;
        end();
        ::close(in[0]);
        ::close(out[0]);
    }
    void end() {
        if (in[1] >= 0) ::close(in[1]);
        in[1] = -1;
        if (server.joinable()) server.join();
    }
    void say(const std::string& text) const {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t wrote = ::write(in[1], text.data() + done, text.size() - done);
            REQUIRE(wrote > 0);
            done += static_cast<std::size_t>(wrote);
        }
    }
    void call(int id) const {
        say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
            R"(,"method":"tools/call","params":{"name":"wait"}})"
            "\n");
    }
    void ping(int id) const {
        say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
            R"(,"method":"ping"})"
            "\n");
    }
    void listen(int id, const std::string& wanted = two_wanted) const {
        say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"subscriptions/listen","params":{"notifications":)" +
            wanted +
            R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})"
            "\n");
    }
    void cancel(int id) const {
        say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + std::to_string(id) + "}}\n");
    }
    /// Returns the next line, or null after half a minute of silence or at the end.
    Json hear() {
        for (;;) {
            if (const std::size_t end = heard.find('\n'); end != std::string::npos) {
                const Json line = Json::parse(heard.substr(0, end), nullptr, false);
                heard.erase(0, end + 1);
                return line;
            }
            pollfd watched{out[0], POLLIN, 0};
            char room[4096];
            if (::poll(&watched, 1, 30'000) <= 0) return nullptr;
            const ssize_t got = ::read(out[0], room, sizeof room);
            if (got <= 0) return nullptr;
            heard.append(room, static_cast<std::size_t>(got));
        }
    }
    /// Waits until a poll that began after now has ended.
    void await_look() const { await(looks, looks + 2); }
    void await(const std::atomic<int>& count, int least) const {
        CHECK(volt::testing::eventually([&] { return count >= least; }));
    }
};

}  // namespace

TEST_CASE("joins pieces and ignores blank lines and carriage returns") {
    Piped at;
    at.say("\n \r\n{\"jsonrpc\":\"2.0\",");
    at.say("\"id\":1,\"method\":\"ping\"}\r\n");
    CHECK(at.hear()["id"] == 1);
    at.say(R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
    ::close(at.in[1]);
    at.in[1] = -1;
    CHECK(at.hear()["id"] == 2);
    at.end();
    CHECK(at.idle);
    CHECK(at.hear().is_null());
}

TEST_CASE("answers others during a slow call") {
    Piped at;
    at.call(1);
    at.await(at.started, 1);
    at.ping(2);
    CHECK(at.hear()["id"] == 2);
    at.cancel(1);
    at.await(at.cancelled, 1);
    at.cancel(99);  // unknown or done: no effect
    at.ping(3);
    CHECK(at.hear()["id"] == 3);
    at.end();
    CHECK(at.hear().is_null());
}

TEST_CASE("never starts a waiting request that was canceled") {
    Piped at;
    for (int id = 1; id <= worker_count + 1; ++id) at.call(id);
    at.await(at.started, worker_count);
    at.cancel(worker_count + 1);
    at.say("nonsense\n");  // answered by the reader, so the line before it was processed
    CHECK(at.hear()["error"]["code"] == parse_error);
    at.go_on = true;
    std::set<int> answered;
    for (int i = 0; i < worker_count; ++i) answered.insert(at.hear()["id"].get<int>());
    CHECK(answered == std::set<int>{1, 2, 3, 4});
    CHECK(at.started == worker_count);
}

TEST_CASE("limits waiting requests and names the rejected one") {
    Piped at;
    for (int id = 1; id <= worker_count; ++id) at.call(id);
    at.await(at.started, worker_count);
    const int most = worker_count + static_cast<int>(most_waiting_requests);
    for (int id = worker_count + 1; id <= most + 1; ++id) at.ping(id);
    const Json refused = at.hear();
    CHECK(refused["id"] == most + 1);
    CHECK(refused["error"]["code"] == -32000);
    at.go_on = true;
    for (int i = 0; i < most; ++i) CHECK_FALSE(at.hear().is_null());
}

TEST_CASE("rejects only an oversized line") {
    Piped at;
    std::thread writer([&] {
        at.say(std::string(3 * most_message_bytes, 'x') + "\n");
        at.ping(5);
    });
    CHECK(at.hear()["error"]["message"] == "longer than 1048576 bytes");
    CHECK(at.hear()["id"] == 5);
    writer.join();
}

TEST_CASE("rejects a second subscription with the same id") {
    Piped at;
    at.listen(7);
    CHECK(at.hear()["method"] == "notifications/subscriptions/acknowledged");
    at.listen(7);
    CHECK(at.hear()["error"]["message"] == "a subscription with this id is already open");
}

TEST_CASE("notifies a client of each change until it cancels") {
    Piped at;
    at.listen(7);
    Json granted = at.hear();
    CHECK(granted["method"] == "notifications/subscriptions/acknowledged");
    CHECK(granted["params"]["notifications"] == Json{{"resourceSubscriptions", Json::array({"volt://a"})}});
    CHECK(granted["params"]["_meta"][subscription_id] == 7);
    at.await_look();
    at.alarms = 1;
    Json news = at.hear();
    CHECK(news["method"] == "notifications/resources/updated");
    CHECK(news["params"]["uri"] == "volt://a");
    CHECK(news["params"]["_meta"][subscription_id] == 7);
    CHECK_FALSE(news.contains("id"));
    at.alarms = -1;  // an unavailable resource is not a change
    at.await_look();
    at.alarms = 2;
    CHECK(at.hear()["method"] == "notifications/resources/updated");
    at.cancel(7);
    at.listen(9);
    CHECK(at.hear()["params"]["_meta"][subscription_id] == 9);
    at.await_look();
    at.alarms = 3;
    CHECK(at.hear()["params"]["_meta"][subscription_id] == 9);
    at.end();
    CHECK(at.idle);
    CHECK(at.hear().is_null());
}

TEST_CASE("limits subscriptions to watched resources") {
    Piped at;
    at.listen(1, "[]");
    CHECK(at.hear()["error"]["code"] == invalid_params);
    at.listen(2, R"({"resourceSubscriptions":"volt://a"})");
    CHECK(at.hear()["error"]["code"] == invalid_params);
    at.listen(3, R"({"toolsListChanged":true,"resourceSubscriptions":["volt://b"]})");
    CHECK(at.hear()["params"]["notifications"] == Json::object());
    constexpr int first = 10, beyond = first + static_cast<int>(most_subscriptions);
    for (int id = first; id < beyond; ++id) {
        at.listen(id);
        CHECK(at.hear()["params"]["_meta"][subscription_id] == id);
    }
    at.listen(beyond);
    Json refused = at.hear();
    CHECK(refused["id"] == beyond);
    CHECK(refused["error"]["code"] == -32000);
    at.cancel(first);
    at.listen(beyond + 1);
    CHECK(at.hear()["params"]["_meta"][subscription_id] == beyond + 1);
}

TEST_CASE("gives running calls a moment at the end") {
    static Piped* const at = new Piped;  // never deleted, because the worker left behind uses it
    at->call(1);
    at->await(at->started, 1);
    at->end();
    CHECK_FALSE(at->idle);
    at->go_on = true;
}

}  // namespace stdio_test
