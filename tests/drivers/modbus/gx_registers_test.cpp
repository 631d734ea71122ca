#include "drivers/modbus/gx_registers.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace volt;
using namespace volt::modbus;

namespace {

struct Vector {
    std::uint16_t address;
    std::vector<std::uint16_t> words;
    std::string text;  ///< decoded for people; "no data", "implausible", "not a value"
};

std::string shown(std::span<const Register> map, const Vector& vector) {
    const Register* row = find(map, vector.address);
    if (row == nullptr) return "no such row";
    if (row->type == WordType::text) return decode_text(*row, vector.words).value_or("?");
    const Decoded decoded = decode(*row, std::span<const std::uint16_t>(vector.words));
    switch (decoded.state) {
        case Decode::good: return to_text(row->unit, decoded.steps);
        case Decode::no_data: return "no data";
        case Decode::implausible: return "implausible";
        case Decode::not_read: return "not a value";
    }
    return "?";
}

void check(std::span<const Register> map, const std::vector<Vector>& vectors) {
    for (const Vector& vector : vectors) {
        CAPTURE(vector.address);
        CAPTURE(vector.words[0]);
        CHECK(shown(map, vector) == vector.text);
    }
}

}  // namespace

TEST_CASE("decodes the system service") {
    check(gx::system_map(), {
                                {840, {523}, "52.30 V"},
                                {840, {0}, "no data"},
                                {840, {0xFFFF}, "implausible"},
                                {841, {0xFFCE}, "-5.00 A"},
                                {841, {0x0123}, "29.10 A"},
                                {841, {0x7FFF}, "implausible"},
                                {842, {0xFF38}, "-200 W"},
                                {842, {0x0BB8}, "3000 W"},
                                {842, {0x7FFF}, "implausible"},
                                {842, {0x8000}, "implausible"},
                                {843, {85}, "85.00 %"},
                                {843, {0}, "no data"},
                                {843, {101}, "implausible"},
                                {844, {2}, "2"},
                                {844, {3}, "implausible"},
                                {845, {220}, "-22.0 Ah"},
                                {846, {100}, "10000 s"},
                                {817, {1234}, "1234 W"},
                                {817, {0xFFFB}, "implausible"},  // -5 W, wrapped
                                {820, {0xFE0C}, "-500 W"},
                                {826, {240}, "240"},
                                {847, {0xFFFF}, "not a value"},
                                {827, {0xFFFF}, "not a value"},
                                {850, {4321}, "4321 W"},
                                {850, {0}, "0 W"},
                                {860, {0xFFF6}, "-10 W"},
                                {868, {0xFFFF, 0xFF9C}, "-10.00 A"},
                                {870, {0xFFFF, 0xFC18}, "-1000 W"},
                                {902, {0x0001, 0x1170}, "70000 W"},
                                {908, {0xFFFE, 0xEE90}, "-70000 W"},
                                {830, {0x0000, 0x0000, 0x6553, 0xF100}, "1700000000 s"},
                                {834, {0x0360}, "v3.60"},
                                {835, {0x0000}, "0"},
                                {834, {0x0370}, "v3.70"},
                                {835, {0x0022}, "34"},
                                {800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136}, "a1b2c3e4f5a6"},
                            });
}

TEST_CASE("decodes the battery service") {
    check(gx::battery_map(), {
                                 {259, {5234}, "52.34 V"},
                                 {259, {0}, "no data"},
                                 {261, {0xFF9C}, "-10.00 A"},
                                 {262, {215}, "21.5 °C"},
                                 {262, {0xFFF6}, "-1.0 °C"},
                                 {262, {0}, "0.0 °C"},
                                 {262, {0x7FFF}, "implausible"},
                                 {265, {220}, "-22.0 Ah"},
                                 {266, {853}, "85.30 %"},
                                 {266, {0}, "no data"},
                                 {305, {565}, "56.50 V"},
                                 {305, {0}, "no data"},
                                 {307, {1000}, "100.00 A"},
                                 {307, {0}, "0.00 A"},
                                 {308, {2000}, "200.00 A"},
                                 {256, {0xFFFF, 0xF830}, "-2000 W"},
                                 {330, {0x0000, 0x0016}, "-22.0 Ah"},
                                 {1290, {333}, "3.33 V"},
                                 {1298, {1}, "1"},
                             });
}

TEST_CASE("decodes vebus, solar charger and temperature services") {
    check(gx::vebus_map(), {
                               {12, {0xFFE9}, "-230 W"},
                               {26, {5210}, "52.10 V"},
                               {26, {0}, "no data"},
                               {27, {0xFF06}, "-25.00 A"},
                               {61, {250}, "25.0 °C"},
                               {31, {244}, "244"},
                           });
    check(gx::solarcharger_map(), {
                                      {771, {5345}, "53.45 V"},
                                      {789, {12345}, "1235 W"},  // 1234.5 W; a step is 1 W
                                      {792, {0x0001, 0x1170}, "70000 W"},
                                  });
    check(gx::temperature_map(), {
                                     {3304, {2150}, "21.5 °C"},
                                     {3304, {0xFE0C}, "-5.0 °C"},
                                     {3305, {1}, "1"},
                                 });
}

TEST_CASE("decodes settings and hub4 services") {
    check(gx::settings_map(), {
                                  {2703, {0xFFFB}, "-500 W"},
                                  {2704, {0x0064}, "1000 W"},
                                  {2705, {0xFFFF}, "-1.00 A"},  // no limit
                                  {2705, {0}, "0.00 A"},        // blocked
                                  {2710, {560}, "56.00 V"},
                                  {2716, {0xFFFF, 0xFE0C}, "-500 W"},
                              });
}

TEST_CASE("maps are ascending and contain each named row") {
    for (const auto map : {gx::system_map(), gx::battery_map(), gx::vebus_map(), gx::solarcharger_map(), gx::temperature_map(),
                           gx::settings_map()}) {
        for (std::size_t i = 1; i < map.size(); ++i) {
            CAPTURE(map[i].address);
            CHECK(map[i - 1].address + span_of(map[i - 1]) <= map[i].address);
        }
    }
    CHECK(find(gx::system_map(), 840)->multiply == gx::battery_voltage.multiply);
    CHECK(find(gx::battery_map(), 331) == nullptr);
}
