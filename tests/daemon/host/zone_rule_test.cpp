// Tests of a zone file's rule against the C library's reading of the same file.
#include "daemon/host/zone_rule.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <time.h>

#include "drivers/zone_name.hpp"

using namespace volt;

namespace zone_rule_test {

namespace {

struct OtherZone {
    explicit OtherZone(const std::string& name) {
        ::setenv("TZ", (":" + name).c_str(), 1);
        ::tzset();
    }
    OtherZone(const OtherZone&) = delete;
    ~OtherZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    static long offset(Utc utc) {
        const time_t at = std::chrono::duration_cast<std::chrono::seconds>(utc).count();
        tm local{};
        ::localtime_r(&at, &local);
        return local.tm_gmtoff;
    }
};

constexpr Utc year_2038 = std::chrono::seconds{2'145'916'800}, year_2044 = std::chrono::seconds{2'335'219'200};

}  // namespace

TEST_CASE("changes zones when the C library does, in both directions") {
    for (const char* name : {"America/Los_Angeles", "America/Denver", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe",
                             "America/Santiago", "America/Nuuk", "Asia/Jerusalem", "Africa/Cairo", "Asia/Tehran",
                             "Asia/Kathmandu", "America/Phoenix", "Pacific/Auckland", "Etc/UTC"}) {
        CAPTURE(name);
        const auto rule = rule_of_zone_file(std::string(zone_directory) + name);
        REQUIRE(rule);
        const OtherZone zone(name);
        int wrong = 0, lost = 0;
        for (Utc at = year_2038; at < year_2044; at += 30min) {
            const ZoneSpan span = rule->at(at);
            wrong += span.offset.count() != OtherZone::offset(at) || at < span.begin || at >= span.end;
            const Utc back = rule->utc(at + span.offset);
            lost += back != at && rule->at(back).offset + back != at + span.offset;
        }
        CHECK(wrong == 0);
        CHECK(lost == 0);
    }
}

TEST_CASE("reads zone rules by day of the year and rejects others") {
    const auto julian = ZoneRule::parse("AAA3BBB,J60/0,300/1:30");
    REQUIRE(julian);
    CHECK(julian->at(std::chrono::seconds{1709262000 - 1}).offset ==
          std::chrono::hours{-3});  // 2024-03-01 00:00, February has 29 days
    CHECK(julian->at(std::chrono::seconds{1709262000}).offset == std::chrono::hours{-2});
    for (const char* none : {"", "A5", "MST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M13.1.0", "EST5EDT,M3.2.0,M11.1.0x",
                             "<+05-5", "EST25", "EST5EDT,M3.2.0/168,M11.1.0"})
        CHECK_MESSAGE(!ZoneRule::parse(none), none);
    CHECK_FALSE(rule_of_zone_file("/dev/null"));
    CHECK_FALSE(rule_of_zone_file("/nonexistent"));
}

}  // namespace zone_rule_test
