// RegisterBoard: the registers that the last good poll of each source brought, for people who look.
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

/// What one poll of a unit answered.
struct PolledRegisters {
    int unit = 0;
    Answers answers;
    Time taken{};
    Time moved{};  ///< as SourceReading::moved
};

/// Safe from any thread; each call lasts as long as a copy.
class RegisterBoard {
public:
    /// From now on these sources; what is known of others goes.
    void require(const std::vector<std::string>& sources);
    /// Ignored for a source that is not required.
    void put(const std::string& source, const PolledRegisters& polled);
    /// Empty: the source has not answered yet, or is not required.
    std::optional<PolledRegisters> read(const std::string& source) const;
    std::vector<std::string> sources() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::optional<PolledRegisters>> slots_;
};

/// Whose registers a source's unit has: by its name, `victron.system`, `sol_ark_2`, …
const ProbeKind& kind_of_source(const std::string& source);
/// The rows of the kind that the answers hold, in the order of the map.
std::vector<ProbedRow> decoded_rows(const ProbeKind& kind, const Answers& answers);

}  // namespace volt::modbus
