// Tests of the names, origins and tokens that HTTP accepts.
#include "daemon/agent/http/gate.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace gate_test {

namespace {

const std::string token(64, 'a');

api::Admitted admit(const std::string& host, const std::string& origin = {}, const std::string& authorization = {}) {
    HttpConfig config;
    config.hosts = {"Volt.example.org"};
    config.origins = {"https://other.example.org"};
    api::RequestHead head{.method = "POST", .hosts = {host}, .authorization = authorization, .origin = origin};
    return admit_head(head, config, token);
}

int refusal(const std::string& host, const std::string& origin = {}) {
    const api::Admitted admitted = admit(host, origin);
    return admitted.refused ? admitted.refused->status : 0;
}

}  // namespace

TEST_CASE("accepts only loopback and configured names") {
    for (const char* host : {"localhost", "LOCALHOST:8481", "127.0.0.1:8481", "127.1.2.3", "[::1]:8481", "volt.example.org"})
        CHECK_MESSAGE(refusal(host) == 0, std::string(host));
    for (const char* host : {"evil.example.com", "192.168.1.5:8481", "localhost.evil.com", "", "volt.example.org.evil.com"})
        CHECK_MESSAGE(refusal(host) == 403, std::string(host));
    CHECK(admit_head({.method = "GET", .hosts = {"localhost", "localhost"}}, {}, token).refused->status == 400);
    CHECK(admit_head({.method = "GET"}, {}, token).refused->status == 400);
}

TEST_CASE("accepts no, its own or a configured Origin") {
    CHECK(refusal("localhost:8481", "http://localhost:8481") == 0);
    CHECK(refusal("volt.example.org", "https://volt.example.org") == 0);
    CHECK(refusal("localhost:8481", "https://other.example.org") == 0);
    for (const char* origin : {"http://evil.example.com", "http://localhost:9000", "null", "https://other.example.org.evil.com"})
        CHECK_MESSAGE(refusal("localhost:8481", origin) == 403, std::string(origin));
}

TEST_CASE("makes the token's bearer the owner") {
    CHECK(admit("localhost", "", "Bearer " + token).caller.role == api::Role::owner);
    CHECK(admit("localhost", "", "bearer " + token).caller.role == api::Role::owner);
    for (const std::string& wrong : {std::string(), token, "Bearer " + token.substr(1), std::string("Bearer "), "Basic " + token})
        CHECK(admit("localhost", "", wrong).caller.role == api::Role::none);
    CHECK(admit_head({.method = "GET", .hosts = {"localhost"}, .authorization = "Bearer "}, {}, "").caller.role ==
          api::Role::none);
}

}  // namespace gate_test
