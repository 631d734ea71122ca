#include "drivers/store/settings/sum.hpp"

#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/write.hpp"

namespace volt {

namespace {

SqlStatus author(Connection& db, const std::string& who, const char* change) {
    return db.prepare(std::string("UPDATE settings_revision SET who = ?1, change = ") + change).bind(1, who).run();
}

/// Collects differences between the current rows and the history.
SqlStatus damage_of(Connection& db, std::vector<RowChange>& changes) {
    SettingsState present;
    SqlStatus done = read_state(db, present);
    SettingsState known = present;
    if (done.ok()) done = replay_history(db, known);
    if (done.ok()) changes = difference(present, known);
    return done;
}

/// Replaces the current rows with those of the history, and reports if their sum is `wanted`.
SqlStatus put_back(Connection& db, const std::string& wanted, bool& right) {
    std::vector<RowChange> changes;
    SqlStatus done = damage_of(db, changes);
    if (done.ok()) done = begin_edit(db, "repair");
    if (done.ok()) done = write_rows(db, std::move(changes));
    std::string sum;
    if (done.ok()) done = sum_of_settings(db, sum);
    right = done.ok() && sum == wanted;
    return right ? end_edit(db) : done;
}

/// Reads the rows of the history within a transaction that is rolled back.
bool read_mended(Connection& db, const Settings& previous, Settings& into) {
    Transaction transaction(db);
    bool mended = false;
    return transaction.status().ok() && mend_settings(db, mended).ok() && mended && read_settings_inside(db, previous, into).ok();
}

void give_sum(Connection& db) {
    Transaction transaction(db);
    if (transaction.status().ok() && write_sum(db).ok()) transaction.commit();
}

}  // namespace

SqlStatus begin_edit(Connection& db, const std::string& who) {
    return author(db, who, "(SELECT coalesce(max(id), 0) + 1 FROM settings_history)");
}

SqlStatus end_edit(Connection& db) {
    const SqlStatus done = author(db, "", "NULL");
    return done.ok() ? write_sum(db) : done;
}

SqlStatus mend_settings(Connection& db, bool& mended) {
    mended = false;
    SumState state = SumState::good;
    SqlStatus done = check_sum(db, state);
    if (!done.ok() || state != SumState::damaged) return done;
    const std::string wanted = db.text("SELECT sha256 FROM settings_sum").value_or("");
    if (done = db.execute("SAVEPOINT mend"); !done.ok()) return done;
    done = put_back(db, wanted, mended);
    if (!mended) db.execute("ROLLBACK TO mend");
    const SqlStatus released = db.execute("RELEASE mend");
    // A history that does not match must not block the caller's edit.
    return done.bad_row() || done.ok() ? released : done;
}

SqlStatus list_damage(Connection& db, std::vector<std::string>& complaints) {
    SumState state = SumState::good;
    SqlStatus done = check_sum(db, state);
    if (!done.ok() || state != SumState::damaged) return done;
    std::vector<RowChange> changes;
    done = damage_of(db, changes);
    const std::string code = "settings_damaged: ";
    for (const RowChange& it : changes) {
        const std::string row = code + sql_name(it.table) + " " + it.row().slug();
        if (!it.before) complaints.push_back(row + " is gone");
        if (!it.before || !it.after) continue;
        for (const SettingsField& field : fields_of(it.table))
            if (it.before->at(field.name) != it.after->at(field.name) && std::string_view(field.name) != "updated_at")
                complaints.push_back(row + ": " + field.name + " is " + it.before->text(field.name) + ", was " +
                                     it.after->text(field.name));
    }
    if (complaints.empty())
        complaints.push_back(code + "the rows differ from what was written, and the history does not show which column");
    return done;
}

Result<CheckedSettings> read_checked_settings(Connection& db, const Settings& previous) {
    CheckedSettings checked;
    SumState state = SumState::good;
    std::vector<std::string> damage;
    SqlStatus done = db.execute("BEGIN");
    if (done.ok()) done = check_sum(db, state);
    if (done.ok()) done = read_settings_inside(db, previous, checked.settings);
    if (done.ok()) done = list_damage(db, damage);
    if (db.in_transaction()) db.execute("COMMIT");
    if (!done.ok()) return done.failure("cannot read the settings");
    if (state == SumState::missing) give_sum(db);
    if (state != SumState::damaged) return checked;

    const std::int64_t revision = checked.settings.revision;
    checked.damage = "Settings have changed in the file without an edit (a worn card?): " + damage.front() +
                     (damage.size() > 1 ? " and " + std::to_string(damage.size() - 1) + " more" : "");
    Settings mended;
    if (read_mended(db, previous, mended)) {
        checked.settings = std::move(mended);
        checked.damage += ". The last good values stay in force";
    } else if (previous.revision == revision) {
        checked.settings = previous;
        checked.damage += ". The last good values stay in force until voltd ends";
    } else {
        checked.damage += ". The values in the file are in force because there is no good copy of them; check each one";
    }
    checked.settings.revision = revision;
    return checked;
}

}  // namespace volt
