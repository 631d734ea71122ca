#include "daemon/api/backup.hpp"

#include <sys/statvfs.h>

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "daemon/explain/phrase.hpp"
#include "drivers/source.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/thread.hpp"

namespace volt::api {

namespace {

constexpr int backup_busy_ms = 5000;
constexpr Duration end_limit = 2s;

std::string target_of(const std::string& database) { return database + ".backup"; }

/// Returns an empty string if there is room for a second database, or the problem.
std::string room_problem(const std::string& database) {
    struct statvfs disk {};
    if (::statvfs(directory_of(database).c_str(), &disk) != 0) return {};
    const std::uint64_t free = std::uint64_t{disk.f_frsize} * disk.f_bavail;
    const std::uint64_t need = file_size(database) + file_size(database + "-wal") + BackupMaker::spare_bytes;
    if (free >= need) return {};
    return "not enough space for a copy: " + std::to_string(need / 1'000'000) + " MB are needed, " +
           std::to_string(free / 1'000'000) + " MB are free. Copy the settings instead, or use `voltctl db backup` to a stick";
}

}  // namespace

struct BackupMaker::Job {
    std::atomic<bool> give_up = false;
    std::mutex mutex;
    std::condition_variable ended;
    Status status;
    std::optional<Time> made_at;  ///< newest one

    void end(const Result<std::string>& made) {
        {
            const std::lock_guard lock(mutex);
            show(made);
        }
        ended.notify_all();
    }
    void show(const Result<std::string>& made) {
        status = made ? Status{.state = State::ready, .file = made.value(), .bytes = file_size(made.value()), .made = wall_now()}
                      : Status{.state = State::failed, .text = made.failure().text};
        if (made) made_at = monotonic_now();
    }
    void run(const std::string& database) {
        Result<Connection> db = open_reader(database);
        const LockWait wait{backup_busy_ms, &give_up};
        if (db) db.value().wait_with(wait);
        end(db ? copy_database_to(db.value(), target_of(database), true) : Result<std::string>(db.failure()));
    }
};

BackupMaker::BackupMaker(std::string database) : database_(std::move(database)), job_(std::make_shared<Job>()) {
    for (const char* part : {"", ".tmp", ".tmp-journal"}) remove_file(target_of(database_) + part);
}

BackupMaker::~BackupMaker() {
    job_->give_up = true;
    if (!thread_.joinable()) return;
    wait(end_limit);
    if (status({}).state != State::making) thread_.join();
    else thread_.detach();
}

std::string BackupMaker::begin(Time now) {
    const std::lock_guard one(beginning_);
    const Status before = status(now);
    if (before.state == State::making) return "a copy is being made";
    if (before.wait > Duration{}) return fmt::format("the newest copy is less than {} old; download that one", phrase(pause));
    if (std::string problem = room_problem(database_); !problem.empty()) return problem;
    if (thread_.joinable()) thread_.join();  // it has already ended
    {
        const std::lock_guard lock(job_->mutex);
        job_->status = {.state = State::making};
    }
    if (start_thread(thread_, "backup", [job = job_, database = database_] { job->run(database); })) return {};
    job_->end(Failure{Fault::retry, no_thread_text});
    return no_thread_text;
}

BackupMaker::Status BackupMaker::status(Time now) const {
    const std::lock_guard lock(job_->mutex);
    Status status = job_->status;
    if (job_->made_at) status.wait = std::max(Duration{}, *job_->made_at + pause - now);
    return status;
}

void BackupMaker::wait(Duration at_most) const {
    std::unique_lock lock(job_->mutex);
    job_->ended.wait_for(lock, at_most, [this] { return job_->status.state != State::making; });
}

const char* name_of(BackupMaker::State state) {
    switch (state) {
        case BackupMaker::State::making: return "making";
        case BackupMaker::State::ready: return "ready";
        case BackupMaker::State::failed: return "failed";
        case BackupMaker::State::none: break;
    }
    return "none";
}

}  // namespace volt::api
