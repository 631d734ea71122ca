// Tests of the summary of what init is about to write.
#include "daemon/ctl/init/summary.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/writing.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::ctl::Json;
using volt::testing::read_file;

namespace summary_test {

namespace {

const std::string folder = VOLT_SOURCE_DIR "/tests/daemon/ctl/init/";

std::vector<std::string> summary_of(const Json& answers) {
    return summary_lines(answers, draft_of(answers, {}, Targets{}, true).settings);
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& it : lines) text += it + "\n";
    return text;
}

}  // namespace

TEST_CASE("summarizes each site in about ten lines without ids") {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".yaml") continue;
        CAPTURE(entry.path().string());
        const auto lines = summary_of(read_answers(read_file(entry.path().string()), "a").answers);
        CHECK(lines.size() <= 12);
        CHECK(text_of(lines).find("0000-0000") == std::string::npos);
        for (const std::string& it : lines) CHECK(it.size() < 160);
    }
}

TEST_CASE("summarizes a site word for word") {
    CHECK(text_of(summary_of(read_answers(read_file(folder + "flooded24.yaml"), "a").answers)) ==
          "Site mill, at 34.50, -112.40, time zone America/Phoenix, temperatures in °F.\n"
          "Battery: flooded lead-acid, 24 V, 19.2 kWh; all loads take at most 2,000 W from it. Inverter: 4,000 W.\n"
          "No load starts below 23.60 V; all stop at 23.00 V; above 32.00 V charging must stop.\n"
          "By night voltd keeps what the house needs until the sun is back, and the last 50 %.\n"
          "GX at 192.168.7.20, broker mqtt://127.0.0.1:1883.\n"
          "Mill: heater of 800 W at 32.0 °F.\n"
          "Miner 1, 1,200 W: on sun and battery, starts from 25.00 V, stops below 23.80 V.\n"
          "Miner 2, 1,000 W: on excess sun alone, starts from 26.60 V, stops below 25.20 V.\n"
          "The page: on this machine only.\n");
}

TEST_CASE("counts many miners and says how an unsized bank keeps the night") {
    Json answers = read_answers(read_file(folder + "flooded24.yaml"), "a").answers;
    answers["bank"].erase("capacity_ah");
    for (int i = 3; i < 9; ++i)
        answers["miners"].push_back(
            {{"name", "Miner " + std::to_string(i)}, {"power_draw_w", "100"}, {"device_id", nullptr}, {"hvac_zone_id", nullptr}});
    const std::string text = text_of(summary_of(answers));
    CHECK(text.find(" And 5 more miners.") != std::string::npos);
    CHECK(text.find("By night loads stop below 24.80 V") != std::string::npos);
}

TEST_CASE("says each site in at most ten lines") {
    for (const int zones : {0, 3, 8})
        for (const int miners : {0, 2, 8}) {
            Json answers = read_answers(read_file(folder + "flooded24.yaml"), "a").answers;
            answers["zones"] = answers["miners"] = Json::array();
            for (int i = 0; i < zones; ++i) answers["zones"].push_back({{"zone_name", "Zone " + std::to_string(i)}});
            for (int i = 0; i < miners; ++i)
                answers["miners"].push_back({{"name", "Miner " + std::to_string(i)},
                                             {"power_draw_w", "100"},
                                             {"device_id", nullptr},
                                             {"hvac_zone_id", nullptr}});
            CAPTURE(zones);
            CAPTURE(miners);
            const std::vector<std::string> lines = summary_of(answers);
            CHECK(lines.size() <= 10);
            const std::string text = text_of(lines);
            CHECK((text.find("Zone 0") != std::string::npos) == (zones > 0));
            CHECK((text.find("Miner 0") != std::string::npos) == (miners > 0));
        }
}

}  // namespace summary_test
