#include "drivers/store/writer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "drivers/store/copies.hpp"
#include "drivers/store/files.hpp"
#include "drivers/store/settings_io.hpp"

namespace volt {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

constexpr std::size_t rows_a_commit = 256;

const char* const acknowledge_restores =
    "UPDATE database_restores SET acknowledged_at = unixepoch() * 1000 WHERE acknowledged_at IS NULL";

/// Where the file's own cap is the limit, and not the device: only then does removing old rows help, and only then is
/// it right to give history away.
bool at_page_cap(Connection& db) {
    const std::int64_t most = db.number("PRAGMA max_page_count").value_or(0);
    return db.number("PRAGMA page_count").value_or(0) >= most - most / 100;
}

}  // namespace

Writer::Writer(std::string path, StoreOptions options, std::shared_ptr<const Settings> settings)
    : path_(std::move(path)),
      options_(options),
      inbox_(options.queue),
      settings_(std::move(settings)),
      raw_(options.slot, options.raw_rows),
      last_batch_(Clock::now()),
      next_try_(Clock::now()),
      last_full_(Clock::now()),
      retry_(options.first_retry) {}

void Writer::adopt(OpenedDatabase opened) {
    db_ = std::move(opened.connection);
    identity_ = opened.identity;
    wal_identity_.clear();
    data_version_.reset();
    if (image_.empty()) keep_image();
    const std::lock_guard lock(mutex_);
    health_.restored = opened.restored;
}

/// Settings that cannot be copied now are copied the next time they are read; the older ones serve until then.
void Writer::keep_image() {
    if (Result<std::string> image = settings_image(db_); image) image_ = std::move(image.value());
}

void Writer::begin_failed(const std::string& text) {
    next_try_ = Clock::now() + retry_;
    const bool full = device_is_full(path_);
    const std::lock_guard lock(mutex_);
    health_.failing = true;
    health_.disk_full = full;
    health_.text = text;
}

void Writer::run() noexcept {
    while (!ended_) {
        try {
            turn();
        } catch (const std::exception& e) {
            // Out of memory is all that can come here; what was in hand is lost, the rest goes on.
            fail({SQLITE_NOMEM, e.what()});
        }
    }
    db_.close();
    {
        const std::lock_guard lock(mutex_);
        finished_ = true;
    }
    end_.notify_all();
}

void Writer::turn() {
    now_ = Clock::now();
    take_in(inbox_.take(wake_at()));
    const Clock::time_point gathered = Clock::now() + options_.gather;
    while (!history_.empty() && !closing_ && Clock::now() < gathered) take_in(inbox_.take(gathered));
    now_ = Clock::now();
    act();
}

void Writer::turn_at(Clock::time_point now) {
    now_ = now;
    take_in(inbox_.take(Clock::now()));
    act();
}

void Writer::act() {
    if (closing_) ended_ = true;  // whatever happens below: one more try, then the end
    if (closing_ || now_ >= next_try_)
        if (db_ || reopen()) {
            const SqlStatus done = work();
            done.ok() ? succeed() : fail(done);
        }
    // A mode that cannot be written now is in force all the same: control never waits for a disk.
    if (mode_ && settings_->preferences.mode != *mode_) post(*settings_);
    update_counts();
}

Writer::Clock::time_point Writer::wake_at() const {
    return Clock::now() + options_.look;
}

void Writer::take_in(WriteQueueContent content) {
    for (TelemetryRow& row : content.telemetry) {
        newest_ = std::visit([](const auto& it) { return it.at; }, row);
        std::visit(Overloaded{[&](const TelemetryReading& it) { raw_.add(it.reading, it.at); },
                              [&](const TelemetryHealth& it) { polling_.note(it.health, it.at); },
                              [&](const TelemetryMetric& it) { metrics_.add(it.name, it.value, it.at); }},
                   row);
    }
    if (!content.history.empty()) last_history_ = now_;
    for (HistoryRow& row : content.history) keep(std::move(row));
    if (content.rule_state) rule_state_ = std::move(content.rule_state);
    if (content.mode) mode_ = content.mode;
    acknowledged_ = acknowledged_ || content.acknowledged;
    closing_ = content.closing;
}

void Writer::keep(HistoryRow row) {
    if (history_.size() >= options_.history_rows) {
        history_.pop_front();
        ++history_dropped_;
    }
    history_.push_back(std::move(row));
}

bool Writer::reopen() {
    Result<OpenedDatabase> opened = open_database(path_, built_in_migrations(), options_.database);
    if (!opened) {
        fail({SQLITE_CANTOPEN, opened.failure().text});
        return false;
    }
    const bool lost = opened.value().made_anew && settings_->revision != no_file && !image_.empty();
    adopt(std::move(opened.value()));
    if (lost) put_back_ = true;
    // Reading alone would look healed on a device that takes no more bytes.
    SqlStatus probe = db_.execute("UPDATE settings_revision SET who = who");
    if (!probe.ok()) fail(probe);
    read_again_ = true;
    // What a person switched off stays off: the mode in force is written into whatever file there is now. Not that of
    // the defaults, which served because no file could be read: the file knows better.
    if (!mode_ && settings_->revision != no_file) mode_ = settings_->preferences.mode;
    saved_rule_state_.clear();
    return probe.ok();
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

SqlStatus Writer::work() {
    SqlStatus done = put_back_settings();
    if (done.ok()) done = write_history();
    if (done.ok()) done = write_mode_if_asked();
    if (done.ok()) done = look_for_settings();
    look_at_wal();
    if (done.ok() && (closing_ || (batch_due() && wal_held_.empty()))) done = write_batch();
    return done;
}

/// While somebody reads on and on, no checkpoint gets to the end and the WAL grows without bound: telemetry waits then, in
/// its own bound; what is to be durable at once (little) still goes in.
void Writer::look_at_wal() {
    const std::uint64_t size = file_size(path_ + "-wal");
    if (size <= options_.most_wal) {
        wal_held_.clear();
        return;
    }
    Statement checkpoint = db_.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    const bool told = checkpoint.row();
    // Once all of it is in the file, the next commit begins the WAL anew.
    if (!told || checkpoint.integer(2) >= checkpoint.integer(1))
        wal_held_.clear();
    else
        wal_held_ = "a program has been reading " + path_ + " for long: its WAL holds " + std::to_string(size / 1'000'000) +
                    " MB that cannot be taken in; end that program (a sqlite3 left open?), telemetry waits";
}

/// Flash is precious: a state that only brings ages and runtimes up to date rides with the batch.
bool Writer::state_due() const {
    if (!rule_state_ || rule_state_->text == saved_rule_state_) return false;
    const bool follows = last_history_ && now_ - *last_history_ < options_.state_follows;
    return follows || !history_.empty() || closing_ || batch_due();
}

SqlStatus Writer::write_history() {
    // In pieces, so that a long backlog does not need more room at once than there is.
    while (history_.size() > rows_a_commit)
        if (SqlStatus done = commit_history(rows_a_commit, false, false); !done.ok()) return done;
    const bool state = state_due();
    if (history_.empty() && !state && !acknowledged_) return {};
    const bool ride = now_ - last_batch_ >= options_.ride && !closing_ && wal_held_.empty();
    SqlStatus done = commit_history(history_.size(), state, ride);
    // Telemetry must not keep a decision from the disk.
    if (!done.ok() && ride) done = commit_history(history_.size(), state, false);
    return done;
}

SqlStatus Writer::commit_history(std::size_t rows, bool with_state, bool with_raw) {
    Transaction transaction(db_);
    SqlStatus done = transaction.status();
    std::uint64_t bad = 0;
    for (std::size_t i = 0; done.ok() && i < rows; ++i) {
        done = write_row(db_, history_[i]);
        if (!done.bad_row()) continue;
        ++bad;
        done = {};
    }
    if (done.ok() && with_state) done = write_rule_state(db_, rule_state_->text, rule_state_->at);
    if (done.ok() && acknowledged_) done = db_.execute(acknowledge_restores);
    if (done.ok() && with_raw) done = raw_.write(db_);
    if (done.ok()) done = transaction.commit();
    if (done.ok()) forget_history(rows, bad, with_state, with_raw);
    return done;
}

/// What is on the disk now need not be kept.
void Writer::forget_history(std::size_t rows, std::uint64_t bad, bool with_state, bool with_raw) {
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(rows));
    history_dropped_ += bad;
    rows_written_ += rows - bad + (with_state ? 1 : 0);
    if (with_state) saved_rule_state_ = rule_state_->text;
    if (with_raw) {
        rows_written_ += raw_.written();
        last_batch_ = now_;
    }
    if (std::exchange(acknowledged_, false)) {
        const std::lock_guard lock(mutex_);
        health_.restored = false;
    }
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

bool Writer::hour_is_over() const {
    return newest_ != Utc{} && newest_.count() / 3'600'000 != kept_house_hour_;
}

bool Writer::batch_due() const {
    const auto since = now_ - last_batch_;
    // Telemetry may ride with history all the while; what only the whole batch does has its own time.
    const bool waits = settings_copy_old_ || hour_is_over();
    return since >= options_.batch || (waits && now_ - last_full_ >= options_.batch) ||
           (since >= options_.polling && polling_.state_changed());
}

SqlStatus Writer::write_batch() {
    closing_ ? raw_.finish() : raw_.finish_before(newest_);
    const std::uint64_t bytes = thread_bytes_written();
    if (newest_ != Utc{}) metrics_.add("store_bytes_written", static_cast<double>(bytes - bytes_told_), newest_);
    bytes_told_ = bytes;
    if (closing_) metrics_.finish();
    const bool hourly = hour_is_over();
    const bool seldom = hourly || closing_ || polling_.state_changed();
    if (raw_.waiting() > 0 || seldom) {
        bool more = false;
        Transaction transaction(db_);
        SqlStatus done = transaction.status();
        if (done.ok()) done = raw_.write(db_);
        if (done.ok() && seldom) done = polling_.write(db_);
        if (done.ok() && seldom) done = metrics_.write(db_);
        if (done.ok() && hourly && !closing_) done = roll_up(db_, newest_, more);
        if (done.ok() && hourly && !closing_) done = remove_old(db_, newest_, options_.retention);
        if (done.ok()) done = transaction.commit();
        if (!done.ok()) return done;
        rows_written_ += raw_.written() + (seldom ? metrics_.written() : 0);
        if (seldom) polling_.written();
        if (hourly && !more) kept_house_hour_ = newest_.count() / 3'600'000;
    }
    last_batch_ = last_full_ = now_;
    if (settings_copy_old_) settings_copy_old_ = !write_settings_copy(db_, path_).ok();
    return {};
}

void Writer::fail(const SqlStatus& status) {
    if (status.full()) try_to_make_room();
    // Where shared memory finds no room, SQLite speaks of an I/O error.
    const bool full = status.full() || device_is_full(path_);
    // A lock goes away and a full file gets room; everything else is opened anew, with all its checks.
    if (!status.full() && !status.busy()) db_.close();
    next_try_ = now_ + retry_;
    retry_ = std::min(retry_ * 2, options_.longest_retry);
    const std::lock_guard lock(mutex_);
    health_.failing = true;
    health_.disk_full = full;
    health_.text = status.text;
}

void Writer::try_to_make_room() {
    if (!db_ || !at_page_cap(db_)) return;
    Transaction transaction(db_);
    std::int64_t removed = 0;
    if (transaction.status().ok() && make_room(db_, removed).ok() && removed > 0) transaction.commit();
}

void Writer::succeed() {
    retry_ = options_.first_retry;
    const std::lock_guard lock(mutex_);
    health_.failing = !wal_held_.empty();
    health_.disk_full = false;
    health_.text = wal_held_.empty() && health_.restored ? lost_text_ : wal_held_;
}

void Writer::update_counts() {
    const std::uint64_t bytes = thread_bytes_written();
    const std::lock_guard lock(mutex_);
    const bool state_waits = rule_state_ && rule_state_->text != saved_rule_state_;
    health_.queued = history_.size() + raw_.waiting() + metrics_.waiting() + (state_waits ? 1 : 0);
    health_.dropped = history_dropped_ + raw_.dropped() + metrics_.dropped();
    health_.rows_written = rows_written_;
    health_.bytes_written = bytes;
}

StoreHealth Writer::health() const {
    StoreHealth health;
    {
        const std::lock_guard lock(mutex_);
        health = health_;
    }
    health.queued += inbox_.size();
    health.dropped += inbox_.dropped();
    return health;
}

std::shared_ptr<const Settings> Writer::take_new_settings() {
    const std::lock_guard lock(mutex_);
    return std::exchange(new_settings_, nullptr);
}

bool Writer::wait_for_end(Duration limit) {
    std::unique_lock lock(mutex_);
    return end_.wait_for(lock, limit, [this] { return finished_; });
}

}  // namespace volt
