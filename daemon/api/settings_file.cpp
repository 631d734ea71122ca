#include "daemon/api/settings_file.hpp"

#include "drivers/store/settings/open.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::api {

namespace {

constexpr std::chrono::seconds wait_limit{5};
constexpr int newest_busy_ms = 500;

EditFailure busy() {
    return {EditFault::unavailable, "someone else is editing the settings; nothing was changed, try again", {}, {}};
}

}  // namespace

std::optional<EditFailure> SettingsFile::open(Opened& opened, bool to_write) const {
    const std::string identity = file_identity(path_);
    if (opened.db && identity == opened.identity) return std::nullopt;
    opened.db.close();
    Edit<Connection> db = open_settings(path_, to_write, lock_wait_);
    if (!db) return db.failure();
    opened = {std::move(db.value()), identity};
    return std::nullopt;
}

Edit<SettingsFile::Seen> SettingsFile::read() {
    const std::unique_lock lock(reading_, wait_limit);
    if (!lock) return busy();
    const bool was_open = reader_.db && file_identity(path_) == reader_.identity;
    if (auto failure = open(reader_, false)) return *failure;
    const auto version = reader_.db.number("PRAGMA data_version");
    if (was_open && version && version == version_ && seen_.rows) return seen_;
    // Read the number before the rows: a number that is too old only causes another read, but one that is too new would hide a
    // change.
    const std::int64_t newest = reader_.db.number("SELECT max(id) FROM settings_history").value_or(0);
    Edit<SettingsState> read = read_records(reader_.db);
    if (!read) {
        reader_.db.close();
        return read.failure();
    }
    version_ = version;
    seen_ = {std::make_shared<const SettingsState>(std::move(read.value())), newest};
    return seen_;
}

Edit<std::vector<LoggedChange>> SettingsFile::log(const LogFilter& filter) {
    const std::unique_lock lock(reading_, wait_limit);
    if (!lock) return busy();
    if (auto failure = open(reader_, false)) return *failure;
    auto found = settings_log(reader_.db, filter);
    if (!found && found.failure().fault == EditFault::unavailable) reader_.db.close();
    return found;
}

Edit<Edited> SettingsFile::edit(const std::function<Edit<Edited>(Connection&)>& work) {
    const std::unique_lock lock(editing_, wait_limit);
    if (!lock) return busy();
    if (auto failure = open(editor_, true)) return *failure;
    Edit<Edited> edited = work(editor_.db);
    if (!edited && edited.failure().fault == EditFault::unavailable) editor_.db.close();
    return edited;
}

std::int64_t newest_change_in(const std::string& path) {
    Edit<Connection> db = open_settings(path, false, newest_busy_ms);
    return db ? newest_change(db.value()) : 0;
}

}  // namespace volt::api
