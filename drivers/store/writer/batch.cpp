// Rare commits of the writer: telemetry, metrics, roll-up and retention, and freeing space when the file is at its cap.
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/writer.hpp"

namespace volt {

namespace {

/// Somewhat less than the wall-clock hour after which it is due.
constexpr std::chrono::minutes between_removals{50};

/// Returns true if the file's own cap is the limit, not the device: only then does removing old rows help, and only then is
/// losing history justified.
bool at_page_cap(Connection& db) {
    const std::int64_t most = db.number("PRAGMA max_page_count").value_or(0);
    return db.number("PRAGMA page_count").value_or(0) >= most - most / 100;
}

}  // namespace

bool Writer::hour_is_over() const { return newest_ != Utc{} && newest_.count() / 3'600'000 != kept_house_hour_; }

bool Writer::batch_due() const {
    const auto since = now_ - last_batch_;
    // Work of the whole batch happens once an hour, at no fixed time: also right after telemetry that was committed with history.
    const bool rode = since == Clock::duration::zero() && now_ - last_full_ >= options_.batch;
    return since >= options_.batch || (rode && hour_is_over()) ||
           (since >= options_.polling && polling_.state_changed() && (!early_at_ || now_ - *early_at_ >= options_.batch));
}

SqlStatus Writer::write_batch() {
    closing_ ? raw_.finish() : raw_.finish_before(newest_);
    const std::uint64_t bytes = thread_bytes_written();
    if (newest_ != Utc{}) metrics_.add("store_bytes_written", static_cast<double>(bytes - bytes_recorded_), newest_);
    bytes_recorded_ = bytes;
    if (closing_) metrics_.finish();
    const bool hourly = hour_is_over();
    const bool changed = polling_.state_changed(), seldom = hourly || closing_ || changed;
    const bool state = state_waits();
    if (raw_.waiting() > 0 || seldom || state) {
        Transaction transaction(db_);
        SqlStatus done = transaction.status();
        if (done.ok()) done = raw_.write(db_);
        if (done.ok() && state) done = write_rule_state(db_, rule_state_->text, rule_state_->at);
        if (done.ok() && seldom) done = polling_.write(db_);
        if (done.ok() && seldom) done = metrics_.write(db_);
        if (done.ok() && hourly && !closing_) done = keep_house();
        if (done.ok()) done = commit(transaction);
        if (!done.ok()) return done;
        rows_written_ += raw_.written() + (seldom ? metrics_.written() : 0);
        if (state) state_written();
        if (seldom) polling_.written();
        if (changed) early_at_ = now_;
        if (hourly) kept_house_hour_ = newest_.count() / 3'600'000;
    }
    last_batch_ = last_full_ = now_;
    return {};
}

/// Runs once an hour, even if more remains to do: an erratic clock must not erase the history.
SqlStatus Writer::keep_house() {
    bool more = false;
    SqlStatus done = roll_up(db_, newest_, more);
    if (!done.ok() || (removed_at_ && now_ - *removed_at_ < between_removals)) return done;
    std::optional<Utc> time;
    {
        const std::lock_guard lock(mutex_);
        time = age_.time_to_remove(now_);
    }
    done = remove_old(db_, time, options_.retention);
    if (done.ok()) removed_at_ = now_;
    return done;
}

void Writer::try_to_make_room() {
    if (!db_ || !at_page_cap(db_)) return;
    Transaction transaction(db_);
    std::int64_t removed = 0;
    if (transaction.status().ok() && make_room(db_, removed).ok() && removed > 0) transaction.commit();
}

}  // namespace volt
