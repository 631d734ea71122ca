// The site as pure physics: computes a step from one state to the next. No clock, no I/O; the same seed gives the same site.
#pragma once

#include <cstdint>

#include "drivers/sim/bank.hpp"
#include "drivers/sim/clouds.hpp"
#include "drivers/sim/house.hpp"
#include "drivers/sim/random.hpp"
#include "drivers/sim/rooms.hpp"
#include "drivers/sim/sun.hpp"

namespace volt::sim {

struct PlantConfig {
    std::uint64_t seed = 7;
    Sky sky = Sky::fair;
    BankConfig bank;
    double soc_pct = 55;
    double pv_peak_w = 14'000;
    double charge_limit_a = 185;
    double absorption_v = 57.6;  ///< for usual_cells
    double latitude = 37.34, longitude = -121.89;
    std::int64_t start_utc_ms = 1'750'510'800'000;  ///< 2025-06-21 06:00 in San José
};

/// Effect of the outputs during a step.
struct PlantInputs {
    double miners_w = 0;  ///< all in the heat room
    double heat_room_heater_w = 0;
    double main_room_heater_w = 0;
    int heat_room_fan = 0;  ///< levels
    int main_room_fan = 0;
    double other_w = 0;           ///< other loads on the inverter: a pump, a welder
    double charge_limit_a = 1e9;  ///< additional limit for the charger
};

/// Energies since the start, in Wh; `pv - load` equals `charged - discharged`.
struct Meters {
    double pv_wh = 0, load_wh = 0, charged_wh = 0, discharged_wh = 0;
};

class Plant {
public:
    explicit Plant(const PlantConfig& config);
    /// Advances by `dt_ms` (1..60,000) of the site's time.
    void step(const PlantInputs& inputs, std::int64_t dt_ms);
    /// Sets the kind of day from now on.
    void set_sky(Sky sky) { clouds_.set_sky(sky); }

    std::int64_t utc_ms() const { return utc_ms_; }
    const Bank& bank() const { return bank_; }
    double battery_w() const { return pv_w_ - load_w_; }  ///< positive = charging
    double pv_w() const { return pv_w_; }                 ///< used PV, without power that the charger holds back
    double pv_offered_w() const { return offered_w_; }    ///< power that the panels could supply
    double load_w() const { return load_w_; }
    double house_w() const { return house_.power_w(); }
    bool held_back() const { return pv_w_ < offered_w_; }
    /// Returns true if the inverter's output is on. It is off below 42.0 V until the bank reaches 48.0 V again.
    bool powered() const { return powered_; }
    bool sunny() const { return clouds_.sunny(); }
    bool daylight() const { return daylight_; }
    double heat_room_c() const { return heat_room_.celsius(); }
    double main_room_c() const { return main_room_.celsius(); }
    double battery_c() const { return battery_c_; }
    const Meters& meters() const { return meters_; }
    /// Returns a hash of the state (FNV-1a over its values).
    std::uint64_t fingerprint() const;

private:
    void look_up();
    void draw(const PlantInputs& inputs);
    void charge(const PlantInputs& inputs, double dt_s);
    void warm(const PlantInputs& inputs, double dt_s);

    PlantConfig config_;
    Random random_;
    Clouds clouds_;
    House house_;
    Bank bank_;
    Room heat_room_, main_room_;
    std::int64_t utc_ms_, next_look_ms_;
    SunVector sun_;  // from the last computation, like the two below
    double hour_ = 0, outside_c_ = 0;
    double offered_w_ = 0, pv_w_ = 0, load_w_ = 0, battery_c_ = 19;
    bool powered_ = true, daylight_ = false;
    Meters meters_;
};

}  // namespace volt::sim
