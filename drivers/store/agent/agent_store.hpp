// agent.db: what volt-agent keeps. A file of its own beside its program; voltd never opens it.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// The steps of schema/agent.
const std::vector<Migration>& agent_migrations();

/// How long, and how much: older rows go first.
struct AgentKeep {
    int conversations_days = 400;  ///< 1 to 4000; since the last message
    int log_days = 90;             ///< 1 to 4000
    int megabytes = 64;            ///< 1 to 1024; the file is never larger
};

/// A moment by two clocks: one that may be set, and one that only runs forward until the next boot.
struct AgentMoment {
    std::int64_t wall_ms = 0;  ///< since 1970 UTC
    std::int64_t up_ms = 0;    ///< since `boot`, also while the machine slept
    std::string boot{};        ///< the id of this boot; empty: not known here
};
AgentMoment agent_now();
/// The id of this boot in 32 digits: the kernel's, or in a sandbox that hides that one VOLT_BOOT_ID, which systemd fills in.
std::string boot_id(const std::string& kernel_file);

/// The file. It is made with the first row that is kept; a broken one is moved aside (`agent.db.broken-<time>`, the last two stay)
/// and begun anew. Several processes and threads may use it at once: each act is one transaction, and waits 5 s for its turn.
class AgentStore {
public:
    using Act = std::function<SqlStatus(Connection&)>;

    explicit AgentStore(std::string path, AgentKeep keep = {}) : path_(std::move(path)), keep_(keep) {}
    AgentStore(const AgentStore&) = delete;
    AgentStore& operator=(const AgentStore&) = delete;

    /// Runs `act` in a transaction that is durable when this returns. Empty: kept; else "not kept: …" and why. `act` may run twice.
    std::string keep(const Act& act);
    /// Runs `act`, which only reads; not at all where nothing was kept yet. Empty: well.
    std::string read(const Act& act);
    /// Removes rows, and then their last traces from the file and its log.
    std::string erase(const Act& act);
    /// Removes at most 1,000 rows of each table that are older than `keep` says, or too many for the file. True: there may be more.
    bool tend(std::int64_t wall_ms);

    /// That a broken file was moved aside, once; empty: none was. The log has it too.
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
    std::mutex mutex_;  ///< of all below
    Connection db_;
    std::string note_;             ///< of the file that was moved aside
    std::string identity_;         ///< of the file that db_ has open
    std::int64_t tended_day_ = 0;  ///< retention found nothing more on this day
};

/// What an act read, unless something was wrong.
template <class T>
Result<T> value_unless(const std::string& wrong, T value) {
    if (!wrong.empty()) return Failure{Fault::refused, wrong};
    return value;
}

/// Rows that one step of retention removes from a table.
inline constexpr std::int64_t retention_step = 1000;

}  // namespace volt
