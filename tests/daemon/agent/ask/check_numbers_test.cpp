#include "daemon/agent/ask/check_numbers.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace check_numbers_test {

namespace {

using Unknown = std::vector<std::string>;

const std::vector<Json>& results() {
    static const std::vector<Json> list = {
        {{"battery", {{"voltage_v", 52.31}, {"soc_pct", 73.4}, {"temperature_c", 21.5}}},
         {"power", {{"pv_w", 1187}, {"battery_w", -640.2}}}},
        {{"text", "52.30 V is 2.20 V below its start voltage of 54.50 V"}, {"min_off_s", 5400}},
        {{"series", "battery.voltage_v"}, {"unit", "V"}, {"points", {{"2025-06-21T12:00:00Z", 51.07}}}},
        {{"load", "x"}, {"hours", 7.5}, {"kwh", 4.2}, {"min", 49.96}},
        {{"columns", {"slug", "starts"}}, {"rows", {{"dump-load-s19-1", 38}}}, {"line_from", 12}, {"energy_wh", 12'340}},
    };
    return list;
}

Unknown of(const std::string& text) { return unknown_numbers(text, results()); }

}  // namespace

TEST_CASE("a number of a tool is known: as it is, rounded, in another unit, without its sign") {
    for (const char* text : {"52.31 V",
                             "52.3 V",
                             "52 V",
                             "52.3V",
                             "about 52.3 volts",
                             "52310 mV",
                             "73 %",
                             "73.4%",
                             "73 percent",
                             "1187 W",
                             "1.19 kW",
                             "1.2 kW",
                             "1,187 W",
                             "1200 W",
                             "1190 W",
                             "discharging at 640 W",
                             "-640.2 W",
                             "0.64 kW",
                             "12.34 kWh",
                             "12 kWh",
                             "21.5 °C",
                             "21.5°C",
                             "70.7 °F",
                             "54.5 V",
                             "2.2 V",
                             "1.5 hours",
                             "90 min",
                             "a 90-minute rest",
                             "51.07 V",
                             "between 51.1 and 52.3 V",
                             "51.1 to 52.3 V",
                             "51.1\u201352.3 V",
                             "38 %",
                             "minus 640 W"})
        CHECK_MESSAGE(of(text) == Unknown{}, text);
}

TEST_CASE("a number that no tool gave is listed as it stands, once") {
    CHECK(of("It is at 57 V.") == Unknown{"57 V"});
    CHECK(of("57 V, and 57 V again; 52.3 V") == Unknown{"57 V"});
    CHECK(of("52.4 V") == Unknown{"52.4 V"});
    CHECK(of("52.30 V and 53 V") == Unknown{"53 V"});
    CHECK(of("1.3 kW") == Unknown{"1.3 kW"});
    CHECK(of("1300 W, 2,000 W") == Unknown{"1300 W", "2,000 W"});
    CHECK(of("73 kWh") == Unknown{"73 kWh"});
    CHECK(of("-21.5 °C") == Unknown{"21.5 °C"});
    CHECK(of("49 to 52.3 V") == Unknown{"49 V"});
    CHECK(of("12 V") == Unknown{"12 V"});
    CHECK(unknown_numbers("5 V", {}) == Unknown{"5 V"});
}

TEST_CASE("a unit is found however it is written") {
    for (const auto& it : {std::pair{"**61** V", "61 V"},
                           {"__61__ V", "61 V"},
                           {"`61` V", "61 V"},
                           {"61\u202fV", "61 V"},
                           {"61\u00a0V", "61 V"},
                           {"61&nbsp;V", "61 V"},
                           {"61\u2009V", "61 V"},
                           {"61 v", "61 v"},
                           {"61 Volts", "61 Volts"},
                           {"VOLTAGE:61 V", "61 V"},
                           {"61 V\u2014high", "61 V"},
                           {"900 Watts", "900 Watts"},
                           {"900 WATTS", "900 WATTS"},
                           {"40 Amps", "40 Amps"},
                           {"40 amperes", "40 amperes"},
                           {"12 Percent", "12 Percent"},
                           {"12 per cent", "12 per cent"},
                           {"6 hrs", "6 hrs"},
                           {"40 mins", "40 mins"},
                           {"6 Hours", "6 Hours"},
                           {"3 weeks", "3 weeks"},
                           {"99 Celsius", "99 Celsius"},
                           {"99 deg C", "99 deg C"},
                           {"99 deg. F", "99 deg. F"},
                           {"99 ° C", "99 ° C"},
                           {"99 degrees Celsius", "99 degrees Celsius"},
                           {"99\u2103", "99\u2103"},
                           {"99 Kilowatt\u2011hours", "99 Kilowatt-hours"},
                           {"99 kW\u00b7h", "99 kWh"},
                           {"99 amp hours", "99 amp hours"}})
        CHECK_MESSAGE(of(it.first) == Unknown{it.second}, std::string(it.first));
    for (const char* text : {"**52.3** V", "52.3\u202fVolts", "12.3 kilowatt-hours", "12,340 watt hours",
                             "70.7 degrees Fahrenheit", "21.5 deg C", "**73** Percent", "0.64 Kilowatts", "38*2 Vest", "14:05 A"})
        CHECK_MESSAGE(of(text) == Unknown{}, std::string(text));
}

TEST_CASE("a key that is a unit has no other") {
    CHECK(of("7.5 hours, 7.5 h, 4.2 kWh, 4 kilowatt-hours, 50 V") == Unknown{});
    CHECK(of("7.5 kW and 4.2 V") == Unknown{"7.5 kW", "4.2 V"});
}

TEST_CASE("what has no unit, and what is part of a name or time, is not looked at") {
    for (const char* text :
         {"dump-load-s19-1", "at 14:05", "2025-06-21", "3 starts", "revision 7", "S21", "", "V", "1.", "-", "12x5 Vest"})
        CHECK_MESSAGE(of(text) == Unknown{}, text);
}

TEST_CASE("any bytes are read without harm") {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += static_cast<char>((i * 7919) % 256);
    of(text);
    of(std::string(100'000, '9') + " V");
    of(std::string(50'000, ',') + "1 V");
    for (const char mark : {'*', '_', '`', ' ', '1'}) of(std::string(200'000, mark) + "1 V");
    CHECK(of("\xc2") == Unknown{});
}

}  // namespace check_numbers_test
