// History database as the API's threads read it: a connection kept for the next reader, and one long answer at a time, since a
// big one needs tens of megabytes.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "daemon/api/http/answers.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::api {

/// Durations of history queries since the start. Safe from any thread.
class QueryTimes {
public:
    struct Figures {
        std::uint64_t count = 0;
        std::chrono::microseconds all{}, longest{};
    };
    void add(std::chrono::steady_clock::duration took);
    Figures figures() const;

private:
    mutable std::mutex mutex_;
    Figures figures_;
};

class HistoryFile {
public:
    /// Once `give_up` is set, no query continues. Both it and `times` (null: not measured) must outlive this object.
    HistoryFile(std::string path, const std::atomic<bool>& give_up, QueryTimes* times = nullptr)
        : path_(std::move(path)), lock_wait_{busy_ms, &give_up}, times_(times) {}

    /// Waits for other readers. After 5 s the returned lock owns nothing.
    std::unique_lock<std::timed_mutex> lock() { return std::unique_lock(mutex_, read_wait_limit); }
    /// Returns the result of `work(Connection&)`. Opens the file if necessary. Call only with the lock.
    template <class Work>
    auto read(const Work& work) -> decltype(work(std::declval<Connection&>())) {
        const std::string identity = file_identity(path_);
        if (!reader_ || identity != identity_) {
            reader_.close();
            auto opened = open_reader(path_);
            if (!opened) return opened.failure();
            reader_ = std::move(opened.value());
            reader_.wait_with(lock_wait_);
            identity_ = identity;
        }
        const auto begun = std::chrono::steady_clock::now();
        auto result = work(reader_);
        if (times_ != nullptr) times_->add(std::chrono::steady_clock::now() - begun);
        if (!result && result.failure().fault != Fault::refused) reader_.close();
        return result;
    }
    /// Returns 400 with the existing series if the query was rejected, else 503. Call only with the lock.
    HttpAnswer refusal(const Failure& failure);

private:
    static constexpr std::chrono::seconds read_wait_limit{5};
    static constexpr int busy_ms = 2000;

    const std::string path_;
    const LockWait lock_wait_;
    QueryTimes* const times_;
    std::timed_mutex mutex_;
    Connection reader_;
    std::string identity_;
};

inline constexpr const char* history_busy_text = "history is busy; try again";

/// Reads ISO 8601 UTC, with or without seconds. If the key is missing, `into` is unchanged.
std::optional<HttpAnswer> read_time(const HttpRequest& request, const char* key, std::optional<Utc>& into);
/// Reads a whole number within these bounds. If the key is missing, `into` is unchanged.
std::optional<HttpAnswer> read_number(const HttpRequest& request, const char* key, std::int64_t least, std::int64_t most,
                                      std::int64_t& into);

}  // namespace volt::api
