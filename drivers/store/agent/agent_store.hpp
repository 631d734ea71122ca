// agent.db: the data that volt-agent keeps, in a separate file next to its program. voltd never opens it.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Migrations of schema/agent.
const std::vector<Migration>& agent_migrations();

/// Limits of age and size. Older rows are removed first.
struct AgentKeep {
    int conversations_days = 400;  ///< since the last message, 1 to 4000
    int log_days = 90;             ///< 1 to 4000
    int megabytes = 64;            ///< 1 to 1024; limit of the file
};

/// A time by two clocks: one that may be set, and one that only runs forward until the next boot.
struct AgentMoment {
    std::int64_t wall_ms = 0;  ///< since 1970 UTC
    std::int64_t up_ms = 0;    ///< since `boot`, including sleep
    std::string boot{};        ///< id of this boot, or empty if unknown
};
AgentMoment agent_now();
/// Returns the id of this boot in 32 digits: the kernel's, or VOLT_BOOT_ID, set by systemd, in a sandbox that hides the kernel's.
std::string boot_id(const std::string& kernel_file);

/// The file. The first kept row creates it. A broken one is moved aside (`agent.db.broken-<time>`, the last two are kept) and
/// replaced. Several processes and threads may use it at once: each action is one transaction, and waits up to 5 s for its turn.
class AgentStore {
public:
    using Act = std::function<SqlStatus(Connection&)>;

    explicit AgentStore(std::string path, AgentKeep keep = {}) : path_(std::move(path)), keep_(keep) {}
    AgentStore(const AgentStore&) = delete;
    AgentStore& operator=(const AgentStore&) = delete;

    /// Runs `act` in a transaction that is durable on return. Returns empty on success; else "not kept: …" and the reason. `act`
    /// may run twice.
    std::string keep(const Act& act);
    /// Runs `act`, which only reads; skips it if nothing was kept yet. Returns empty on success.
    std::string read(const Act& act);
    /// Removes rows, and then their last traces from the file and its log.
    std::string erase(const Act& act);
    /// Removes at most 1,000 rows of each table that are older than `keep` allows, or exceed the file's limit. Returns true if
    /// there may be more.
    bool tend(std::int64_t wall_ms);

    /// Returns once that a broken file was moved aside, or an empty string if none was. The log has it too.
    std::string take_note();

    const std::string& path() const { return path_; }

private:
    std::string run(const Act& act, bool keeps);
    std::string open(bool keeps);
    Result<Connection> open_now(bool keeps) const;
    SqlStatus remove_old(std::int64_t wall_ms, std::int64_t most_bytes, std::int64_t& removed);
    void move_aside();

    const std::string path_;
    const AgentKeep keep_;
    std::mutex mutex_;  ///< guards everything below
    Connection db_;
    std::string note_;             ///< note about the file that was moved aside
    std::string identity_;         ///< identity of the file that db_ has open
    std::int64_t tended_day_ = 0;  ///< day on which retention found nothing more
};

/// Returns the value, unless there was an error.
template <class T>
Result<T> value_unless(const std::string& wrong, T value) {
    if (!wrong.empty()) return Failure{Fault::refused, wrong};
    return value;
}

/// Rows that one step of retention removes from a table.
inline constexpr std::int64_t retention_step = 1000;

}  // namespace volt
