// Immediate commits of the writer: decisions, events, commands, runs, and their rule state.
#include "drivers/store/writer/writer.hpp"

namespace volt {

namespace {

constexpr std::size_t rows_a_commit = 256;

}  // namespace

bool Writer::state_waits() const { return rule_state_ && rule_state_->text != saved_rule_state_; }

/// Returns true if the state must be written. To spare the flash, a state that only updates ages and runtimes waits for the
/// batch, unless a reader delays that.
bool Writer::state_due() const {
    if (!state_waits()) return false;
    const bool follows = last_history_ && now_ - *last_history_ < options_.state_follows;
    return rule_state_->urgent || follows || !history_.empty() || closing_ || (!wal_held_.empty() && batch_due());
}

void Writer::state_written() {
    ++rows_written_;
    saved_rule_state_ = rule_state_->text;
    const std::lock_guard lock(mutex_);
    health_.rule_state = rule_state_->number;
}

SqlStatus Writer::write_history() {
    // In parts, so that a long backlog does not need more space at once than there is.
    while (history_.size() > rows_a_commit)
        if (SqlStatus done = commit_history(rows_a_commit, false, false); !done.ok()) return done;
    const bool state = state_due();
    if (history_.empty() && !state) return {};
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
    if (done.ok() && with_raw) done = raw_.write(db_);
    if (done.ok()) done = commit(transaction);
    if (done.ok()) forget_history(rows, bad, with_state, with_raw);
    return done;
}

/// Drops rows that are now on the disk.
void Writer::forget_history(std::size_t rows, std::uint64_t bad, bool with_state, bool with_raw) {
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(rows));
    history_dropped_ += bad;
    rows_written_ += rows - bad;
    if (with_state) state_written();
    if (with_raw) {
        rows_written_ += raw_.written();
        last_batch_ = now_;
    }
}

}  // namespace volt
