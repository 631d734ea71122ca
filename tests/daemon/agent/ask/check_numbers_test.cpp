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
        {{"load", "x"}, {"hours", 7.5}, {"kwh", 4.2}, {"unit", "V"}, {"min", 49.96}},
        {{"columns", {"slug", "starts"}}, {"rows", {{"dump-load-s19-1", 38}}}, {"line_from", 12}, {"energy_wh", 12'340}},
    };
    return list;
}

Unknown of(const std::string& text) { return unknown_numbers(text, results()); }

}  // namespace

TEST_CASE("recognizes a tool's number when rounded, converted or unsigned") {
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

TEST_CASE("treats a unitless number as another kind, except from SQL") {
    const std::vector<Json> settings = {
        Json::parse(R"({"fields":[{"field":"bank_size","unit":"kWh"},{"field":"priority_level","unit":""}],"rows":[
            {"bank_size":15.4,"priority_level":50,"start_voltage":53,"temp_too_hot":47,"voltage_at_100_percent":56,"hashrate_ths":95}]})")};
    for (const char* text : {"15.4 kWh", "53 V", "47 °C", "56 V", "95 TH/s"})
        CHECK_MESSAGE(unknown_numbers(text, settings) == Unknown{}, text);
    for (const char* text : {"53 %", "50 kW", "47 V", "56 %", "95 A", "15.4 V"})
        CHECK_MESSAGE(unknown_numbers(text, settings) == Unknown{text}, text);
    const std::vector<Json> sql = {Json::parse(R"({"columns":["rowid","starts","lowest_voltage"],"rows":[[18,38,49.1]]})")};
    CHECK(unknown_numbers("38 %, 49.1 V", sql) == Unknown{});
    CHECK(unknown_numbers("18 %, 49.1 A", sql) == Unknown{"18 %", "49.1 A"});
    const std::vector<Json> decision = {Json::parse(R"({"inputs":{"voltage":{"used":53.33,"age_ms":400}}})")};
    CHECK(unknown_numbers("53.33 V, 0.4 s", decision) == Unknown{});
    CHECK(unknown_numbers("53.33 A", decision) == Unknown{"53.33 A"});
}

TEST_CASE("lists an unknown number once in its original form") {
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

TEST_CASE("finds a unit in any spelling") {
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

TEST_CASE("takes the unit from a key that is one") {
    CHECK(of("7.5 hours, 7.5 h, 4.2 kWh, 4 kilowatt-hours, 50 V") == Unknown{});
    CHECK(of("7.5 kW and 4.2 V") == Unknown{"7.5 kW", "4.2 V"});
}

TEST_CASE("ignores numbers without unit and parts of names or times") {
    for (const char* text :
         {"dump-load-s19-1", "at 14:05", "2025-06-21", "3 starts", "revision 7", "S21", "", "V", "1.", "-", "12x5 Vest"})
        CHECK_MESSAGE(of(text) == Unknown{}, text);
}

TEST_CASE("finds units in brackets, before numbers and in tables") {
    // Tests each first without a tool's number, then with it.
    const auto check = [](const std::string& text, const std::string& listed, const Json& result) {
        CHECK_MESSAGE(unknown_numbers(text, {{{"reading_v", 12.5}}}) == Unknown{listed}, text);
        CHECK_MESSAGE(unknown_numbers(text, {result}) == Unknown{}, text);
    };
    for (const auto& it : {std::pair{"91.7 Vdc", "91.7 Vdc"},
                           {"91.7 VDC", "91.7 VDC"},
                           {"91.7 V DC", "91.7 V"},
                           {"91.7Vac", "91.7Vac"},
                           {"91.7\u00adV", "91.7V"},
                           {"9\u00ad1.7 V", "91.7 V"},
                           {"91.7&thinsp;V", "91.7 V"},
                           {"91.7<b>V</b>", "91.7V"},
                           {"<b>91.7</b> V", "91.7 V"},
                           {R"(\(91.7\,\mathrm{V}\))", "91.7 V"},
                           {R"($91.7\text{ V}$)", "91.7 V"},
                           {"91.7~V", "91.7 V"},
                           {"~91.7 V", "91.7 V"},
                           {"\uff19\uff11.\uff17 V", "91.7 V"},
                           {"\u0669\u0661.\u0667 V", "91.7 V"},
                           {"\u06f9\u06f1.\u06f7 V", "91.7 V"},
                           {"9.17e1 V", "9.17e1 V"},
                           {"917E-1 V", "917E-1 V"},
                           {"91.7 (V)", "91.7 (V)"},
                           {"91.7 [V]", "91.7 [V]"},
                           {"Voltage (V): 91.7", "91.7 V"},
                           {"**Voltage (V):** 91.7.", "91.7 V"},
                           {"Voltage [V] = 91.7", "91.7 V"},
                           {"Voltage in V: 91.7", "91.7 V"},
                           {"V=91.7", "91.7 V"},
                           {"V = -91.7", "91.7 V"},
                           {"| Voltage (V) | 91.7 |", "91.7 V"},
                           {"| Voltage | 91.7 | V |", "91.7 V"},
                           {"| Voltage in V | 91.7 |\n|---|---|\n| Miner | S19 |", "91.7 V"},
                           {"| Time | Voltage (V) |\n|---|---|\n| 12:00 | 91.7 |\n|---|---|", "91.7 V"},
                           {"| Time | Voltage (V) |\n|---|---|\n| 12:00 | 91.7 |", "91.7 V"},
                           {"Time | V\n---|:-:\n12:00 | 91.7\n13:00 | 91.7", "91.7 V"},
                           {"| | Voltage (V), mean | x |\r\n|--|--|--|\r\n| 2025-06-21 | **91.7** | 4 |", "91.7 V"},
                           {"91.7\nV", "91.7 V"},
                           {"91.7\nvolts", "91.7 volts"}})
        check(it.first, it.second, {{"voltage_v", 91.7}});
    for (const auto& it :
         {std::pair{"1.9 kWp", "1.9 kWp"}, {"1900 Wp", "1900 Wp"}, {"1.9 kVAr", "1.9 kVAr"}, {"1900 VAr", "1900 VAr"}})
        check(it.first, it.second, {{"pv_w", 1900}});
    for (const auto& it :
         {std::pair{"0.3 ohms", "0.3 ohms"}, {"0.3 Ohm", "0.3 Ohm"}, {"0.3 \u03a9", "0.3 \u03a9"}, {"0.3 \u2126", "0.3 \u03a9"}})
        check(it.first, it.second, "300 mohm");
    check("91.7 TH/s", "91.7 TH/s", {{"unit", "TH/s"}, {"value", 91.7}});
    check("91700 GH/s", "91700 GH/s", {{"hashrate_ths", 91.7}});
    check("4200 rpm", "4200 rpm", {{"fan_rpm", 4200}});
    check("6 months", "6 months", {{"days", 180}});
    check("3 years", "3 years", "1095 d");
    check("Energy (kWh): 4.2", "4.2 kWh", {{"energy_wh", 4200}});
    check("runtime in hours: 7.5", "7.5 hour", {{"hours", 7.5}});
    check("Current (A): 12", "12 A", {{"current_a", 12}});
    check("12.1 (A)", "12.1 (A)", {{"current_a", 12.1}});
    CHECK(of("| Voltage (V) | 49.5 | 52.3 | 61 |") == Unknown{"49.5 V", "61 V"});
    CHECK(of("Voltage (V): 49.5-61") == Unknown{"49.5 V", "61 V"});
    CHECK(of("| V | SOC % |\n|---|---|\n| 52.3 | 99 |\n| 61 | 73.4 |") == Unknown{"99 %", "61 V"});
}

TEST_CASE("ignores nearby units of other numbers") {
    for (const char* text : {"S19\nVoltage is fine",
                             "phase 3 (A)",
                             "Main Room: 3 loads",
                             "Main Room (A): 3 loads",
                             "Phase A: 3, Zone A = 3",
                             "1. Watch it\n2. Volts",
                             "1.\nV is fine",
                             "Starts: 3\nHours on: none\nLoads: 4\nVolts: none",
                             "Starts: 3\nA miner",
                             "Load(s): 3",
                             "51.2 (min), 54.1 (max)",
                             "in year: 2025",
                             "Month: 6, Day: 3, Hour: 12, V: 3",
                             "Time in h: 14:05",
                             "Date (d): 2025-06-21",
                             "Firmware (V): 1.2.3",
                             "Version in V: 3rd",
                             "| Time (h) | Miner |\n|---|---|\n| 14:05 | S19 |",
                             "| Miner | Starts |\n|---|---|\n| 1 | 3 |\n\n| Voltage (V) |\n| x |\n\n4 starts",
                             "| Voltage (V) | Starts |\n|---|---|\n| 52.3 | 99 |",
                             "Voltage (V) 3 starts",
                             "| Miner 1 | 640 W | 3 |",
                             "| 3 | 52.3 V |",
                             "| Voltage (V) | Miner 1 |\n|---|---|\n| 52.3 | 99 |",
                             "| Above 52 V | Starts |\n|---|---|\n| 3 | 99 |",
                             "52.3 V = 3 x",
                             "cost: $5, see [3], [V] and (W)",
                             "2e3",
                             "3 < 4, a <b> 7"})
        CHECK_MESSAGE(of(text) == Unknown{}, std::string(text));
}

TEST_CASE("survives any bytes") {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += static_cast<char>((i * 7919) % 256);
    of(text);
    of(std::string(100'000, '9') + " V");
    of(std::string(50'000, ',') + "1 V");
    for (const char mark : {'*', '_', '`', ' ', '1', '|', ':', '(', '<', '\\', '\n', '~', '-'})
        of(std::string(50'000, mark) + "1 V");
    for (const char* part : {"1):", "|1)", "|-\n", "1\n(", "V=1", "<b", "\\a", "|V", "9e", "|x\n", "x|1 ", "1-"}) {
        std::string parts;
        while (parts.size() < 50'000) parts += part;
        of(parts);
    }
    CHECK(of("\xc2") == Unknown{});
}

}  // namespace check_numbers_test
