// Settings tables for the API's threads: one connection to read and one to edit, each used by one thread at a time.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "drivers/store/settings/edit.hpp"
#include "drivers/store/settings/log.hpp"

namespace volt::api {

/// Safe from any thread. Reopens a connection after the file was replaced or an error occurred.
class SettingsFile {
public:
    /// Maximum wait for a locked database. With the wait for other edits it is below the 10 s of a request.
    static constexpr int busy_ms = 4000;
    /// Once `give_up` is set, no thread waits here. It must outlive this object.
    SettingsFile(std::string path, const std::atomic<bool>& give_up, int wait_ms = busy_ms)
        : path_(std::move(path)), lock_wait_{wait_ms, &give_up} {}
    /// Rows, with the newest change that they may contain. The rows are not older than that change.
    struct Seen {
        std::shared_ptr<const SettingsState> rows;
        std::int64_t newest = 0;  ///< settings_history.id
    };
    /// Returns all rows. Rereads them only after a commit.
    Edit<Seen> read();
    /// Returns the newest changes that match, newest first.
    Edit<std::vector<LoggedChange>> log(const LogFilter& filter);
    /// Runs one edit at a time. Returns `unavailable` after waiting 5 s behind others.
    Edit<Edited> edit(const std::function<Edit<Edited>(Connection&)>& work);

private:
    struct Opened {
        Connection db;
        std::string identity;
    };
    std::optional<EditFailure> open(Opened& opened, bool to_write) const;

    const std::string path_;
    const LockWait lock_wait_;
    std::timed_mutex reading_, editing_;
    Opened reader_, editor_;
    std::optional<std::int64_t> version_;
    Seen seen_;
};

/// Returns the number of the newest change in the database at `path`, or 0 if there is none or it cannot be read.
std::int64_t newest_change_in(const std::string& path);

}  // namespace volt::api
