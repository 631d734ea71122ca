// The battery: LiFePO4 cells in series, 16 by default. A resting voltage by charge, an internal resistance, a slow rebound.
#pragma once

#include <span>

namespace volt::sim {

/// Resting voltage by charge: the site's own curve, or the flat one of the cell.
enum class BankCurve { site, lifepo4 };

inline constexpr int usual_cells = 16;

struct BankConfig {
    BankCurve curve = BankCurve::site;
    double capacity_ah = 600;       ///< about 31 kWh at 51.2 V
    double resistance_ohm = 0.010;  ///< acts at once; for usual_cells, like the next one
    double slow_ohm = 0.003;        ///< builds up and decays with `slow_s`
    double slow_s = 900;
    int cells = usual_cells;  ///< in series
    /// Returns the scale of the voltages and resistances of usual_cells.
    double share() const { return static_cast<double>(cells) / usual_cells; }
};

/// Returns the resting voltage of usual_cells at a charge in percent. Beyond 0 and 100 it falls and rises steeply, as real cells
/// do.
double resting_volts(BankCurve curve, double soc_pct);

class Bank {
public:
    /// Makes a bank with `soc_pct` 0..100.
    Bank(const BankConfig& config, double soc_pct);
    /// Returns the terminal voltage for a power, positive = charging.
    double volts_at(double power_w) const;
    /// Returns the maximum charging power within `limit_v` and `limit_a`, never below 0.
    double most_charge_w(double limit_v, double limit_a) const;
    /// Advances by `dt_s` at a power, positive = charging.
    void step(double power_w, double dt_s);

    double volts() const { return volts_; }
    double amps() const { return amps_; }        ///< positive = charging
    double soc_pct() const { return soc_pct_; }  ///< may exceed 0 and 100 a little
    const BankConfig& config() const { return config_; }

private:
    double inner_volts() const { return resting_volts(config_.curve, soc_pct_) * config_.share() + slow_v_; }
    double ohm() const { return config_.resistance_ohm * config_.share(); }

    BankConfig config_;
    double soc_pct_;
    double slow_v_ = 0;
    double volts_;
    double amps_ = 0;
};

}  // namespace volt::sim
