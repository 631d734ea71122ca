#include "drivers/http/model_client.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/model_server.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using fakes::ModelReply;
using fakes::ModelServer;

namespace model_client_test {

namespace {

Result<std::string> ask(const std::string& url, std::chrono::milliseconds limit = std::chrono::seconds{30},
                        const std::string& key = {}) {
    return ask_model({url, key}, R"({"model":"m"})", std::chrono::steady_clock::now() + limit);
}

/// Returns the failure for a server that always sends this reply.
Failure failure_of(const ModelReply& reply, std::chrono::milliseconds limit = std::chrono::seconds{30}) {
    const ModelServer server([&](const auto&, int) { return reply; });
    const auto answer = ask(server.url(), limit);
    REQUIRE(!answer);
    return answer.failure();
}

}  // namespace

TEST_CASE("accepts allowed addresses and recognizes public ones") {
    for (const char* good : {"https://api.example.org/v1", "http://127.0.0.1:8080/v1", "http://localhost/v1",
                             "http://192.168.1.7:11434/v1", "http://[::1]:8080/v1", "http://[fd00::7]/v1"})
        CHECK_MESSAGE(model_url_refusal(good) == "", good);
    for (const char* bad :
         {"http://api.example.org/v1", "http://8.8.8.8/v1", "http://0.0.0.0/v1", "ftp://127.0.0.1/", "127.0.0.1:8080", "",
          "https://", "http://127.0.0.1@evil.example/v1", "http://localhost.evil.example/", "http://127.0.0.1.evil.example/"})
        CHECK_MESSAGE(model_url_refusal(bad) != "", bad);
    CHECK(is_public_model("https://api.example.org/v1"));
    CHECK(is_public_model("https://8.8.8.8/v1"));
    CHECK(is_public_model("https://nas.local/v1"));
    CHECK(!is_public_model("http://10.0.0.3:8080/v1"));
    CHECK(!is_public_model("https://localhost/v1"));
    CHECK(host_of_model("https://api.example.org:444/v1") == "api.example.org:444");
}

TEST_CASE("sends path and key without compression, and returns the answer unchanged") {
    const ModelServer server([](const auto&, int) { return ModelReply{.body = "{\"a\":1}"}; });
    const auto answer = ask(server.url() + "/", std::chrono::seconds{30}, "sk-1");
    REQUIRE(answer);
    CHECK(answer.value() == "{\"a\":1}");
    const std::string head = server.heads().at(0);
    CHECK(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
    CHECK(head.find("Authorization: Bearer sk-1\r\n") != std::string::npos);
    CHECK(head.find("Accept-Encoding: identity\r\n") != std::string::npos);
    CHECK(server.requests().at(0).at("model") == "m");
    CHECK(ask(server.url()));
    CHECK(server.heads().at(1).find("Authorization") == std::string::npos);
}

TEST_CASE("marks failures that another try may fix") {
    for (const int status : {408, 429, 500, 502, 503}) CHECK(failure_of({.status = status}).fault == Fault::retry);
    for (const int status : {301, 400, 401, 403, 404}) CHECK(failure_of({.status = status}).fault == Fault::refused);
    CHECK(failure_of({.status = 401}).text.find("model.key_file") != std::string::npos);
    CHECK(failure_of({.status = 404, .body = "no\x1b[31m model"}).text == "the model at 127.0.0.1 answered 404: no [31m model");
    CHECK(failure_of({.body = std::string(1000, 'x'), .cut = true}).fault == Fault::reconnect);
    const auto none = ask("http://127.0.0.1:" + std::to_string(volt::testing::free_port()) + "/v1");
    REQUIRE(!none);
    CHECK(none.failure().fault == Fault::reconnect);
    CHECK(none.failure().text.find("nothing is listening") != std::string::npos);
}

TEST_CASE("does not follow a redirect: only the configured host gets the key") {
    const ModelServer other([](const auto&, int) { return ModelReply{.body = "{}"}; });
    const Failure failure = failure_of({.status = 307, .headers = "Location: " + other.url() + "/chat/completions\r\n"});
    CHECK(failure.fault == Fault::refused);
    CHECK(other.heads().empty());
}

TEST_CASE("ends an answer that is too large or too slow") {
    const Failure large = failure_of({.body = std::string(5 << 20, ' ')});
    CHECK(large.fault == Fault::refused);
    CHECK(large.text.find("too large") != std::string::npos);
    // Without a deadline, a dripping body would last for hours, and so would a head.
    for (const std::string& headers : {std::string(), "X-Slow: " + std::string(4000, 'x') + "\r\n"}) {
        const Failure slow =
            failure_of({.body = std::string(100'000, ' '), .drip = true, .headers = headers}, std::chrono::milliseconds{300});
        CHECK(slow.fault == Fault::refused);
        CHECK(slow.text.find("did not answer in time") != std::string::npos);
    }
    CHECK(!ask("http://127.0.0.1:1/v1", std::chrono::milliseconds{0}));
}

TEST_CASE("refuses a head without an end long before the deadline") {
    for (const std::string& flood : {std::string("\r\nX-More: y"), "\r\nX-Long: " + std::string(20'000, 'x'), std::string("x")}) {
        const Failure failure = failure_of({.flood = flood});
        CHECK(failure.fault == Fault::refused);
        CHECK_MESSAGE(failure.text.find("too large") != std::string::npos, failure.text);
    }
    const ModelServer usual(
        [](const auto&, int) { return ModelReply{.body = "{}", .headers = "Set-Cookie: " + std::string(4096, 'x') + "\r\n"}; });
    CHECK(ask(usual.url()));
    CHECK(!ask("http://127.0.0.1:65536/v1"));
    CHECK(!ask("http://127.0.0.1:80x/v1"));
}

}  // namespace model_client_test
