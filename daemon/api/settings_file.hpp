// The settings tables as the API's threads reach them: one connection to read, one to edit, each for one thread at a time.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "drivers/store/settings/edit.hpp"
#include "drivers/store/settings/log.hpp"

namespace volt::api {

/// Safe from any thread. A connection is opened anew when the file was exchanged or something went wrong with it.
class SettingsFile {
public:
    /// How long a locked database is waited for: with the wait for other edits below the 10 s of a request.
    static constexpr int busy_ms = 4000;
    /// Once `give_up` is set, no thread waits here any more. It must outlive this.
    SettingsFile(std::string path, const std::atomic<bool>& give_up, int wait_ms = busy_ms)
        : path_(std::move(path)), lock_wait_{wait_ms, &give_up} {}
    /// The rows, and the newest change of any that they may hold: not older than it.
    struct Seen {
        std::shared_ptr<const SettingsState> rows;
        std::int64_t newest = 0;  ///< settings_history.id
    };
    /// All rows; read again only after a commit since.
    Edit<Seen> read();
    /// The newest changes that fit, newest first.
    Edit<std::vector<LoggedChange>> log(const LogFilter& filter);
    /// One edit at a time; `unavailable` after 5 s behind others.
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

/// Number of the newest change in the database at `path`; 0: none, or it cannot be read.
std::int64_t newest_change_in(const std::string& path);

}  // namespace volt::api
