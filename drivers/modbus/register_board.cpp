#include "drivers/modbus/register_board.hpp"

#include <algorithm>

namespace volt::modbus {

void RegisterBoard::require(const std::vector<std::string>& sources) {
    const std::lock_guard lock(mutex_);
    std::erase_if(slots_, [&](const auto& slot) { return std::ranges::find(sources, slot.first) == sources.end(); });
    for (const std::string& source : sources) slots_.try_emplace(source);
}

void RegisterBoard::put(const std::string& source, const PolledRegisters& polled) {
    const std::lock_guard lock(mutex_);
    const auto found = slots_.find(source);
    if (found != slots_.end()) found->second = polled;  // overwrites the previous words without allocating
}

std::optional<PolledRegisters> RegisterBoard::read(const std::string& source) const {
    const std::lock_guard lock(mutex_);
    const auto found = slots_.find(source);
    return found == slots_.end() ? std::nullopt : found->second;
}

std::vector<std::string> RegisterBoard::sources() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& slot : slots_) names.push_back(slot.first);
    return names;
}

const ProbeKind& kind_of_source(const std::string& source) {
    if (source.starts_with("sol_ark")) return sol_ark_kind();
    const std::string name = source.substr(source.find('.') + 1);
    for (const ProbeKind& kind : gx_kinds())
        if (name == kind.name && name != "solarcharger") return kind;
    return gx_kinds().back();  // victron.<id>: a temperature service
}

std::vector<ProbedRow> decoded_rows(const ProbeKind& kind, const Answers& answers) {
    std::vector<ProbedRow> rows;
    for (const Register& row : kind.map)
        if (!words_of(row, answers).empty()) rows.push_back(row_as_answered(kind, row, answers));
    return rows;
}

}  // namespace volt::modbus
