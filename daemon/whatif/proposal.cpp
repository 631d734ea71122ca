#include "daemon/whatif/proposal.hpp"

#include <nlohmann/json.hpp>

#include "daemon/settings/settings_json.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/sum.hpp"
#include "drivers/store/settings/write.hpp"

namespace volt::whatif {

namespace {

constexpr const char *author = "what-if", *changes_need = "preferences, miners, zones";

EditFailure bad_changes(const std::string& field, const std::string& need) {
    return refused({{field, "", need, "", field + ": must be " + need}});
}

std::optional<SettingsTable> table_of(const std::string& key) {
    if (key == "preferences") return SettingsTable::preferences;
    if (key == "miners") return SettingsTable::miners;
    return key == "zones" ? std::optional(SettingsTable::zones) : std::nullopt;
}

}  // namespace

Edit<Proposal> proposal_of(const nlohmann::ordered_json& changes) {
    Proposal proposal;
    if (!changes.is_object()) return bad_changes("changes", "an object");
    for (const auto& [key, rows] : changes.items()) {
        const auto table = table_of(key);
        if (!table) return refused({{key, "", changes_need, "", key + ": no such group of settings"}});
        if (!rows.is_object()) return bad_changes(key, "an object");
        if (*table == SettingsTable::preferences) {
            proposal.push_back({*table, "", json::assignments(*table, rows)});
            continue;
        }
        for (const auto& [row, fields] : rows.items()) {
            if (!fields.is_object()) return bad_changes(key + "." + row, "an object");
            proposal.push_back({*table, row, json::assignments(*table, fields)});
        }
    }
    if (proposal.size() > most_proposed_rows)
        return bad_changes("changes", "at most " + std::to_string(most_proposed_rows) + " rows");
    return proposal;
}

Edit<ScratchSettings> ScratchSettings::open() {
    Result<Connection> db = Connection::open(":memory:", OpenMode::create);
    if (!db) return EditFailure{EditFault::unavailable, db.failure().text, {}, {}};
    if (const auto done = migrate(db.value(), built_in_migrations()); !done)
        return EditFailure{EditFault::unavailable, done.failure().text, {}, {}};
    return ScratchSettings(std::move(db.value()));
}

SqlStatus ScratchSettings::put(const SettingsState& state) {
    SettingsState present;
    SqlStatus done = read_state(db_, present);
    if (done.ok()) done = begin_edit(db_, author);
    // Delete all rows first: those of `state` may have other ids and the same unique values.
    if (done.ok()) done = write_rows(db_, difference(present, {}));
    if (done.ok()) done = write_rows(db_, difference({}, state));
    return done.ok() ? end_edit(db_) : done;
}

Edit<Settings> ScratchSettings::with(const SettingsState& state, const Proposal& proposal, bool lenient) {
    if (const SqlStatus done = put(state); !done.ok()) return edit_failure(done);
    EditRequest request{author, false};
    request.end_guard = true;
    for (const ProposedRow& row : proposal) {
        const Edit<Edited> edited = change_record(db_, row.table, row.key, row.fields, request);
        if (!edited && !(lenient && edited.failure().fault == EditFault::not_found)) return edited.failure();
    }
    Result<Settings> settings = read_settings(db_, Settings{});
    if (!settings) return EditFailure{EditFault::unavailable, settings.failure().text, {}, {}};
    return std::move(settings.value());
}

}  // namespace volt::whatif
