// The writer: the one thread that touches the database after the start. It writes what the queue brings, looks for
// changed settings, rolls up and forgets, and heals itself when writing has failed.
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

/// How the store works; defaults are those of the daemon, tests shorten them.
struct StoreOptions {
    Duration batch = 590s;  ///< how long telemetry stays only in memory: a power cut loses less than ten minutes
    Duration ride = 60s;    ///< telemetry as old as this goes along with a row of history: one commit less later
    Duration slot = std::chrono::seconds{raw_slot_s};  ///< one raw row for each
    Duration check_every = 1s;    ///< how often settings are checked if the file's directory cannot be watched
    int calm_checks = 60;         ///< one in so many checks reads the file while the watch sees nothing
    int awake_checks = 5;         ///< checks after the watch has seen a change: a commit may end after the change is seen
    Duration gather = 20ms;       ///< after the first row of history: what one tick brings goes into one commit
    Duration state_follows = 2s;  ///< a rule state so soon after history is committed at once, others with the batch
    Duration copy_gap = 10s;      ///< between two copies of the settings; the first change and a mode are copied at once
    Duration polling = 60s;       ///< polling_status after a change of state, at the soonest; once in a `batch`, however it flaps
    Duration first_retry = 1s, longest_retry = 60s;
    Duration stalled = 10s;             ///< writing that takes longer is reported as failing while it lasts
    std::uint64_t most_wal = 64 << 20;  ///< bytes; beyond them telemetry waits until readers let go
    std::size_t queue = 4096;           ///< rows between the loop and the writer
    std::size_t raw_rows = 4096;        ///< finished rows kept while writing fails (11 h of three sources)
    std::size_t history_rows = 4096;    ///< decisions, events … kept while writing fails
    DatabaseOptions database;
    Retention retention;
};

/// Everything but the constructor, run() and what is marked belongs to the writer's thread.
class Writer {
public:
    Writer(std::string path, StoreOptions options, std::shared_ptr<const Settings> settings, AgeClock age = AgeClock());

    /// Before run(): the database as opened.
    void adopt(OpenedDatabase opened);
    /// Before run(): writing begins as failed, with this text.
    void begin_failed(const std::string& text);

    /// The thread. Returns when the queue is closed and everything is flushed, or could not be. Lets nothing out.
    void run() noexcept;
    /// One turn without waiting, as if it were `now`; for benches and tests, in place of run().
    void turn_at(std::chrono::steady_clock::time_point now);

    // Safe from any thread:
    WriteQueue& queue() { return queue_; }
    StoreHealth health() const;
    void set_clock(Utc now, bool trusted);
    std::shared_ptr<const Settings> take_new_settings();
    /// Waits for the end of run(); false when the time is up.
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
    FileWatch watch_;                        ///< of the file as it was opened last
    std::optional<Clock::time_point> seen_;  ///< when it last reported a change, our own writes included
    Clock::time_point watched_at_{};         ///< when watching was tried last

    Connection db_;
    std::string identity_, directory_;          ///< of the file and of where it lies, as opened last
    std::string wal_identity_;                  ///< empty: not checked yet
    std::uint64_t size_ = 0;                    ///< of the file when checked last, bytes
    std::shared_ptr<const Settings> settings_;  ///< as last read
    std::optional<std::int64_t> data_version_;
    std::int64_t change_ = 0;  ///< the newest one that the settings know
    /// Revision of a file that came back with less than what is in force (lost, or an older copy): it is not taken, the
    /// settings in memory stay in force until the file is edited.
    std::optional<std::int64_t> behind_;
    bool read_again_ = false;  ///< the file was reopened: read the settings even if their revision is the same
    bool settings_copy_old_ = false;
    std::optional<Clock::time_point> last_copy_;  ///< of the settings, tried; nothing: the next one waits for no gap
    std::optional<std::int64_t> noted_;           ///< revision that a file beside holds until it is copied
    bool put_back_ = false;                       ///< the file is a new one, and the settings in force are not in it yet
    bool damaged_ = false;                        ///< rows of the settings changed without an edit: the file is not copied
    std::string image_;  ///< the settings tables as last read, should the file be lost; empty: never read

    RawRows raw_;
    PollingAccumulator polling_;
    MetricsAccumulator metrics_;
    std::deque<HistoryRow> history_;
    std::optional<SavedRuleState> rule_state_;
    std::string saved_rule_state_;
    std::optional<SiteMode> mode_;  ///< to be written
    std::string mode_by_;           ///< who asked for it
    bool mode_waits_ = false;       ///< writing it was tried, and a lock was in the way
    std::string mode_over_;         ///< what the file held then; empty: it could not be read
    std::uint64_t mode_order_ = 0;
    std::string wal_held_;  ///< why the WAL cannot be taken in; empty: it can
    Utc newest_{};          ///< newest wall-clock time of the rows
    std::int64_t kept_house_hour_ = -1;
    std::optional<Clock::time_point> removed_at_;  ///< when old rows were removed last
    bool closing_ = false, ended_ = false;
    Clock::time_point now_ = Clock::now();       ///< of this turn
    Clock::time_point last_batch_, next_try_;    ///< telemetry was written last; writing is tried again
    Clock::time_point last_full_;                ///< the last whole batch, with what is seldom written
    std::optional<Clock::time_point> early_at_;  ///< when a change of state was written last
    std::optional<Clock::time_point> last_history_;
    Duration retry_;
    std::atomic<Clock::rep> busy_since_{0};  ///< any thread: since when it is at the disk; 0: it is not
    std::uint64_t history_dropped_ = 0, rows_written_ = 0, bytes_recorded_ = 0, commits_ = 0;
    std::chrono::microseconds commit_time_{}, longest_commit_{};

    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable end_;
    StoreHealth health_;
    AgeClock age_;
    Clock::time_point bytes_at_{};  ///< when the bytes written were read
    std::string note_;              ///< the present one
    std::shared_ptr<const Settings> new_settings_;
    bool finished_ = false;
};

}  // namespace volt
