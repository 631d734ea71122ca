#include "drivers/sim/gx_server.hpp"

#include <algorithm>

namespace volt::sim {

namespace {

constexpr std::uint16_t spacer_word = 0xFFFF;

bool is_writable(int address) {
    return address == 806 || address == 807 || (address >= 2700 && address <= 2708) || address == 2710;
}

}  // namespace

// Order does not matter; an address in no row is a hole. Vebus 3..147 and battery 256..331 have no holes.
const std::vector<GxRegisters::Row>& GxRegisters::rows() {
    using enum Service;
    static const std::vector<Row> all = {{3, 147, vebus, false, 0, 999},          {256, 257, battery, false, 78, 999},
                                         {258, 326, battery, false, 0, 999},      {327, 329, battery, true, 0, 96},
                                         {327, 329, battery, false, 96, 999},     {330, 331, battery, false, 79, 999},
                                         {771, 793, solarcharger, false, 0, 999}, {800, 826, system, false, 0, 999},
                                         {827, 829, system, true, 53, 999},       {830, 833, system, false, 0, 999},
                                         {834, 835, system, false, 82, 999},      {836, 839, system, true, 53, 999},
                                         {840, 846, system, false, 0, 999},       {847, 849, system, true, 95, 999},
                                         {850, 851, system, false, 0, 999},       {852, 854, system, true, 95, 999},
                                         {855, 855, system, false, 0, 999},       {856, 859, system, true, 95, 999},
                                         {860, 860, system, false, 0, 999},       {861, 864, system, true, 95, 999},
                                         {865, 866, system, false, 0, 999},       {867, 867, system, true, 53, 999},
                                         {868, 871, system, false, 58, 999},      {872, 883, system, false, 59, 999},
                                         {884, 919, system, false, 85, 999},      {1282, 1291, battery, false, 0, 999},
                                         {1297, 1317, battery, false, 0, 999},    {1318, 1321, battery, false, 95, 999},
                                         {1319, 1319, battery, false, 0, 95},     {1322, 1327, battery, false, 95, 999},
                                         {2600, 2644, grid, false, 0, 999},       {2700, 2708, settings, false, 0, 999},
                                         {2709, 2709, hub4, false, 8, 999},       {2710, 2712, settings, false, 0, 999},
                                         {2713, 2715, settings, false, 72, 999},  {2716, 2717, hub4, false, 74, 999},
                                         {2718, 2718, settings, false, 75, 999},  {2720, 2723, settings, false, 97, 999},
                                         {2900, 2903, settings, false, 0, 999},   {3300, 3307, temperature, false, 0, 999},
                                         {3500, 3507, generator, false, 0, 999},  {3700, 3730, solarcharger, false, 0, 999}};
    return all;
}

GxRegisters::GxRegisters(GxOptions options) : options_(std::move(options)) {}

const GxRegisters::Row* GxRegisters::row_of(int address) const {
    const int version = options_.server_version;
    const auto found = std::find_if(rows().begin(), rows().end(), [address, version](const Row& row) {
        return address >= row.first && address <= row.last && version >= row.since && version < row.before;
    });
    return found == rows().end() ? nullptr : &*found;
}

bool GxRegisters::has(std::uint8_t unit, Service service) const {
    const int number = unit == 0 ? 100 : unit;
    if (!options_.units.contains(number)) return false;
    switch (service) {
        case Service::system:
        case Service::settings: return number == 100;
        case Service::battery: return number == 225;
        case Service::vebus: return number == 227;
        case Service::temperature: return number == 24;
        case Service::hub4:
        case Service::solarcharger:
        case Service::grid:
        case Service::generator: return false;
    }
    return false;
}

void GxRegisters::show(const SiteMeasurements& view) {
    const std::int64_t now = view.utc_s;
    if (!frozen_) view_ = view;
    view_.utc_s = now;
    images_.clear();
    fill_system();
    fill_battery();
    fill_vebus();
    fill_temperature();
}

void GxRegisters::fill_system() {
    Image& words = image(Service::system);
    words.put_text(800, options_.serial);
    words.put(806, relays_[0]);
    words.put(807, relays_[1]);
    words.put(826, 240);
    words.put_high_first(830, view_.utc_s >> 32);
    words.put_high_first(832, view_.utc_s);
    words.put(834, 0x0370);
    words.put(840, (view_.battery_cv + 5) / 10);
    words.put(841, (view_.battery_ca + (view_.battery_ca < 0 ? -5 : 5)) / 10);
    words.put(842, view_.battery_w);
    words.put(843, (view_.soc_permille + 5) / 10);
    words.put(844, view_.battery_w > 30 ? 1 : view_.battery_w < -30 ? 2 : 0);
    words.put(845, view_.consumed_dah);
    const std::int64_t left_dah = view_.capacity_dah - view_.consumed_dah;
    words.put(846, view_.battery_ca < -100 ? left_dah * 10 * 36 / -view_.battery_ca : 0);  // in hundreds of seconds
    if (options_.power) {
        words.put(817, view_.load_w / 2);
        words.put(818, view_.load_w - view_.load_w / 2);
        words.put_high_first(902, view_.load_w / 2);
        words.put_high_first(904, view_.load_w - view_.load_w / 2);
        words.put(820, view_.grid_w);
        words.put_high_first(908, view_.grid_w);
        words.put(850, view_.pv_w);
        words.put(851, view_.battery_cv > 0 ? view_.pv_w * 1000 / view_.battery_cv : 0);
    }
    Image& settings = image(Service::settings);
    settings.put(2705, charge_limit_a_);
    settings.put(2710, charge_voltage_dv_);
}

void GxRegisters::fill_battery() {
    Image& words = image(Service::battery);
    const bool cold = view_.battery_ddeg < 0;
    words.put_high_first(256, view_.battery_w);
    words.put(258, view_.battery_w);
    words.put(259, view_.battery_cv);
    words.put(261, (view_.battery_ca + (view_.battery_ca < 0 ? -5 : 5)) / 10);
    words.put(262, view_.battery_ddeg);
    words.put(265, view_.consumed_dah);
    words.put(266, view_.soc_permille);
    words.put(304, 985);
    words.put(305, view_.absorption_dv);
    words.put(306, 440);
    words.put(307, cold ? 0 : 2'000);
    words.put(308, 2'500);
    words.put(309, view_.capacity_dah);
    words.put(318, view_.battery_ddeg);
    words.put(319, view_.battery_ddeg + 8);
    words.put(325, cold && view_.battery_w > 30 ? 2 : 0);
    words.put_high_first(330, view_.consumed_dah / 10);
    words.put(1282, 9);
    words.put(1284, 1);
    words.put(1286, 1);
    words.put(1287, 1);
    words.put(1288, 1);
    words.put(1289, 16);
    words.put(1290, view_.battery_cv / 16);
    words.put(1291, (view_.battery_cv + 15) / 16);
    words.put(1297, cold ? 0 : 1);
    words.put(1298, 1);
    words.put(1303, 1);
    words.put(options_.server_version < 95 ? 1319 : 1322, 3);
}

void GxRegisters::fill_vebus() {
    Image& words = image(Service::vebus);
    words.put(15, view_.powered ? 1'200 : 0);
    words.put(16, view_.powered ? 1'200 : 0);
    words.put(21, view_.powered ? 6'000 : 0);
    words.put(26, view_.battery_cv);
    words.put(28, 2);
    words.put(29, 240);
    words.put(31, view_.powered ? 9 : 0);
    words.put(33, 3);
    words.put(61, view_.battery_ddeg);
}

void GxRegisters::fill_temperature() {
    Image& words = image(Service::temperature);
    words.put(3300, 0xA161);
    words.put(3301, 100);
    words.put(3303, 0);
    words.put(3304, view_.battery_ddeg * 10);
}

ReadAnswer GxRegisters::read(std::uint8_t unit, std::uint8_t, std::uint16_t first, std::uint16_t count) {
    ReadAnswer answer;
    for (int address = first; address < first + count; ++address) {
        const Row* row = row_of(address);
        if (!row) return {illegal_address, {}};
        if (!has(unit, row->service)) return {address == first ? no_path : illegal_address, {}};
        answer.words.push_back(row->spacer ? spacer_word : image(row->service).at(address));
    }
    return answer;
}

std::uint8_t GxRegisters::write(std::uint8_t unit, std::uint8_t, std::uint16_t first, std::span<const std::uint16_t> words) {
    const int last = first + static_cast<int>(words.size()) - 1;
    for (int address = first; address <= last; ++address) {
        const Row* row = row_of(address);
        if (!row) return illegal_address;
        if (!has(unit, row->service)) return address == first ? no_path : illegal_address;
        if (!row->spacer && !is_writable(address)) return illegal_address;
    }
    for (int address = first; address <= last; ++address) { set(address, words[static_cast<std::size_t>(address - first)]); }
    show(view_);
    return no_exception;
}

/// Silently drops a setting that is out of range, as the real settings store does.
void GxRegisters::set(int address, std::uint16_t word) {
    if (address == 806 || address == 807) relays_[address - 806] = word == 0 ? 0 : 1;
    const auto amps = static_cast<std::int16_t>(word);
    if (address == 2705 && amps >= -1 && amps <= 10'000) charge_limit_a_ = amps;
    if (address == 2710 && word <= 800) charge_voltage_dv_ = word;
}

}  // namespace volt::sim
