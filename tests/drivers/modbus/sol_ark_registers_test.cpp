#include "drivers/modbus/sol_ark_registers.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace volt;
using namespace volt::modbus;

namespace sol_ark_registers_test {

namespace {

struct Vector {
    std::uint16_t address;
    std::vector<std::uint16_t> words;
    std::string text;
};

std::string shown(const Register& row, std::span<const std::uint16_t> words) {
    if (row.type == WordType::text) return decode_text(row, words).value_or("?");
    const Decoded decoded = decode(row, words);
    return decoded.good() ? to_text(row.unit, decoded.steps) : "invalid";
}

}  // namespace

TEST_CASE("decodes single values with reversed battery signs") {
    const std::vector<Vector> vectors{
        {183, {5629}, "56.29 V"},
        {183, {5461}, "54.61 V"},
        {183, {5230}, "52.30 V"},
        {183, {0}, "invalid"},
        {183, {0xFFFF}, "invalid"},
        {184, {87}, "87.00 %"},
        {182, {1200}, "20.0 °C"},
        {182, {1250}, "25.0 °C"},
        {182, {950}, "-5.0 °C"},
        {182, {1000}, "0.0 °C"},
        {182, {0}, "invalid"},
        {190, {0xF448}, "3000 W"},
        {190, {2100}, "-2100 W"},
        {190, {0xF7D4}, "2092 W"},
        {191, {0x0FA0}, "-40.00 A"},
        {191, {0xF060}, "40.00 A"},
        {191, {0xFFCE}, "0.50 A"},
        {191, {0xFE70}, "4.00 A"},
        {186, {3456}, "3456 W"},
        {109, {3605}, "360.50 V"},
        {110, {82}, "8.20 A"},
        {169, {1500}, "1500 W"},
        {169, {0xFB50}, "-1200 W"},
        {175, {0xFF9C}, "-100 W"},
        {178, {2345}, "2345 W"},
        {166, {0xFC18}, "-1000 W"},
        {150, {1203}, "120.30 V"},
        {152, {2406}, "240.60 V"},
        {79, {6000}, "60.00 Hz"},
        {192, {5998}, "59.98 Hz"},
        {160, {0xFE0C}, "-5.00 A"},
        {59, {2}, "2"},
        {72, {0x86A0, 0x0001}, "10000000 Wh"},
        {78, {4943, 6000, 0}, "494300 Wh"},
        {78, {1, 6000, 1}, "6553700 Wh"},
        {96, {0x0000, 0x0002}, "13107200 Wh"},
        {60, {0xFFF6}, "-1000 Wh"},
        {16, {0x49F0, 0x0002}, "15000 W"},
        {0, {0x0003}, "3"},
        {2, {0x0104}, "1.4"},
        {3, {0x3231, 0x3030, 0x3030, 0x3031, 0x3233}, "2100000123"},
        {250, {830}, "08:30"},
        {250, {5}, "00:05"},
        {202, {5640}, "56.40 V"},
        {314, {100}, "100.00 A"},
        {319, {1215}, "21.5 °C"},
    };
    for (const Vector& vector : vectors) {
        CAPTURE(vector.address);
        CAPTURE(vector.words[0]);
        const Register* row = find(sol_ark::map(), vector.address);
        REQUIRE(row != nullptr);
        CHECK(shown(*row, vector.words) == vector.text);
    }
}

TEST_CASE("applies scales of device variants") {
    const std::vector<std::uint16_t> grid{150}, current{0xFE70};
    CHECK(shown(times(sol_ark::grid_power, 10), grid) == "1500 W");
    CHECK(shown(times(sol_ark::battery_current, 10), current) == "40.00 A");
}

TEST_CASE("decodes fault words") {
    using Words = std::vector<std::uint16_t>;
    using Numbers = std::vector<int>;
    CHECK(sol_ark::faults(Words{0x1000, 0, 0, 0}) == Numbers{13});
    CHECK(sol_ark::faults(Words{0, 0, 0x2000, 0}) == Numbers{46});
    CHECK(sol_ark::faults(Words{0, 0, 0, 0x8000}) == Numbers{64});
    CHECK(sol_ark::faults(Words{1, 1, 0, 0}) == Numbers{1, 17});
    CHECK(sol_ark::faults(Words{0, 0, 0, 0}).empty());
}

TEST_CASE("recognizes device types with another map") {
    for (const unsigned type : {5U, 6U, 7U, 0x0500U, 0x0600U, 0x0602U}) {
        CAPTURE(type);
        CHECK(sol_ark::is_other_map(static_cast<std::uint16_t>(type)));
    }
    for (const unsigned type : {0U, 3U, 0x0300U, 0x0103U, 0x0200U, 0xFFFFU}) {
        CAPTURE(type);
        CHECK_FALSE(sol_ark::is_other_map(static_cast<std::uint16_t>(type)));
    }
}

TEST_CASE("the map is ascending") {
    const auto map = sol_ark::map();
    for (std::size_t i = 1; i < map.size(); ++i) CHECK(map[i - 1].address < map[i].address);
}

}  // namespace sol_ark_registers_test
