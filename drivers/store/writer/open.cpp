#include "drivers/store/store.hpp"

#include <thread>
#include <utility>

#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/sum.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/store/telemetry/recent.hpp"
#include "drivers/store/writer/open.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr Duration try_again = 1s;  // delay until it tries to start a thread again

/// Passes everything to the writer. The writer is shared with its thread, so that a thread stuck on a dead card can be left
/// behind at the end.
class DatabaseStore : public Store {
public:
    explicit DatabaseStore(std::shared_ptr<Writer> writer) : writer_(std::move(writer)) { start(); }
    ~DatabaseStore() override { DatabaseStore::close(4s); }

    void record(const SourceReading& reading, Utc at) override {
        recent_.add(reading, at);
        queue().put(TelemetryReading{reading, at});
    }
    void record(const SourceHealth& health, Utc at) override { queue().put(TelemetryHealth{health, at}); }
    void record(const DecisionRow& row) override { queue().put(HistoryRow(row)); }
    void record(const EventRow& row) override { queue().put(HistoryRow(row)); }
    void record(const CommandRow& row) override { queue().put(HistoryRow(row)); }
    void record(const RunRow& row) override { queue().put(HistoryRow(row)); }
    void record(const OutputProofRow& row) override { queue().put(HistoryRow(row)); }
    void metric(const std::string& name, double value, Utc at) override { queue().put(TelemetryMetric{name, value, at}); }
    std::uint64_t save_rule_state(std::string text, Utc at, bool urgent) override {
        return queue().put(SavedRuleState{std::move(text), at, urgent});
    }
    void set_clock(Utc now, bool trusted) override { writer_->set_clock(now, trusted); }
    std::shared_ptr<const Settings> take_new_settings() override { return writer_->take_new_settings(); }
    void settings_edited() override { queue().nudge(); }
    std::uint64_t set_mode(SiteMode mode, const std::string& who) override { return queue().put(mode, who); }
    /// Returns the health. Retries if the system had no thread available.
    StoreHealth health() const override {
        StoreHealth health = writer_->health();
        if (start()) return health;
        health.failing = true;
        health.text = no_thread_text;
        return health;
    }
    const Recent* recent() const override { return &recent_; }

    void close(Duration limit) override {
        if (std::exchange(closed_, true) || !thread_.joinable()) return;
        queue().close();
        if (writer_->wait_for_end(limit)) thread_.join();
        else thread_.detach();
    }

private:
    bool start() const {
        const Time now = monotonic_now();
        if (thread_.joinable() || closed_) return true;
        if (tried_ != Time{} && now - tried_ < try_again) return false;
        tried_ = now;
        return start_thread(thread_, "store", [held = writer_] { held->run(); });
    }
    WriteQueue& queue() { return writer_->queue(); }

    std::shared_ptr<Writer> writer_;
    Recent recent_;
    mutable std::thread thread_;
    mutable Time tried_{};
    bool closed_ = false;
};

constexpr std::size_t most_loads = 4096;  // including names from the past

/// Reads settings and rule state from a connection, or uses defaults. Returns the damage of the settings.
std::string read_into(Connection& db, OpenedStore& store) {
    Result<CheckedSettings> settings = read_checked_settings(db, *store.settings);
    if (settings) store.settings = std::make_shared<const Settings>(std::move(settings.value().settings));
    else store.notes.push_back(settings.failure().text + "; using defaults");
    for (const std::string& problem : store.settings->problems) store.notes.push_back(problem);
    Result<std::optional<std::string>> state = read_rule_state(db);
    if (state) store.rule_state = state.value();
    else store.notes.push_back(state.failure().text);
    store.newest_row = newest_row(db);
    Statement energies = db.prepare("SELECT load, sum(energy_wh) FROM load_runs WHERE energy_wh > 0 GROUP BY load");
    while (store.run_energies.size() < most_loads && energies.row()) store.run_energies[energies.text(0)] = energies.integer(1);
    if (auto proofs = read_output_proofs(db)) store.output_proofs = std::move(proofs.value());
    return settings ? settings.value().damage : std::string();
}

/// Reads the settings of the newest readable copy. They count as coming from no file, so that the file's own replace them.
bool read_from_copies(const std::string& path, const StoreOptions& options, OpenedStore& store) {
    std::vector<std::string> copies{settings_copy_of(path)};
    for (std::string& copy : copies_of(path)) copies.push_back(std::move(copy));
    for (const std::string& copy : copies) {
        if (file_size(copy) == 0) continue;
        Result<Connection> db = open_reading(copy, options.database);
        if (!db) continue;
        Result<Settings> settings = read_settings(db.value(), *store.settings);
        if (!settings || !settings.value().problems.empty()) continue;
        settings.value().revision = no_file;
        store.settings = std::make_shared<const Settings>(std::move(settings.value()));
        store.notes.push_back("the settings of " + copy + " are used until then");
        return true;
    }
    return false;
}

/// Serves without a writable file: uses its settings if they can be read, and the writer retries.
void serve_without_file(const std::string& path, const StoreOptions& options, const std::string& why, OpenedStore& store) {
    store.notes.push_back("the database is unavailable: " + why);
    Result<Connection> readable = open_to_read(path, built_in_migrations(), options.database);
    if (readable) read_into(readable.value(), store);
    else if (!read_from_copies(path, options, store)) store.notes.push_back("default settings are used until then");
}

}  // namespace

Result<OpenedStore> open_store(const std::string& path, const StoreOptions& options) {
    OpenedStore store;
    store.settings = std::make_shared<const Settings>(default_settings());
    Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), options.database);
    if (!opened && opened.failure().fault == Fault::refused) return opened.failure();
    if (opened) {
        store.notes = opened.value().notes;
        opened.value().damage = read_into(opened.value().connection, store);
    } else {
        serve_without_file(path, options, opened.failure().text, store);
    }
    auto writer = std::make_shared<Writer>(path, options, store.settings, AgeClock(store.newest_row));
    if (opened) writer->adopt(std::move(opened.value()));
    else writer->begin_failed(opened.failure().text);
    store.store = std::make_unique<DatabaseStore>(std::move(writer));
    return store;
}

Result<OpenedStore> open_store(const std::string& path) { return open_store(path, StoreOptions{}); }

}  // namespace volt
