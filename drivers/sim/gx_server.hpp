// Registers of a Victron GX: units, services, holes and quirks of the real server.
#pragma once

#include <map>
#include <set>
#include <string>

#include "drivers/sim/registers.hpp"
#include "drivers/sim/view.hpp"

namespace volt::sim {

struct GxOptions {
    int server_version = 101;                   ///< the N of dbus_modbustcp v1.0.N; below 95 the spacers after 847 are holes
    bool power = false;                         ///< the GX also measures PV and consumption; otherwise it answers 0 for them
    std::set<int> units = {100, 225, 227, 24};  ///< others answer exception 10
    std::string serial = "a1b2c3e4f5a6";        ///< 12 characters
};

class GxRegisters : public Registers {
public:
    explicit GxRegisters(GxOptions options);
    /// Sets the values of the registers from now on. While frozen, only the clock moves.
    void show(const SiteMeasurements& view);

    ReadAnswer read(std::uint8_t unit, std::uint8_t function, std::uint16_t first, std::uint16_t count) override;
    std::uint8_t write(std::uint8_t unit, std::uint8_t function, std::uint16_t first,
                       std::span<const std::uint16_t> words) override;
    void freeze(bool frozen) override { frozen_ = frozen; }

    /// Returns register 2705: A, -1 for no limit.
    int charge_limit_a() const { return charge_limit_a_; }

private:
    enum class Service { system, settings, hub4, battery, vebus, solarcharger, grid, generator, temperature };
    struct Row {
        int first, last;
        Service service;
        bool spacer;
        int since, before;  // server versions v1.0.N: since <= N < before
    };
    static const std::vector<Row>& rows();
    const Row* row_of(int address) const;
    bool has(std::uint8_t unit, Service service) const;
    void set(int address, std::uint16_t word);
    void fill_system();
    void fill_battery();
    void fill_vebus();
    void fill_temperature();
    Image& image(Service service) { return images_[service]; }

    GxOptions options_;
    bool frozen_ = false;
    SiteMeasurements view_;
    int charge_limit_a_ = -1;
    int charge_voltage_dv_ = 0;
    std::uint16_t relays_[2] = {0, 0};
    std::map<Service, Image> images_;
};

}  // namespace volt::sim
