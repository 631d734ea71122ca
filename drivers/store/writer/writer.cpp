#include "drivers/store/writer/writer.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

constexpr std::chrono::seconds bytes_every{10};  // interval of reading /proc if nothing was written

/// Returns the path if this account has no permission to write it, as after a copy by root. Empty otherwise.
std::string denied_path(const std::string& path) { return ::access(path.c_str(), W_OK) != 0 && errno == EACCES ? path : ""; }

std::string text_when_full(const std::string& path) { return "Free some space in " + directory_of(path); }

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

Writer::Writer(std::string path, StoreOptions options, std::shared_ptr<const Settings> settings, AgeClock age)
    : path_(std::move(path)),
      options_(options),
      queue_(options.queue),
      settings_(std::move(settings)),
      raw_(options.slot, options.raw_rows),
      last_batch_(Clock::now()),
      next_try_(Clock::now()),
      last_full_(Clock::now()),
      retry_(options.first_retry),
      age_(std::move(age)) {}

void Writer::adopt(OpenedDatabase opened) {
    db_ = std::move(opened.connection);
    identity_ = opened.identity;
    directory_ = file_identity(directory_of(path_));
    watch_ = FileWatch(path_);
    watched_at_ = Clock::now();
    wal_identity_.clear();
    size_ = 0;
    data_version_.reset();
    if (change_ == 0) change_ = newest_change(db_);
    if (!opened.damage.empty()) note_damage(opened.damage);
    if (image_.empty()) keep_image();
    check_notes();
}

void Writer::begin_failed(const std::string& text) {
    next_try_ = Clock::now() + retry_;
    const bool full = device_is_full(path_);
    const std::lock_guard lock(mutex_);
    health_.failing = true;
    health_.disk_full = full;
    health_.text = full ? text_when_full(path_) : text;
    health_.not_ours = denied_path(path_);
}

void Writer::run() noexcept {
    while (!ended_) {
        try {
            turn();
        } catch (const std::exception& e) {
            // Only out of memory ends here: the current rows are lost, the rest continues.
            fail({SQLITE_NOMEM, e.what()});
        }
        busy_since_ = 0;
    }
    // A copy of this one file, made after an orderly end, is then complete.
    if (db_) db_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    db_.close();
    {
        const std::lock_guard lock(mutex_);
        finished_ = true;
    }
    end_.notify_all();
}

void Writer::turn() {
    now_ = Clock::now();
    // If other programs write in this directory all the time, check at most four times per second.
    const bool too_soon = seen_ && now_ - *seen_ < options_.check_every / 4;
    take_in(too_soon ? queue_.take(*seen_ + options_.check_every / 4) : queue_.take(wake_at(), &watch_));
    check_watch();
    const Clock::time_point gathered = Clock::now() + options_.gather;
    while (!history_.empty() && !closing_ && Clock::now() < gathered) take_in(queue_.take(gathered));
    now_ = Clock::now();
    busy_since_ = now_.time_since_epoch().count();
    act();
}

/// Handles a file event. The first event of a commit comes before its end.
void Writer::check_watch() {
    if (!watch_.take()) return;
    seen_ = Clock::now();
    take_in(queue_.take(*seen_ + options_.gather));
}

void Writer::turn_at(Clock::time_point now) {
    now_ = now;
    take_in(queue_.take(Clock::now()));
    act();
}

void Writer::act() {
    if (closing_) ended_ = true;  // one more try below, then the end in any case
    if (closing_ || now_ >= next_try_)
        if (db_ || reopen()) {
            const SqlStatus done = work();
            done.ok() ? succeed() : fail(done);
        }
    watch_again();
    // A mode that cannot be written now is still in force: control never waits for a disk.
    if (mode_ && settings_->preferences.mode != *mode_) post(*settings_);
    update_counts();
}

Writer::Clock::time_point Writer::wake_at() const {
    const Clock::time_point now = Clock::now(),
                            batch = last_batch_ + (polling_.state_changed() ? options_.polling : options_.batch);
    const bool failing = !db_ || next_try_ > now;
    const bool awake = !watch_.works() || failing || (seen_ && now - *seen_ < options_.awake_checks * options_.check_every);
    Clock::time_point check = now + (awake ? 1 : options_.calm_checks) * options_.check_every;
    if (settings_copy_old_ && last_copy_)
        check = std::min(check, std::max(now + options_.check_every, *last_copy_ + options_.copy_gap));
    return batch > now ? std::min(check, batch) : check;
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
    if (content.rule_state) {
        const bool urgent = rule_state_ && rule_state_->urgent && rule_state_->text != saved_rule_state_;
        rule_state_ = std::move(content.rule_state);
        rule_state_->urgent = rule_state_->urgent || urgent;
        if (rule_state_->text == saved_rule_state_) {
            const std::lock_guard lock(mutex_);
            health_.rule_state = rule_state_->number;  // already stored
        }
    }
    if (content.mode) {
        mode_ = content.mode;
        mode_by_ = std::move(content.mode_by);
        mode_waits_ = false;
    }
    mode_order_ = content.mode_order;
    closing_ = content.closing;
}

void Writer::keep(HistoryRow row) {
    if (history_.size() >= options_.history_rows) {
        history_.pop_front();
        ++history_dropped_;
    }
    history_.push_back(std::move(row));
}

void Writer::watch_again() {
    if (watch_.works() || !db_ || now_ - watched_at_ < options_.calm_checks * options_.check_every) return;
    watch_ = FileWatch(path_);
    watched_at_ = now_;
}

/// Returns true after an unmount, when the directory below appears: creates nothing in it.
bool Writer::is_elsewhere() const {
    return !directory_.empty() && file_identity(directory_of(path_)) != directory_ && !file_exists(path_);
}

bool Writer::reopen() {
    if (is_elsewhere()) {
        fail({SQLITE_CANTOPEN, directory_of(path_) +
                                   " is no longer the same directory and has no database (a file "
                                   "system that is no longer mounted?); to create a new database there, restart voltd"});
        return false;
    }
    Result<OpenedDatabase> opened = open_database(path_, built_in_migrations(), options_.database);
    if (!opened) {
        fail({SQLITE_CANTOPEN, opened.failure().text});
        return false;
    }
    const bool lost = opened.value().made_anew && settings_->revision != no_file && !image_.empty();
    adopt(std::move(opened.value()));
    if (lost) put_back_ = true;
    // On a full device reading alone would look like a recovery.
    SqlStatus probe = db_.execute("UPDATE settings_revision SET who = who");
    if (!probe.ok()) fail(probe);
    read_again_ = true;
    // A site that a person switched off remains off: the mode in force is written into the current file. Not the mode of the
    // defaults, which were used because no file could be read: the file knows better.
    if (!mode_ && settings_->revision != no_file) {
        mode_ = settings_->preferences.mode;
        mode_by_ = "voltd";
    }
    mode_waits_ = false;
    saved_rule_state_.clear();
    return probe.ok();
}

SqlStatus Writer::work() {
    SqlStatus done = put_back_settings();
    if (done.ok()) done = write_history();
    if (done.ok()) done = write_mode_if_asked();
    if (done.ok()) done = look_for_settings();
    if (done.ok()) copy_settings();
    check_wal();
    if (done.ok() && (closing_ || (batch_due() && wal_held_.empty()))) done = write_batch();
    return done;
}

/// Checks the WAL. While another program keeps reading, no checkpoint completes and the WAL would grow without bound: then
/// telemetry waits, within its own bound, and only rows that must be durable at once are written.
void Writer::check_wal() {
    const std::uint64_t size = file_size(path_ + "-wal");
    if (size <= options_.most_wal) {
        wal_held_.clear();
        return;
    }
    Statement checkpoint = db_.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    const bool reported = checkpoint.row();
    // Once all of it is in the file, the next commit restarts the WAL.
    if (!reported || checkpoint.integer(2) >= checkpoint.integer(1)) wal_held_.clear();
    else
        wal_held_ = "a program has been reading " + path_ + " for a long time: its WAL has " + std::to_string(size / 1'000'000) +
                    " MB that cannot be merged; close that program (an open sqlite3?), telemetry is waiting";
}

void Writer::fail(const SqlStatus& status) {
    if (status.full()) try_to_make_room();
    // If shared memory does not fit, SQLite reports an I/O error.
    const bool full = status.full() || device_is_full(path_);
    // A lock ends, and a full file gets space; after any other error the file is reopened with all its checks.
    if (!status.full() && !status.busy()) db_.close();
    next_try_ = now_ + (status.busy() ? options_.first_retry : retry_);
    if (!status.busy()) retry_ = std::min(retry_ * 2, options_.longest_retry);
    const std::lock_guard lock(mutex_);
    health_.failing = true;
    health_.disk_full = full;
    health_.text = full ? text_when_full(path_) : status.text;
    health_.not_ours = denied_path(path_);
}

void Writer::succeed() {
    retry_ = options_.first_retry;
    const std::lock_guard lock(mutex_);
    health_.failing = !wal_held_.empty();
    health_.disk_full = false;
    health_.not_ours.clear();
    health_.text = wal_held_.empty() ? note_ : wal_held_;
}

/// Commits and measures the time.
SqlStatus Writer::commit(Transaction& transaction) {
    const Clock::time_point begun = Clock::now();
    SqlStatus done = transaction.commit();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
    ++commits_;
    commit_time_ += took;
    longest_commit_ = std::max(longest_commit_, took);
    return done;
}

void Writer::update_counts() {
    const Clock::time_point now = Clock::now();
    const bool read_now = rows_written_ != health_.rows_written || now - bytes_at_ >= bytes_every;
    const std::uint64_t bytes = read_now ? thread_bytes_written() : health_.bytes_written;
    if (read_now) bytes_at_ = now;
    const std::lock_guard lock(mutex_);
    health_.queued = history_.size() + raw_.waiting() + metrics_.waiting() + (state_waits() ? 1 : 0);
    health_.dropped = history_dropped_ + raw_.dropped() + metrics_.dropped();
    health_.rows_written = rows_written_;
    health_.bytes_written = bytes;
    health_.commits = commits_;
    health_.commit_time = commit_time_;
    health_.longest_commit = longest_commit_;
}

StoreHealth Writer::health() const {
    StoreHealth health;
    {
        const std::lock_guard lock(mutex_);
        health = health_;
        health.clock_jumped = age_.jumped(Clock::now());
    }
    health.queued += queue_.size();
    health.dropped += queue_.dropped();
    if (const Clock::duration since{busy_since_};
        since.count() != 0 && Clock::now().time_since_epoch() - since > options_.stalled) {
        health.failing = true;
        health.text = "writing does not finish: the card or disk does not respond";
    }
    return health;
}

void Writer::set_clock(Utc now, bool trusted) {
    const std::lock_guard lock(mutex_);
    age_.set(now, trusted, Clock::now());
}

bool Writer::wait_for_end(Duration limit) {
    std::unique_lock lock(mutex_);
    return end_.wait_for(lock, limit, [this] { return finished_; });
}

}  // namespace volt
