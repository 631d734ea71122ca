#include "drivers/sim/sol_ark_server.hpp"

#include <chrono>

namespace volt::sim {

namespace {

constexpr int first_setting = 200, last_setting = 311, last_register = 326;

bool is_setting(int address) { return (address >= first_setting && address <= last_setting) || address == 326; }

std::int64_t above_minus_100(std::int64_t ddeg) { return ddeg + 1000; }

/// Puts year, month, day, hour, minute and second, two bytes per register.
void put_clock(Image& words, std::int64_t utc_s) {
    const std::int64_t day = utc_s / 86'400, second = utc_s % 86'400;
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    const int year = static_cast<int>(date.year()) - 2000;
    words.put(22, year * 256 + static_cast<int>(static_cast<unsigned>(date.month())));
    words.put(23, std::int64_t{static_cast<unsigned>(date.day())} * 256 + second / 3600);
    words.put(24, second / 60 % 60 * 256 + second % 60);
}

}  // namespace

SolArkRegisters::SolArkRegisters(SolArkOptions options) : options_(options) {
    settings_.put(200, 1);
    settings_.put(201, 5'760);
    settings_.put(202, 5'760);
    settings_.put(203, 5'500);
    settings_.put(204, 600);
    settings_.put(205, 4'400);
    settings_.put(210, 185);
    settings_.put(211, 250);
    settings_.put(217, 10);
    settings_.put(218, 30);
    settings_.put(219, 20);
    settings_.put(220, 4'200);
    settings_.put(221, 4'800);
    settings_.put(222, 4'500);
    settings_.put(244, 1);
    settings_.put(250, 0);
}

void SolArkRegisters::show(const SiteMeasurements& view) {
    if (!frozen_) view_ = view;
    live_ = {};
    fill_identity();
    fill_energy();
    fill_live();
    fill_battery();
    fill_bms();
}

void SolArkRegisters::fill_identity() {
    live_.put(0, 0x0003);
    live_.put(1, options_.unit);
    live_.put(2, 0x0104);
    live_.put_text(3, options_.serial);
    live_.put(8, 2);
    live_.put_low_first(16, 150'000);
    live_.put(18, 0x0302);
    put_clock(live_, view_.utc_s);
    live_.put(43, view_.powered ? 1 : 0);
    live_.put(53, 14'000);
    live_.put(59, view_.powered ? 2 : 0);
}

void SolArkRegisters::fill_energy() {
    live_.put(60, view_.load_dkwh);
    live_.put_low_first(63, view_.load_dkwh + 120'000);
    live_.put(70, view_.charged_dkwh);
    live_.put(71, view_.discharged_dkwh);
    live_.put_low_first(72, view_.charged_dkwh + 100'000);
    live_.put_low_first(74, view_.discharged_dkwh + 98'000);
    live_.put(84, view_.load_dkwh);
    live_.put_low_first(85, view_.load_dkwh + 110'000);
    live_.put(90, above_minus_100(352));
    live_.put(91, above_minus_100(view_.main_room_ddeg + 80));
    live_.put_low_first(96, view_.pv_dkwh + 131'072);
    live_.put(107, view_.capacity_dah / 10);
    live_.put(108, view_.pv_dkwh);
}

void SolArkRegisters::fill_live() {
    constexpr int string_dv = 3'605;
    const std::int64_t third = view_.pv_w / 3;
    const std::int64_t strings[3] = {third, third, view_.pv_w - 2 * third};
    for (int i = 0; i < 3; ++i) {
        live_.put(109 + 2 * i, view_.pv_w > 0 ? string_dv : 0);
        live_.put(110 + 2 * i, strings[i] * 100 / string_dv);
        live_.put(186 + i, strings[i]);
    }
    const int scale = options_.power_scale;
    const bool grid_there = view_.grid_w != 0;
    live_.put(79, grid_there ? 6'000 : 0);
    live_.put(150, grid_there ? 1'203 : 12);
    live_.put(151, grid_there ? 1'203 : 11);
    live_.put(152, grid_there ? 2'406 : 23);
    for (int address = 154; address <= 158; ++address) {
        live_.put(address, !view_.powered ? 0 : address == 156 ? 2'400 : 1'200);
    }
    live_.put(167, view_.grid_w / 2 / scale);
    live_.put(168, (view_.grid_w - view_.grid_w / 2) / scale);
    live_.put(169, view_.grid_w / scale);
    live_.put(164, view_.load_w * 100 / 240);
    live_.put(165, view_.load_w * 100 / 240);
    live_.put(173, view_.load_w / 2);
    live_.put(174, view_.load_w - view_.load_w / 2);
    live_.put(175, view_.load_w - view_.grid_w);
    live_.put(176, view_.load_w / 2 / scale);
    live_.put(177, (view_.load_w - view_.load_w / 2) / scale);
    live_.put(178, view_.load_w / scale);
    live_.put(192, view_.powered ? 5'998 : 0);
    live_.put(193, view_.powered ? 5'998 : 0);
    live_.put(194, grid_there ? 1 : 0);
}

void SolArkRegisters::fill_battery() {
    live_.put(182, above_minus_100(view_.battery_ddeg));
    live_.put(183, view_.battery_cv);
    live_.put(184, (view_.soc_permille + 5) / 10);
    live_.put(190, -view_.battery_w);
    live_.put(191, -view_.battery_ca / options_.current_step_ca);
}

void SolArkRegisters::fill_bms() {
    live_.put(312, view_.absorption_dv * 10);
    live_.put(313, 4'400);
    live_.put(314, 200);
    live_.put(315, 250);
    live_.put(316, (view_.soc_permille + 5) / 10);
    live_.put(317, view_.battery_cv);
    live_.put(318, view_.battery_ca / 100);
    live_.put(319, above_minus_100(view_.battery_ddeg));
    live_.put(320, 200);
    live_.put(321, 250);
    live_.put(325, 1);
}

ReadAnswer SolArkRegisters::read(std::uint8_t unit, std::uint8_t function, std::uint16_t first, std::uint16_t count) {
    if (unit != options_.unit) return {no_target, {}};
    if (function != 3) return {illegal_function, {}};
    if (first + count - 1 > last_register) return {illegal_address, {}};
    ReadAnswer answer;
    for (int address = first; address < first + count; ++address) {
        answer.words.push_back(is_setting(address) ? settings_.at(address) : live_.at(address));
    }
    return answer;
}

std::uint8_t SolArkRegisters::write(std::uint8_t unit, std::uint8_t function, std::uint16_t first,
                                    std::span<const std::uint16_t> words) {
    if (unit != options_.unit) return no_target;
    if (function == 6) return no_answer;
    const int last = first + static_cast<int>(words.size()) - 1;
    for (int address = first; address <= last; ++address) {
        if (!is_setting(address) || (address >= 285 && address <= 290)) return illegal_address;
    }
    for (int address = first; address <= last; ++address) {
        settings_.put(address, words[static_cast<std::size_t>(address - first)]);
    }
    return no_exception;
}

}  // namespace volt::sim
