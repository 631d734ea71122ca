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

TEST_CASE("two or more series in one question") {
    CHECK(series_of("compare solar and consumption", false) == "power.pv_w power.load_w");
    CHECK(series_of("sun versus house load", false) == "power.pv_w power.load_w");
    CHECK(series_of("pv vs load", false) == "power.pv_w power.load_w");
    CHECK(series_of("show the battery voltage and the sun", true) == "battery.voltage_v power.pv_w");
    CHECK(series_of("plot solar, grid and consumption together", false) == "power.pv_w power.load_w power.grid_w");
    CHECK(series_of("state of charge against battery temperature", false) == "battery.soc_pct battery.temperature_c");
}

TEST_CASE("one series, what is now, or something else beside them: none") {
    for (const char* text : {"compare the voltage", "how much solar do we consume", "compare solar and the moon", ""})
        CHECK_MESSAGE(series_of(text, true) == "", text);
    CHECK(series_of("how much sun and consumption", false) == "");
    CHECK(series_of("how much sun and consumption", true) == "power.pv_w power.load_w");
}

}  // namespace asked_series_test
