#include "daemon/agent/tools/places.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace volt::agent;

namespace places_test {

TEST_CASE("hides coordinates in all spellings") {
    for (const char* text :
         {"37.3382, -121.8863", "37.3382°N", "52.520 N, 13.405 E", "52.520°N 13.405°W", "N52.5200 E13.4050", "52.5200/13.4050",
          "52°31'12\"N 13°24'18\"E", "52° 31' 12\" N, 13° 24' 18\" W", "52°31′12″N", "52.52 N, 13.41 W", "-33.8688 151.2093"})
        CHECK_MESSAGE(without_places("at " + std::string(text) + " in the hills") == "at [place] in the hills", text);
    CHECK(without_places("@52.5200,13.4050,15z") == "@[place],15z");
    CHECK(without_places("geo:52.52,13.40") == "geo:[place]");
    CHECK(without_places("lat 52.5200 lon 13.4050") == "lat [place] lon [place]");
    CHECK(without_places("latitude 37.3382 -> 52.5, longitude -121 -> 13") == "latitude [place], longitude [place]");
    volt::agent::Json row{{"list", {{{"message", "latitude 37.3"}}}}};
    hide_places(row);
    CHECK(row["list"][0]["message"] == "latitude [place]");
    CHECK(without_places("lat=52.5") == "lat=[place]");
    CHECK(without_places("{\"Longitude\": 13.4}") == "{\"Longitude\": [place]}");
}

TEST_CASE("keeps measured values") {
    for (const char* text : {"49.125 V, then 50.250 V", "52.30 V", "40.5 W", "1200.125 W and 40 W", "21.5 °C", "21.5°C",
                             "70.25 °F", "4.25 E", "", "-", "2025-06-21T12:00:00-07:00", "52.52, 13.41", "1.2.3", "S19 #1",
                             "primary-s21-revenue", "at 54.50 V, 16 cells", "12:30:05", "a long 5 minutes"})
        CHECK_MESSAGE(without_places(text) == text, text);
}

}  // namespace places_test
