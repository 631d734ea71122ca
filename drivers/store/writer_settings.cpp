// The settings in the writer: noticed when somebody edits them, kept in memory, put back into a file that was lost.
#include <sqlite3.h>

#include <utility>

#include "drivers/store/copies.hpp"
#include "drivers/store/files.hpp"
#include "drivers/store/settings_io.hpp"
#include "drivers/store/writer.hpp"

namespace volt {

/// Settings that cannot be copied now are copied the next time they are read; the older ones serve until then.
void Writer::keep_image() {
    if (Result<std::string> image = settings_image(db_); image) image_ = std::move(image.value());
}

/// The file was lost, not exchanged by somebody: what was in force is what the owner wants, and goes into the new one.
/// Where a row of it breaks a rule, what the copies had stays (see look_for_settings).
SqlStatus Writer::put_back_settings() {
    if (!put_back_) return {};
    const SqlStatus done = put_settings_image(db_, image_, settings_->revision + 1);
    if (!done.ok() && !done.bad_row()) return done;
    put_back_ = false;
    const std::string lost = "The file was lost while voltd ran";
    lost_text_ = done.ok() ? lost + ": the settings that were in force were written into the new one."
                           : lost + ", and its settings could not be written into the new one: " + done.text;
    note_restore(db_, lost_text_);
    settings_copy_old_ = true;
    const std::lock_guard lock(mutex_);
    health_.restored = true;
    return {};
}

SqlStatus Writer::write_mode_if_asked() {
    if (!mode_) return {};
    if (SqlStatus done = write_mode(db_, *mode_, "mode/set"); !done.ok()) return done;
    mode_.reset();
    data_version_.reset();  // one's own write does not move data_version
    return {};
}

SqlStatus Writer::look_for_settings() {
    if (file_identity(path_) != identity_)
        return {SQLITE_IOERR, "the file was replaced or removed; it is opened again"};
    // Others would write into a new WAL, unseen here; closing takes what only this one holds into the file.
    const std::string wal = file_identity(path_ + "-wal");
    if (!wal_identity_.empty() && wal != wal_identity_)
        return {SQLITE_IOERR, "the file's WAL was replaced or removed; it is opened again"};
    wal_identity_ = wal;
    const auto version = db_.number("PRAGMA data_version");
    if (!version) return db_.status();
    if (version == data_version_ && !read_again_) return {};
    const std::int64_t revision = settings_revision(db_);
    if (read_again_ && revision < settings_->revision) {
        behind_ = revision;
        lost_text_ = "The file was exchanged for an older one while voltd ran: the settings that were in force go on from "
                     "memory until they are edited or voltd is restarted; check them.";
        const std::lock_guard lock(mutex_);
        health_.restored = true;
        read_again_ = false;
    }
    if (read_again_ || revision != behind_.value_or(settings_->revision)) {
        behind_.reset();
        Result<Settings> read = read_settings(db_, *settings_);
        if (!read) return {SQLITE_ERROR, read.failure().text};
        post(std::move(read.value()));
        keep_image();
        settings_copy_old_ = true;
        read_again_ = false;
    }
    data_version_ = version;
    return {};
}

void Writer::post(Settings settings) {
    if (mode_) settings.preferences.mode = *mode_;
    settings_ = std::make_shared<const Settings>(std::move(settings));
    const std::lock_guard lock(mutex_);
    new_settings_ = settings_;
}

std::shared_ptr<const Settings> Writer::take_new_settings() {
    const std::lock_guard lock(mutex_);
    return std::exchange(new_settings_, nullptr);
}

}  // namespace volt
