// Changed settings that are only thought of: put into a database in memory, so that they pass the checks of every edit.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "drivers/store/settings/edit.hpp"

namespace volt::whatif {

inline constexpr std::size_t most_proposed_rows = 64;

/// Fields of one row and the values they would have.
struct ProposedRow {
    SettingsTable table = SettingsTable::preferences;
    std::string key;  ///< id, slug or name; of preferences empty
    std::vector<Assignment> fields;
};
using Proposal = std::vector<ProposedRow>;

/// `{"preferences":{…},"miners":{"ID":{…}},"zones":{"ID":{…}}}`.
Edit<Proposal> proposal_of(const nlohmann::ordered_json& changes);

/// Settings tables in memory.
class ScratchSettings {
public:
    static Edit<ScratchSettings> open();
    /// `state` as the daemon reads it, with the fields of `proposal` set; refused as an edit would be. A row that `state` does not have
    /// is left out where `lenient`.
    Edit<Settings> with(const SettingsState& state, const Proposal& proposal, bool lenient);

private:
    explicit ScratchSettings(Connection db) : db_(std::move(db)) {}
    SqlStatus put(const SettingsState& state);
    Connection db_;
};

}  // namespace volt::whatif
