// Writer: the only thread that uses the database after the start. It writes the queue's rows, notices changed settings, rolls up
// and removes old rows, and recovers after failed writes.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/telemetry/age_clock.hpp"
#include "drivers/store/telemetry/metrics_accumulator.hpp"
#include "drivers/store/telemetry/polling_accumulator.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "drivers/store/telemetry/retention.hpp"
#include "drivers/store/writer/write_queue.hpp"

namespace volt {

/// Options of the store. Defaults are the daemon's; tests shorten them.
struct StoreOptions {
    Duration batch = 590s;  ///< time that telemetry stays only in memory: a power cut loses less than ten minutes
    Duration ride = 60s;    ///< telemetry of this age is committed with a row of history, which saves a later commit
    Duration slot = std::chrono::seconds{raw_slot_s};  ///< one raw row for each
    Duration check_every = 1s;    ///< interval of checking settings if the file's directory cannot be watched
    int calm_checks = 60;         ///< one in this many checks reads the file while the watch reports nothing
    int awake_checks = 5;         ///< checks after the watch reported a change: a commit may end later
    Duration gather = 20ms;       ///< after the first row of history: rows of one tick share a commit
    Duration state_follows = 2s;  ///< a rule state this soon after history is committed at once, others with the batch
    Duration copy_gap = 10s;      ///< between two copies of the settings; the first change and a mode are copied at once
    Duration polling = 60s;       ///< minimum time before polling_status after a change of state; once per `batch`, even if it
                                  ///< flaps
    Duration first_retry = 1s, longest_retry = 60s;
    Duration stalled = 10s;             ///< a longer write is reported as failing while it lasts
    std::uint64_t most_wal = 64 << 20;  ///< bytes; beyond them telemetry waits until readers release it
    std::size_t queue = 4096;           ///< rows between the loop and the writer
    std::size_t raw_rows = 4096;        ///< finished rows kept while writing fails (11 h of three sources)
    std::size_t history_rows = 4096;    ///< decisions, events … kept while writing fails
    DatabaseOptions database;
    Retention retention;
};

/// The writer. Everything but the constructor, run() and marked members belongs to its thread.
class Writer {
public:
    Writer(std::string path, StoreOptions options, std::shared_ptr<const Settings> settings, AgeClock age = AgeClock());

    /// Adopts the opened database. Call before run().
    void adopt(OpenedDatabase opened);
    /// Starts in the failed state, with this text. Call before run().
    void begin_failed(const std::string& text);

    /// Runs the thread. Returns when the queue is closed and everything is flushed, or could not be. Throws nothing.
    void run() noexcept;
    /// Runs one turn without waiting, as if it were `now`; for benches and tests, instead of run().
    void turn_at(std::chrono::steady_clock::time_point now);

    // Safe from any thread:
    WriteQueue& queue() { return queue_; }
    StoreHealth health() const;
    void set_clock(Utc now, bool trusted);
    std::shared_ptr<const Settings> take_new_settings();
    /// Waits for the end of run(). Returns false after `limit`.
    bool wait_for_end(Duration limit);

private:
    using Clock = std::chrono::steady_clock;

    void turn();
    void check_watch();
    void act();
    void take_in(WriteQueueContent content);
    void keep(HistoryRow row);
    bool reopen();
    bool is_elsewhere() const;
    void watch_again();
    void check_notes();
    SqlStatus put_back_settings();
    void keep_image();
    SqlStatus work();
    bool state_waits() const;
    bool state_due() const;
    void state_written();
    SqlStatus commit(Transaction& transaction);
    SqlStatus write_history();
    SqlStatus commit_history(std::size_t rows, bool with_state, bool with_raw);
    void forget_history(std::size_t rows, std::uint64_t bad, bool with_state, bool with_raw);
    SqlStatus write_mode_if_asked();
    void check_wal();
    SqlStatus write_batch();
    SqlStatus keep_house();
    SqlStatus look_for_settings();
    void copy_settings();
    void post(Settings settings);
    void note_damage(const std::string& text);
    bool batch_due() const;
    bool hour_is_over() const;
    void fail(const SqlStatus& status);
    void succeed();
    void try_to_make_room();
    void update_counts();
    Clock::time_point wake_at() const;

    const std::string path_;
    const StoreOptions options_;
    WriteQueue queue_;
    FileWatch watch_;                        ///< watch of the file as last opened
    std::optional<Clock::time_point> seen_;  ///< last reported change, including our own writes
    Clock::time_point watched_at_{};         ///< last time a watch was tried

    Connection db_;
    std::string identity_, directory_;          ///< identity of the file and of its directory, as last opened
    std::string wal_identity_;                  ///< empty until checked
    std::uint64_t size_ = 0;                    ///< size of the file in bytes at the last check
    std::shared_ptr<const Settings> settings_;  ///< settings at the last read
    std::optional<std::int64_t> data_version_;
    std::int64_t change_ = 0;  ///< newest change that the settings include
    /// Revision of a file that came back with less than the settings in force (lost, or an older copy): voltd does not take it,
    /// and keeps the settings in memory in force until the file is edited.
    std::optional<std::int64_t> behind_;
    bool read_again_ = false;  ///< the file was reopened: read the settings even if their revision is the same
    bool settings_copy_old_ = false;
    std::optional<Clock::time_point> last_copy_;  ///< last try of a settings copy; if empty, the next one does not wait for the
                                                  ///< gap
    std::optional<std::int64_t> noted_;           ///< revision noted in a file next to until it is copied
    bool put_back_ = false;                       ///< the file is new, and does not have the settings in force yet
    bool damaged_ = false;                        ///< rows of the settings changed without an edit: the file is not copied
    std::string image_;                           ///< settings tables as last read, in case the file is lost; empty if never read

    RawRows raw_;
    PollingAccumulator polling_;
    MetricsAccumulator metrics_;
    std::deque<HistoryRow> history_;
    std::optional<SavedRuleState> rule_state_;
    std::string saved_rule_state_;
    std::optional<SiteMode> mode_;  ///< mode to write
    std::string mode_by_;           ///< requester of the mode
    bool mode_waits_ = false;       ///< a write of it was tried, and was blocked by a lock
    std::string mode_over_;         ///< mode in the file at that time, or empty if it could not be read
    std::uint64_t mode_order_ = 0;
    std::string wal_held_;  ///< reason why the WAL cannot be merged, or empty if it can
    Utc newest_{};          ///< newest wall-clock time of the rows
    std::int64_t kept_house_hour_ = -1;
    std::optional<Clock::time_point> removed_at_;  ///< last removal of old rows
    bool closing_ = false, ended_ = false;
    Clock::time_point now_ = Clock::now();       ///< time of this turn
    Clock::time_point last_batch_, next_try_;    ///< last write of telemetry; next try of writing
    Clock::time_point last_full_;                ///< last whole batch, including rare writes
    std::optional<Clock::time_point> early_at_;  ///< last write of a change of state
    std::optional<Clock::time_point> last_history_;
    Duration retry_;
    std::atomic<Clock::rep> busy_since_{0};  ///< any thread: start of the current disk operation; 0 if none
    std::uint64_t history_dropped_ = 0, rows_written_ = 0, bytes_recorded_ = 0, commits_ = 0;
    std::chrono::microseconds commit_time_{}, longest_commit_{};

    mutable std::mutex mutex_;  ///< guards the members below
    std::condition_variable end_;
    StoreHealth health_;
    AgeClock age_;
    Clock::time_point bytes_at_{};  ///< last time the written bytes were read
    std::string note_;              ///< current note
    std::shared_ptr<const Settings> new_settings_;
    bool finished_ = false;
};

}  // namespace volt
