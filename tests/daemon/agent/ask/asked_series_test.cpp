#include "daemon/agent/ask/asked_series.hpp"

#include <doctest/doctest.h>

#include "daemon/agent/ask/question_words.hpp"

using namespace volt::agent;

namespace asked_series_test {

namespace {

std::string series_of(const char* text, bool over_time) {
    const auto words = plain_words(text);
    std::string line;
    for (const std::string& name : asked_series(words, compared_words(words), over_time))
        line += (line.empty() ? "" : " ") + name;
    return line;
}

}  // namespace

TEST_CASE("finds two or more series in one question") {
    CHECK(series_of("compare solar and consumption", false) == "power.pv_w power.load_w");
    CHECK(series_of("sun versus house load", false) == "power.pv_w power.load_w");
    CHECK(series_of("pv vs load", false) == "power.pv_w power.load_w");
    CHECK(series_of("show the battery voltage and the sun", true) == "battery.voltage_v power.pv_w");
    CHECK(series_of("plot solar, grid and consumption together", false) == "power.pv_w power.grid_w power.load_w");
    CHECK(series_of("state of charge against battery temperature", false) == "battery.soc_pct battery.temperature_c");
}

TEST_CASE("finds one series") {
    CHECK(series_of("battery voltage", true) == "battery.voltage_v");
    CHECK(series_of("plot the volts", false) == "battery.voltage_v");
    CHECK(series_of("how low did the bank go", true) == "battery.voltage_min_v");
    CHECK(series_of("how cold did the battery get", true) == "battery.temperature_c");
    CHECK(series_of("how much solar do we consume", true) == "power.pv_w");
    CHECK(series_of("how much did we pull from the grid", true) == "power.grid_w");
    CHECK(series_of("how hard did we draw on the pack", true) == "battery.power_w");
}

TEST_CASE("finds no series for the present or mixed questions") {
    for (const char* text :
         {"compare the voltage", "compare solar and the moon", "how cold was the heat room", "did the voltage stop it", ""})
        CHECK_MESSAGE(series_of(text, true) == "", text);
    CHECK(series_of("how much sun", false) == "");
    CHECK(series_of("how much sun and consumption", false) == "");
    CHECK(series_of("how much sun and consumption", true) == "power.pv_w power.load_w");
}

}  // namespace asked_series_test
