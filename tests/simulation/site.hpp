// Site of one stretch: plant, instruments, outputs, the daemon's computer, and events. The rules are outside: turn() returns
// their snapshot, carry_out() takes their orders.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "drivers/sim/plant.hpp"
#include "rules/decision.hpp"
#include "tests/simulation/device.hpp"
#include "tests/simulation/happening.hpp"
#include "tests/simulation/instruments.hpp"

namespace volt::simulation {

struct SiteConfig {
    std::uint64_t seed = 1;
    std::int64_t start_utc_ms = 0;
    sim::BankCurve bank = sim::BankCurve::site;
    Luck luck = Luck::some;
    bool losses = false, battery_turns = false, place_known = false, gateway = false,
         battery_sticks = false;  ///< as in StretchConfig
};

/// Real state, independent of the instruments' reports.
struct Truth {
    std::int64_t now_s = 0;  ///< since the start of the stretch
    Shown shown;
    bool lit = true;                                ///< inverter and outlets have power
    bool alive = true;                              ///< the daemon makes this tick
    bool began = false;                             ///< the daemon's first tick after a restart
    std::int64_t trouble_until_s = 0;               ///< end of the latest fault that has begun
    std::int64_t source_until_s[2] = {0, 0};        ///< the same for faults of each source
    std::int64_t output_until_s = 0;                ///< the same for outputs, broker and computer
    double offered_w = 0;                           ///< power that the sun could give
    std::vector<double> draws_w;                    ///< by output
    const std::vector<Happening>* begun = nullptr;  ///< events that began in this tick
};

class Site {
public:
    Site(const SiteConfig& config, const Policy& policy);

    /// Advances by `dt_s` and fills the snapshot. Returns false if the daemon makes no tick now.
    bool turn(std::int64_t dt_s);
    void carry_out(const Decision& decision);

    const SiteSnapshot& snapshot() const { return snapshot_; }
    const Truth& truth() const { return truth_; }
    const sim::Plant& plant() const { return plant_; }
    /// Returns the settings to use now: 0 for the owner's own, else the seed of a change.
    std::int64_t wished_settings() const { return now_s_ < settings_until_ ? settings_ : 0; }
    /// Returns true if the daemon ended since the last tick and now starts from its stored state.
    bool restarts() const { return truth_.began; }
    /// Return the daemon's times, for the stored state.
    Time mono() const { return Time{utc_ms_ - boot_ms_}; }
    Utc wall() const { return Utc{utc_ms_ - wall_behind_ms_}; }
    bool clock_trusted() const { return now_s_ >= synchronised_at_; }

private:
    void new_day();
    void begin(const Happening& one);
    void note_trouble(const Happening& one);
    void bend_source(const Happening& one);
    void bend_output(const Happening& one);
    void bend_machine(const Happening& one);
    void ask_people(const Happening& one);
    void go_dark_or_light();
    void end_daemon(std::int64_t until);
    void reboot(std::int64_t down, std::int64_t up, std::int64_t synchronised_after_s);
    void step_plant(std::int64_t dt_s);
    double losses_w() const;
    void step_devices();
    void fill_clock();
    void forget();
    bool broker() const { return truth_.lit && now_s_ >= broker_away_ && now_s_ >= machine_away_; }

    SiteConfig config_;
    sim::Plant plant_;
    sim::Random weather_;
    Instruments instruments_;
    std::vector<Device> devices_;
    std::array<std::size_t, 2> heaters_{}, fans_{};
    SiteSnapshot snapshot_;
    Truth truth_;
    sim::PlantInputs inputs_;
    std::deque<Happening> plan_;  // events of today and rest of earlier ones: at most 50 a day
    std::vector<Happening> begun_;
    std::vector<std::pair<std::int64_t, std::int64_t>> house_loads_;  // until, W: at most 8
    double hidden_w_ = 0;                                             ///< losses and loads on the battery's side
    std::int64_t now_s_ = 0, utc_ms_, boot_ms_, wall_behind_ms_ = 0;
    std::int64_t day_ = -1, warmer_dk_ = 0, sky_left_ = 0, warm_left_ = 0;
    std::int64_t broker_away_ = 0, machine_away_ = 0, daemon_away_ = 0, tick_gap_ = 0, cut_ = 0, dark_since_ = 0;
    std::int64_t synchronised_at_ = 0, safe_mode_ = 0, settings_until_ = 0, settings_ = 0;
    bool broker_was_up_ = false, daemon_ended_ = true;
    std::int64_t offset_ms_ = 0, offset_until_ms_ = 0;  // offset of local time
};

}  // namespace volt::simulation
