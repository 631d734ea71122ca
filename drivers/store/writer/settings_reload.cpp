// Settings in the writer: notices edits, keeps them in memory, and restores them to a file that was lost.
#include <sqlite3.h>

#include <utility>

#include "drivers/store/recovery/backup_log.hpp"
#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/sum.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/writer.hpp"

namespace volt {

namespace {

constexpr int most_changes_logged = 5;  // at once, in the journal; `voltctl settings history` has all

}  // namespace

/// Keeps an image of the settings. If they cannot be copied now, the next read tries again; the older image is used until then.
void Writer::keep_image() {
    if (damaged_) return;
    if (Result<std::string> image = settings_image(db_); image) image_ = std::move(image.value());
}

/// Checks the notes, which any program may have acknowledged.
void Writer::check_notes() {
    const std::optional<std::string> note = standing_note(db_);
    BackupLog backups = read_backup_log(db_);
    const std::lock_guard lock(mutex_);
    health_.backups = std::move(backups);
    health_.restored = note.has_value();
    note_ = note.value_or("");
    if (!health_.failing) health_.text = note_;
}

/// Writes the settings in force into a new file after the old one was lost, not replaced by someone. If a row breaks a rule, the
/// copies' settings are kept (see look_for_settings).
SqlStatus Writer::put_back_settings() {
    if (!put_back_) return {};
    const SqlStatus done = put_settings_image(db_, image_, settings_->revision + 1);
    if (!done.ok() && !done.bad_row()) return done;
    put_back_ = false;
    const std::string lost = "The file was lost while voltd ran";
    note_restore(db_, done.ok() ? lost + ": the settings in force were written to the new one."
                                : lost + ", and its settings could not be written to the new one: " + done.text);
    check_notes();
    settings_copy_old_ = true;
    return {};
}

SqlStatus Writer::write_mode_if_asked() {
    if (!mode_) return {};
    if (!mode_waits_) mode_over_ = mode_in(db_);
    bool overtaken = false;
    const SqlStatus done = write_mode(db_, *mode_, mode_by_, mode_waits_ ? mode_over_ : std::string(), &overtaken);
    mode_waits_ = done.busy();
    if (!done.ok()) return done;
    mode_.reset();
    // Another program saved a mode while this one waited: the newer choice wins.
    if (overtaken) read_again_ = true;
    last_copy_.reset();
    data_version_.reset();  // our own writes do not change data_version
    return {};
}

SqlStatus Writer::look_for_settings() {
    if (file_identity(path_) != identity_) return {SQLITE_IOERR, "the file was replaced or removed; reopening it"};
    // Others would write into a new WAL, not visible here. Closing merges the content that only this connection has into the
    // file.
    const std::string wal = file_identity(path_ + "-wal");
    if (!wal_identity_.empty() && wal != wal_identity_)
        return {SQLITE_IOERR, "the file's WAL was replaced or removed; reopening it"};
    wal_identity_ = wal;
    // SQLite would read missing pages as zeros. A VACUUM also makes it shorter: reopening then finds a sound file.
    if (const std::uint64_t size = file_size(path_); size < std::exchange(size_, size))
        return {SQLITE_CORRUPT, "the file became shorter; checking it"};
    const auto version = db_.data_version();
    if (!version) return db_.status();
    if (version == data_version_ && !read_again_) return {};
    check_notes();
    const std::int64_t revision = settings_revision(db_);
    if (read_again_ && revision < settings_->revision) {
        behind_ = revision;
        note_restore(db_,
                     "The file was replaced by an older one while voltd ran: voltd keeps the settings in force "
                     "from memory until they are edited or voltd restarts; check them.");
        check_notes();
        read_again_ = false;
    }
    if (read_again_ || revision != behind_.value_or(settings_->revision)) {
        behind_.reset();
        Result<CheckedSettings> checked = read_checked_settings(db_, *settings_);
        if (!checked) return {SQLITE_ERROR, checked.failure().text};
        note_damage(checked.value().damage);
        Settings& read = checked.value().settings;
        if (auto changes = sentences_of_changes(db_, change_, most_changes_logged)) read.changes = std::move(changes.value());
        change_ = newest_change(db_);
        // No gap for a mode: a file that loses its WAL must not switch on a site that its owner has just switched off.
        if (read.preferences.mode != settings_->preferences.mode) last_copy_.reset();
        post(std::move(read));
        keep_image();
        settings_copy_old_ = !damaged_;
        read_again_ = false;
    }
    data_version_ = version;
    return {};
}

/// Copies the settings soon, so that a file that loses its WAL has lost nothing; at most once in each gap, however often a client
/// edits. Retries a failed copy after the gap: the settings themselves are on the disk.
void Writer::copy_settings() {
    if (!settings_copy_old_) return;
    if (!closing_ && last_copy_ && now_ - *last_copy_ < options_.copy_gap) {
        if (noted_ != settings_->revision) note_settings_revision(path_, settings_->revision);
        noted_ = settings_->revision;
        return;
    }
    last_copy_ = now_;
    settings_copy_old_ = !write_settings_copy(db_, path_).ok();
    if (settings_copy_old_ || !noted_) return;
    forget_settings_revision(path_);
    noted_.reset();
}

void Writer::note_damage(const std::string& text) {
    damaged_ = !text.empty();
    const std::lock_guard lock(mutex_);
    health_.settings_damaged = text;
}

void Writer::post(Settings settings) {
    if (mode_) settings.preferences.mode = *mode_;
    settings.mode_order = mode_order_;
    settings_ = std::make_shared<const Settings>(std::move(settings));
    const std::lock_guard lock(mutex_);
    new_settings_ = settings_;
}

std::shared_ptr<const Settings> Writer::take_new_settings() {
    const std::lock_guard lock(mutex_);
    return std::exchange(new_settings_, nullptr);
}

}  // namespace volt
