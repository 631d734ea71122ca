// RegisterBoard: the registers of the last good poll of each source, for display.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/probe_kinds.hpp"
#include "drivers/modbus/registers.hpp"
#include "rules/time.hpp"

namespace volt::modbus {

/// Answers of one poll of a unit.
struct PolledRegisters {
    int unit = 0;
    Answers answers;
    Time taken{};
    Time moved{};  ///< same as SourceReading::moved
};

/// The board. Safe from any thread; each call lasts as long as a copy.
class RegisterBoard {
public:
    /// Sets the sources. Removes the registers of all others.
    void require(const std::vector<std::string>& sources);
    /// Stores a poll. Ignores a source that is not required.
    void put(const std::string& source, const PolledRegisters& polled);
    /// Returns the last poll, or empty if the source has not answered yet or is not required.
    std::optional<PolledRegisters> read(const std::string& source) const;
    std::vector<std::string> sources() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::optional<PolledRegisters>> slots_;
};

/// Returns the kind of a source's unit by its name: `victron.system`, `sol_ark_2`, …
const ProbeKind& kind_of_source(const std::string& source);
/// Returns the rows of the kind that the answers contain, in the order of the map.
std::vector<ProbedRow> decoded_rows(const ProbeKind& kind, const Answers& answers);

}  // namespace volt::modbus
