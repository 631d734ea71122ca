// Examination: gathers the facts of all groups at once, each with a deadline, and judges them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/gather.hpp"

namespace volt::ctl::doctor {

/// All results together come within this time.
inline constexpr std::chrono::seconds longest_examination{85};

struct Examination {
    std::vector<Check> checks;  ///< in the order of the catalog
    bool left_threads = false;  ///< one still hangs in the system: leave without waiting for it
};

/// What gathers and judges some groups on a thread of its own. May block; must not change anything.
struct Job {
    std::vector<std::string> groups;
    std::function<std::vector<Check>()> run;
};

/// Runs all jobs at once. A job that throws or is not through by `limit` gives one failed check `GROUP.group` for each of its groups.
Examination run_jobs(const std::vector<Job>& jobs, std::chrono::milliseconds limit);

/// The jobs of the groups in `wanted`; empty: of all.
std::vector<Job> jobs_of(const std::shared_ptr<const Subject>& subject, const std::vector<std::string>& wanted);

/// `groups`: those wanted; empty: all. Counts the time that reading the subject takes too.
Examination examine(const std::shared_ptr<const Subject>& subject, const std::vector<std::string>& groups,
                    std::chrono::milliseconds limit);

}  // namespace volt::ctl::doctor
