// The registers of a Sol-Ark 12K/15K: one unit; battery signs and word order are the reverse of a GX's.
#pragma once

#include "drivers/sim/registers.hpp"
#include "drivers/sim/view.hpp"

namespace volt::sim {

struct SolArkOptions {
    int unit = 1;                       ///< others: exception 11, as from its gateway
    int power_scale = 1;                ///< 10: registers 167-172 and 176-178 in units of 10 W
    int current_step_ca = 1;            ///< 10: register 191 in 0.1 A
    std::string serial = "2100000123";  ///< 10 characters
};

class SolArkRegisters : public Registers {
public:
    explicit SolArkRegisters(SolArkOptions options);
    /// Sets what the registers show from now on, unless frozen.
    void show(const SiteMeasurements& view);

    /// Function 3 only; addresses 0..326; an address without a meaning reads 0.
    ReadAnswer read(std::uint8_t unit, std::uint8_t function, std::uint16_t first, std::uint16_t count) override;
    /// Function 16 to 200..326, except grid protection (285..290); function 6 is never answered.
    std::uint8_t write(std::uint8_t unit, std::uint8_t function, std::uint16_t first,
                       std::span<const std::uint16_t> words) override;
    void freeze(bool frozen) override { frozen_ = frozen; }

    /// Register 210: the maximum charge current in A.
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
