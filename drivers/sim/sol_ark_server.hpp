// Registers of a Sol-Ark 12K/15K: one unit. Battery signs and word order are the reverse of a GX's.
#pragma once

#include "drivers/sim/registers.hpp"
#include "drivers/sim/view.hpp"

namespace volt::sim {

struct SolArkOptions {
    int unit = 1;                       ///< others get exception 11, as from its gateway
    int power_scale = 1;                ///< 10: registers 167-172 and 176-178 in units of 10 W
    int current_step_ca = 1;            ///< 10: register 191 in 0.1 A
    std::string serial = "2100000123";  ///< 10 characters
};

class SolArkRegisters : public Registers {
public:
    explicit SolArkRegisters(SolArkOptions options);
    /// Sets the values of the registers from now on, unless frozen.
    void show(const SiteMeasurements& view);

    /// Reads registers: only function 3, addresses 0..326; an unknown address reads 0.
    ReadAnswer read(std::uint8_t unit, std::uint8_t function, std::uint16_t first, std::uint16_t count) override;
    /// Writes registers: function 16 to 200..326, except grid protection (285..290). Function 6 is never answered.
    std::uint8_t write(std::uint8_t unit, std::uint8_t function, std::uint16_t first,
                       std::span<const std::uint16_t> words) override;
    void freeze(bool frozen) override { frozen_ = frozen; }

    /// Returns register 210: the maximum charge current in A.
    int charge_limit_a() const { return settings_.at(210); }

private:
    void fill_identity();
    void fill_energy();
    void fill_live();
    void fill_battery();
    void fill_bms();

    SolArkOptions options_;
    bool frozen_ = false;
    SiteMeasurements view_;
    Image settings_;  // 200..326
    Image live_;
};

}  // namespace volt::sim
