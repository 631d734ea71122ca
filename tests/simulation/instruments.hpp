// Reports of the GX, the Sol-Ark, the room sensors and the weather service about the plant, including false values.
#pragma once

#include <array>
#include <cstdint>

#include "drivers/sim/plant.hpp"
#include "drivers/sim/random.hpp"
#include "rules/snapshot.hpp"

namespace volt::simulation {

/// State of the plant in whole steps, as a correct instrument shows it.
struct Shown {
    std::int64_t volts_cv = 0, battery_w = 0, battery_ca = 0, pv_w = 0, load_w = 0, soc_pct = 0;
    std::int64_t battery_dk = 0;
    std::array<std::int64_t, 2> rooms_dk{};
    bool sunny = false;
};

/// Reads the plant. `warmer_dk`: weather beyond the plant's own, added to every temperature. `hidden_w`: part of the plant's load
/// that no load meter sees.
Shown look(const sim::Plant& plant, std::int64_t warmer_dk, double hidden_w = 0);

/// End of each fault of one polled device.
struct SourceFaults {
    std::int64_t silent = 0, frozen = 0, zeros = 0, spikes = 0, shifted = 0, offset = 0, slow = 0, turned = 0;
    std::int64_t offset_cv = 0;
};

class Instruments {
public:
    explicit Instruments(std::uint64_t seed) : random_(seed) {}

    SourceFaults& source(int device) { return polled_[static_cast<std::size_t>(device)].faults; }
    void lose_sensor(int room, std::int64_t until) { sensor_lost_[static_cast<std::size_t>(room)] = until; }
    void lose_battery_sensor(std::int64_t until) { battery_sensor_lost_ = until; }
    void stick_battery_sensor(std::int64_t until) { battery_sensor_stuck_ = until; }
    void lose_weather(std::int64_t until) { weather_lost_ = until; }

    /// Fills the readings of one tick. `broker`: sensors and weather come through it; `mono`: time for stamps.
    void turn(std::int64_t now, Time mono, bool broker, const Shown& shown, SiteSnapshot& snapshot);
    /// Clears all readings: the daemon has received nothing yet.
    void forget(SiteSnapshot& snapshot);

private:
    struct Answer {
        std::int64_t volts_cv = 0, battery_w = 0, battery_ca = 0, pv_w = 0, load_w = 0, battery_dk = 0;
        bool voltage = true, battery_temperature = true;
        bool operator==(const Answer&) const = default;
    };
    struct Polled {
        SourceFaults faults;
        Answer last;
        std::int64_t next = 0;
        Time received{}, moved{};
        bool ever = false;
    };
    bool poll(std::size_t device, std::int64_t now, Time mono, const Shown& shown);
    Answer answer(std::size_t device, std::int64_t now, const Shown& shown);
    void show(std::size_t device, Time mono, SiteSnapshot& snapshot) const;
    void show_battery(Time mono, SiteSnapshot& snapshot) const;

    std::array<Polled, 2> polled_;
    std::array<std::int64_t, 2> sensor_lost_{};
    std::int64_t battery_sensor_lost_ = 0, battery_sensor_stuck_ = 0, weather_lost_ = 0, next_sensors_ = 0, next_weather_ = 0;
    sim::Random random_;
};

}  // namespace volt::simulation
