// Registers that a unit did not have when it was asked last, kept over a restart of voltd: older firmware has holes, and
// searching them costs many rejected requests. What stands here is a hint: it is checked again, and what decisions need is
// always asked for.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus {

/// Used by several polling threads and the one that stores it.
class KnownHoles {
public:
    struct Entry {
        bool apart = false;  ///< its blocks could not be read in one request
        std::vector<Stretch> holes{};
        bool operator==(const Entry&) const = default;
    };
    static constexpr std::size_t most_units = 32, most_holes = 16;  ///< of one unit; further ones are searched at each start

    /// `text`: what text() gave earlier; lines that cannot be read are left out.
    explicit KnownHoles(const std::string& text = {});

    /// Of a unit of one device (`victron.system@192.168.1.20:502/100`); empty where nothing is known.
    Entry entry(const std::string& unit) const;
    void keep(const std::string& unit, Entry entry);
    /// One line for each unit with holes.
    std::string text() const;
    /// How often something else was kept than before.
    std::uint64_t changes() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, Entry> entries_;
    std::uint64_t changes_ = 0;
};

}  // namespace volt::modbus
