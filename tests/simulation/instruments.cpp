#include "tests/simulation/instruments.hpp"

#include <algorithm>

namespace volt::simulation {

namespace {

constexpr std::int64_t poll_s[] = {1, 5}, slow_poll_s = 20, sensors_s = 10, weather_s = 600;
constexpr Duration power_stale = 30s;
constexpr std::size_t gx = 0, sol_ark = 1;

std::int64_t rounded(double value) { return static_cast<std::int64_t>(value < 0 ? value - 0.5 : value + 0.5); }

}  // namespace

Shown look(const sim::Plant& plant, std::int64_t warmer_dk, double hidden_w) {
    Shown shown;
    shown.volts_cv = rounded(plant.bank().volts() * 100);
    shown.battery_w = rounded(plant.battery_w());
    shown.battery_ca = rounded(plant.bank().amps() * 100);
    shown.pv_w = rounded(plant.pv_w());
    shown.load_w = plant.load_w() > 0 ? rounded(plant.load_w() - hidden_w) : 0;
    shown.soc_pct = rounded(plant.bank().soc_pct());
    shown.battery_dk = rounded(plant.battery_c() * 10) + warmer_dk;
    shown.rooms_dk = {rounded(plant.heat_room_c() * 10) + warmer_dk, rounded(plant.main_room_c() * 10) + warmer_dk};
    shown.sunny = plant.sunny() && plant.daylight();
    return shown;
}

Instruments::Answer Instruments::answer(std::size_t device, std::int64_t now, const Shown& shown) {
    const SourceFaults& faults = polled_[device].faults;
    Answer a{shown.volts_cv, shown.battery_w, shown.battery_ca, shown.pv_w, shown.load_w, shown.battery_dk};
    a.battery_temperature = now >= battery_sensor_lost_;
    if (now < battery_sensor_stuck_ && polled_[device].ever) a.battery_dk = polled_[device].last.battery_dk;
    if (now < faults.zeros) {
        a = {};
        a.voltage = device != gx;  // a GX answers 0 for no data, and its driver knows that
    } else if (now < faults.shifted) {
        a.volts_cv = shown.soc_pct * 100;
        a.pv_w = shown.load_w;
        a.load_w = shown.battery_w < 0 ? 65536 + shown.battery_w : shown.battery_w;
    }
    if (now < faults.turned) a.battery_w = -a.battery_w;
    if (now < faults.offset) a.volts_cv += faults.offset_cv;
    if (now < faults.spikes && random_.next() % 20 == 0) a.volts_cv += static_cast<std::int64_t>(random_.next() % 4001) - 2000;
    return a;
}

bool Instruments::poll(std::size_t device, std::int64_t now, Time mono, const Shown& shown) {
    Polled& polled = polled_[device];
    if (now < polled.next) return false;
    polled.next = now + (now < polled.faults.slow ? slow_poll_s : poll_s[device]);
    if (now < polled.faults.silent) return false;
    const Answer fresh = now < polled.faults.frozen && polled.ever ? polled.last : answer(device, now, shown);
    if (!polled.ever || !(fresh == polled.last)) polled.moved = mono;
    polled.last = fresh;
    polled.received = mono;
    polled.ever = true;
    return true;
}

void Instruments::show(std::size_t device, Time mono, SiteSnapshot& snapshot) const {
    const Polled& polled = polled_[device];
    const Answer& a = polled.last;
    VoltageSample& voltage = snapshot.voltages[device];
    voltage.value = a.voltage ? std::optional<Volts>{Volts{a.volts_cv}} : std::nullopt;
    voltage.taken = mono;
    voltage.received = true;
    voltage.unit_moved = polled.moved;
    if (device == gx) {
        const bool has = a.battery_temperature;
        snapshot.battery_temperatures[0].sample = {has ? std::optional<Celsius>{Celsius{a.battery_dk}} : std::nullopt, mono,
                                                   true};
        return;
    }
    snapshot.pv = {Watts{a.pv_w}, mono, true};
    snapshot.load = {Watts{a.load_w}, mono, true};
    snapshot.grid = {Watts{0}, mono, true};
}

/// Reports from the first source in order that has a fresh value.
void Instruments::show_battery(Time mono, SiteSnapshot& snapshot) const {
    const bool first = polled_[gx].ever && mono - polled_[gx].received <= power_stale;
    const Polled& polled = first || !polled_[sol_ark].ever ? polled_[gx] : polled_[sol_ark];
    if (!polled.ever) return;
    snapshot.battery_power = {Watts{polled.last.battery_w}, polled.received, true};
    snapshot.battery_current = {Amps{polled.last.battery_ca}, polled.received, true};
}

void Instruments::turn(std::int64_t now, Time mono, bool broker, const Shown& shown, SiteSnapshot& snapshot) {
    for (std::size_t device = 0; device < polled_.size(); ++device)
        if (poll(device, now, mono, shown)) show(device, mono, snapshot);
    show_battery(mono, snapshot);
    if (now >= next_sensors_) {
        next_sensors_ = now + sensors_s;
        for (std::size_t room = 0; room < snapshot.temperatures.size() && broker; ++room)
            if (now >= sensor_lost_[room]) snapshot.temperatures[room] = {Celsius{shown.rooms_dk[room]}, mono, true};
        for (std::size_t pack = 1; pack < snapshot.battery_temperatures.size() && broker; ++pack)
            snapshot.battery_temperatures[pack].sample = {Celsius{shown.battery_dk + 4 * static_cast<std::int64_t>(pack)}, mono,
                                                          true};
    }
    if (now < next_weather_) return;
    next_weather_ = now + weather_s;
    if (broker && now >= weather_lost_) snapshot.sunny = {shown.sunny, mono, true};
}

void Instruments::forget(SiteSnapshot& snapshot) {
    for (Polled& polled : polled_) {
        polled.ever = false;
        polled.next = 0;
    }
    for (VoltageSample& sample : snapshot.voltages) sample = {};
    snapshot.battery_power = snapshot.pv = snapshot.load = snapshot.grid = {};
    snapshot.battery_current = snapshot.bms_discharge_limit = {};
    for (BatteryTemperature& t : snapshot.battery_temperatures) t.sample = {};
    for (Sample<Celsius>& sample : snapshot.temperatures) sample = {};
    snapshot.sunny = {};
    next_sensors_ = next_weather_ = 0;
}

}  // namespace volt::simulation
