// A relay's contact that switches shortly after its command, with an auto-off timer. The devices share it.
#pragma once

#include <optional>
#include <utility>

#include "drivers/sim/random.hpp"
#include "rules/time.hpp"

namespace volt::sim {

class Contact {
public:
    /// Switches at `act_at`. With a timer it switches back after that time; without one a running timer ends.
    void order(bool on, Duration timer, Time act_at) {
        wanted_ = on;
        wanted_timer_ = timer;
        act_at_ = act_at;
    }
    /// Starts on or off at once, as after a power cut.
    void boot(bool on) {
        *this = Contact{};
        reported_ = closed_ = on;
    }
    /// Returns true if it switched, by command or timer. A stuck contact reports the state that it should have.
    bool turn(Time now, bool stuck) {
        bool acted = false;
        if (wanted_ && now >= act_at_) {
            by_timer_ = false;
            timer_ = wanted_timer_;
            started_ = now;
            move(*std::exchange(wanted_, std::nullopt), stuck);
            acted = true;
        }
        if (timer_ > Duration{} && now >= started_ + timer_) {
            timer_ = Duration{};
            by_timer_ = true;
            move(!reported_, stuck);
            acted = true;
        }
        return acted;
    }

    bool on() const { return reported_; }    ///< reported state
    bool closed() const { return closed_; }  ///< the real state
    bool busy() const { return wanted_.has_value(); }
    bool by_timer() const { return by_timer_; }  ///< the timer made the last change
    Duration timer() const { return timer_; }    ///< 0 if none is running
    Time started() const { return started_; }

private:
    void move(bool on, bool stuck) {
        reported_ = on;
        if (!stuck) closed_ = on;
    }

    bool reported_ = false, closed_ = false, by_timer_ = false;
    std::optional<bool> wanted_;
    Duration wanted_timer_{}, timer_{};
    Time act_at_{}, started_{};
};

/// Returns 50 to 200 ms.
inline Duration switching_delay(Random& random) { return Duration(50 + static_cast<std::int64_t>(random.unit() * 150)); }

/// Counts the energy drawn, in Wh.
class Counter {
public:
    void turn(double watts, Time now) {
        if (since_ != Time{}) wh_ += watts * static_cast<double>((now - since_).count()) / 3'600'000.0;
        since_ = now;
    }
    double wh() const { return wh_; }

private:
    double wh_ = 0;
    Time since_{};
};

}  // namespace volt::sim
