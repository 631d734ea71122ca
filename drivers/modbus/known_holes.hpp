// Registers that a unit lacked at the last poll, kept over a restart of voltd: older firmware has holes, and searching them costs
// many rejected requests. An entry is a hint: voltd checks it again, and always reads registers that decisions need.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus {

/// The known holes. Shared by several polling threads and the one that stores them.
class KnownHoles {
public:
    struct Entry {
        bool apart = false;  ///< its blocks could not be read in one request
        std::vector<Stretch> holes{};
        bool operator==(const Entry&) const = default;
    };
    static constexpr std::size_t most_units = 32, most_holes = 16;  ///< limit per unit; further ones are searched at each start

    /// Loads the holes from an earlier text(). Skips unreadable lines.
    explicit KnownHoles(const std::string& text = {});

    /// Returns the entry of a device's unit (`victron.system@192.168.1.20:502/100`), empty if unknown.
    Entry entry(const std::string& unit) const;
    void keep(const std::string& unit, Entry entry);
    /// Returns one line for each unit with holes.
    std::string text() const;
    /// Returns the number of changes.
    std::uint64_t changes() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, Entry> entries_;
    std::uint64_t changes_ = 0;
};

}  // namespace volt::modbus
