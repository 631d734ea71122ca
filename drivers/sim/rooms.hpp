// Rooms: heat from machines and sun, losses through fans and walls; and the outside air.
#pragma once

#include <cstdint>

namespace volt::sim {

struct RoomConfig {
    double capacity_j_k = 300'000;  ///< air, racks and walls
    double leak_w_k = 60;           ///< walls, fans off
    double fan_w_k = 15;            ///< per fan level
};

class Room {
public:
    Room(const RoomConfig& config, double celsius) : config_(config), celsius_(celsius) {}
    /// Advances by `dt_s`: `heat_w` into the room, fan at `level`, `outside_c` outside.
    void step(double heat_w, int level, double outside_c, double dt_s);
    double celsius() const { return celsius_; }

private:
    RoomConfig config_;
    double celsius_;
};

/// Returns the shade temperature outside by season and local solar hour: about 13..30 °C in June, 3..14 °C in January.
double outside_celsius(std::int64_t utc_ms, double hour);

}  // namespace volt::sim
