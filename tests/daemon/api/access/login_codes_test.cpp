#include "daemon/api/access/login_codes.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using namespace volt;
using namespace volt::api;

namespace {

const CodeGrant phone{"user-1", Role::operate, 400, "Phone"};
constexpr Time start{1'000'000};

}  // namespace

TEST_CASE("accepts a code once within ten minutes, ignoring case") {
    LoginCodes codes;
    const std::string code = codes.make(phone, start).value();
    CHECK(code.size() == LoginCodes::length);
    CHECK(code.find_first_not_of("23456789ABCDEFGHJKMNPQRSTUVWXYZ") == std::string::npos);
    const auto entered = codes.redeem(code, "192.0.2.1", start + 9min);
    REQUIRE(entered.grant);
    CHECK(entered.grant->user_id == "user-1");
    CHECK(entered.grant->role == Role::operate);
    CHECK(entered.grant->days == 400);
    CHECK_FALSE(codes.redeem(code, "192.0.2.1", start + 9min).grant);

    std::string typed = codes.make(phone, start).value();
    for (char& c : typed) c = static_cast<char>(std::tolower(c));
    CHECK(codes.redeem(" " + typed.substr(0, 4) + "-" + typed.substr(4) + " ", "192.0.2.1", start).grant);

    const std::string old = codes.make(phone, start).value();
    CHECK_FALSE(codes.redeem(old, "192.0.2.1", start + LoginCodes::lifetime).grant);
}

TEST_CASE("makes distinct codes and keeps four open") {
    LoginCodes codes;
    std::vector<std::string> made;
    std::set<std::string> distinct;
    for (int i = 0; i < 5; ++i) distinct.insert(made.emplace_back(codes.make(phone, start).value()));
    CHECK(distinct.size() == 5);
    CHECK_FALSE(codes.redeem(made[0], "192.0.2.1", start).grant);
    for (int i = 1; i < 5; ++i) CHECK(codes.redeem(made[static_cast<std::size_t>(i)], "192.0.2.1", start).grant);
}

TEST_CASE("blocks a client after ten wrong codes in a minute") {
    LoginCodes codes;
    const std::string code = codes.make(phone, start).value();
    for (const std::string& wrong : {std::string(), std::string("AAAAAAAA"), code.substr(1), code + "A", std::string(60000, 'A')})
        CHECK_FALSE(codes.redeem(wrong, "192.0.2.1", start).grant);
    for (int i = 5; i < 9; ++i) CHECK_FALSE(codes.redeem("BBBBBBBB", "192.0.2.1", start + 30s).now_closed);
    CHECK(codes.redeem("BBBBBBBB", "192.0.2.1", start + 59s).now_closed);
    const auto closed = codes.redeem(code, "192.0.2.1", start + 60s);
    CHECK_FALSE(closed.grant);
    CHECK(closed.closed_for == 59s);
    CHECK(codes.redeem(code, "192.0.2.1", start + 118s).closed_for == 1s);
    CHECK(codes.redeem(code, "192.0.2.1", start + 119s).grant);

    LoginCodes patient;
    for (int i = 0; i < 50; ++i) CHECK_FALSE(patient.redeem("BBBBBBBB", "192.0.2.1", start + i * 7s).now_closed);
}

TEST_CASE("leaves other clients unaffected by wrong codes") {
    LoginCodes codes;
    const std::string code = codes.make(phone, start).value();
    for (std::size_t i = 0; i < LoginCodes::most_wrong; ++i) codes.redeem("BBBBBBBB", "192.0.2.66", start);
    CHECK(codes.redeem(code, "192.0.2.66", start).closed_for == LoginCodes::try_window);
    CHECK(codes.redeem(code, "192.0.2.1", start).grant);
}

TEST_CASE("blocks everyone after many clients' wrong codes") {
    LoginCodes codes;
    const std::string code = codes.make(phone, start).value();
    bool closed = false;
    for (std::size_t i = 0; i < LoginCodes::most_wrong_in_all; ++i) {
        CHECK_FALSE(closed);
        closed = codes.redeem("BBBBBBBB", "192.0.2." + std::to_string(i), start).now_closed;
    }
    CHECK(closed);
    CHECK(codes.redeem(code, "198.51.100.1", start + 59s).closed_for == 1s);
    CHECK(codes.redeem(code, "198.51.100.1", start + 60s).grant);
}
