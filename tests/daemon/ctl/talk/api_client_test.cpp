// Tests of the API client against servers that hang, refuse or are busy, and of its messages.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <poll.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "daemon/ctl/talk/api_client.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::ctl;
using namespace std::chrono_literals;

namespace api_client_test {

using volt::testing::Ended;
using volt::testing::shell;

namespace {

/// Listening socket whose connections get these answers in order, then silence.
class Counter {
public:
    explicit Counter(std::vector<std::string> answers = {}) : answers_(std::move(answers)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(fd_, 8) == 0);
        REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        if (!answers_.empty()) thread_ = std::thread([this] { serve(); });
    }
    ~Counter() {
        ::shutdown(fd_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        ::close(fd_);
    }
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::size_t served() const { return served_; }

private:
    void serve() {
        for (;;) {
            const int client = ::accept(fd_, nullptr, nullptr);
            if (client < 0) return;
            char room[4096];
            pollfd watched{client, POLLIN, 0};
            if (::poll(&watched, 1, 5000) > 0) (void)!::recv(client, room, sizeof room, 0);
            const std::string& body = answers_[std::min(served_.load(), answers_.size() - 1)];
            const std::string status = body.find("error") == std::string::npos ? "200 OK" : "503 Service Unavailable";
            const std::string text =
                "HTTP/1.1 " + status +
                "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body;
            ++served_;
            (void)!::send(client, text.data(), text.size(), MSG_NOSIGNAL);
            ::close(client);
        }
    }
    const std::vector<std::string> answers_;
    const int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int port_ = 0;
    std::atomic<std::size_t> served_ = 0;
    std::thread thread_;
};

ApiAddress at(const Counter& server) {
    ApiAddress address;
    address.url = server.url();
    return address;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* busy = R"({"error":"someone else is editing the settings; nothing was changed, try again"})";

}  // namespace

TEST_CASE("distinguishes a silent server from a missing one") {
    const Counter hung;
    const ApiReply silent = get(at(hung), "/api/status", {200ms});
    CHECK(silent.silent);
    CHECK_FALSE(silent.reached);
    CHECK(has(silent.error, "did not answer within 1 s at http://127.0.0.1:"));
    ApiAddress nowhere;
    nowhere.url = "http://127.0.0.1:1";
    const ApiReply refused = get(nowhere, "/api/status");
    CHECK_FALSE(refused.silent);
    CHECK(has(refused.error, "not reachable at http://127.0.0.1:1: nothing is listening there"));
}

TEST_CASE("retries a busy answer a few times") {
    const Counter soon({busy, busy, R"({"ok":true})"});
    CHECK(send(at(soon), {.method = "PUT", .path = "/api/preferences", .body = "{}"}).ok());
    CHECK(soon.served() == 3);
    const Counter never({busy});
    const ApiReply reply = get(at(never), "/api/status");
    CHECK(reply.status == 503);
    CHECK(has(reply.error, "try again"));
    CHECK(never.served() > 4);
    CHECK(never.served() <= 20);
    const Counter once({busy});
    CHECK(get(at(once), "/api/status", {1s, false}).status == 503);
    CHECK(once.served() == 1);
}

TEST_CASE("percent-encodes a name in a path") {
    CHECK(encoded("heat-room/fan") == "heat-room/fan");
    CHECK(encoded("a b?c=\xC3\xA4%") == "a%20b%3Fc%3D%C3%A4%25");
}

TEST_CASE("prints one line per problem with the expected value") {
    CHECK(reply_of(400, R"({"error":"x: no such field","field":"x","need":"a column of hvac_zones"})").error ==
          "x: no such field; `show` lists the fields");
    CHECK(reply_of(409, R"({"error":"this ends the guard","need":"?end_guard=1"})").error == "this ends the guard");
    CHECK(reply_of(400, R"({"error":"a","need":"b","problems":[{"error":"a","need":"b"},{"error":"c: must be d","need":"d e"}]})")
              .error == "a; need b\nc: must be d");
    CHECK(reply_of(404, R"({"error":"no miner x","known":["y","z"]})").known == std::vector<std::string>{"y", "z"});
    CHECK(reply_of(500, "oops").error == "voltd answered 500");
}

TEST_CASE("prints an error as JSON with --json") {
    for (const char* command :
         {"status", "mode", "explain", "override x on", "outputs list", "outputs test x", "alarms", "safe-mode end",
          "watch --for 0", "prefs show", "miners set x enabled=no", "history", "decisions"}) {
        CAPTURE(command);
        const Ended ended = shell("(" + std::string(VOLTCTL) + " " + command +
                                  " --json --url http://127.0.0.1:1 --token-file /nowhere 2>/dev/null)");
        CAPTURE(ended.out);
        CHECK(ended.code == 3);
        const auto object = nlohmann::json::parse(ended.out, nullptr, false);
        REQUIRE(object.is_object());
        CHECK(has(object["error"], "nothing is listening there"));
        CHECK(has(object["help"], "systemctl status voltd"));
    }
    for (const char* command : {"override x", "mode a b", "history --limit 3", "expalin", "decisions --limit 0",
                                "history --from noon", "status --config /nowhere.yaml", "prefs show --database /nowhere.db"}) {
        CAPTURE(command);
        const Ended ended = shell("(" + std::string(VOLTCTL) + " " + command + " --json 2>/dev/null)");
        CAPTURE(ended.out);
        CHECK((ended.code == 2 || ended.code == 1 || ended.code == 3));
        CHECK(nlohmann::json::parse(ended.out, nullptr, false).contains("error"));
    }
}

}  // namespace api_client_test
