// Examination: gathers the facts of all groups concurrently, each with a deadline, and judges them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/gather.hpp"

namespace volt::ctl::doctor {

/// Maximum time for all results together.
inline constexpr std::chrono::seconds longest_examination{85};

struct Examination {
    std::vector<Check> checks;  ///< in the order of the catalog
    bool left_threads = false;  ///< one still hangs in the system: exit without waiting for it
};

/// Work that gathers and judges some groups on a separate thread. May block; must not change anything.
struct Job {
    std::vector<std::string> groups;
    std::function<std::vector<Check>()> run;
};

/// Runs all jobs concurrently. A job that throws or does not finish by `limit` gives one failed check `GROUP.group` for each of
/// its groups.
Examination run_jobs(const std::vector<Job>& jobs, std::chrono::milliseconds limit);

/// Returns the jobs of the groups in `wanted`, or of all if it is empty.
std::vector<Job> jobs_of(const std::shared_ptr<const Subject>& subject, const std::vector<std::string>& wanted);

/// Examines `groups`, or all if empty. The time to read the subject counts, too.
Examination examine(const std::shared_ptr<const Subject>& subject, const std::vector<std::string>& groups,
                    std::chrono::milliseconds limit);

}  // namespace volt::ctl::doctor
