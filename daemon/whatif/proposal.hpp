// Hypothetical settings in a database in memory, where they pass the checks of every edit.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "drivers/store/settings/edit.hpp"

namespace volt::whatif {

inline constexpr std::size_t most_proposed_rows = 64;

/// Fields of one row with their proposed values.
struct ProposedRow {
    SettingsTable table = SettingsTable::preferences;
    std::string key;  ///< id, slug or name; empty for preferences
    std::vector<Assignment> fields;
};
using Proposal = std::vector<ProposedRow>;

/// Reads `{"preferences":{…},"miners":{"ID":{…}},"zones":{"ID":{…}}}`.
Edit<Proposal> proposal_of(const nlohmann::ordered_json& changes);

/// Settings tables in memory.
class ScratchSettings {
public:
    static Edit<ScratchSettings> open();
    /// Returns `state` as the daemon reads it, with the fields of `proposal` set, or rejects it as an edit would. If `lenient`,
    /// skips rows that `state` does not have.
    Edit<Settings> with(const SettingsState& state, const Proposal& proposal, bool lenient);

private:
    explicit ScratchSettings(Connection db) : db_(std::move(db)) {}
    SqlStatus put(const SettingsState& state);
    Connection db_;
};

}  // namespace volt::whatif
