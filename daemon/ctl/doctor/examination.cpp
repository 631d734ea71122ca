#include "daemon/ctl/doctor/examination.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt::ctl::doctor {

namespace {

using Wanted = std::vector<std::string>;
using Holder = std::shared_ptr<const Subject>;

/// Results of all jobs, shared with threads that may outlive the examination.
struct Results {
    std::mutex mutex;
    std::condition_variable done;
    std::vector<std::optional<std::vector<Check>>> of_jobs;
    std::size_t left = 0;
};

std::string group_of(const std::string& id) { return id.substr(0, id.find('.')); }

std::vector<Check> failed(const Job& job, const std::string& why) {
    std::vector<Check> checks;
    for (const std::string& group : job.groups)
        checks.push_back({group + ".group", fail("could not be examined: " + why, "voltctl doctor " + group + " once more")});
    return checks;
}

std::vector<Check> results_of(const Job& job) {
    const Time begin = monotonic_now();
    std::vector<Check> checks;
    try {
        checks = job.run();
    } catch (const std::exception& error) { checks = failed(job, error.what()); }
    const auto ms = (monotonic_now() - begin).count();
    for (Check& check : checks) check.ms = ms;
    return checks;
}

bool start(const Job& job, const std::shared_ptr<Results>& results, std::size_t index) {
    std::thread thread;
    const bool started = start_thread(thread, "doctor", [job, results, index] {
        std::vector<Check> checks = results_of(job);
        const std::lock_guard lock(results->mutex);
        results->of_jobs[index] = std::move(checks);
        --results->left;
        results->done.notify_all();
    });
    if (started) thread.detach();
    return started;
}

/// Returns the position of the check's group in the catalog. Further ones (`sol_ark_2`) sort next to their kind.
std::size_t place_of(const Check& check) {
    const auto& all = catalog();
    const std::string group = group_of(check.id);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (group == all[i].first || group.starts_with(all[i].first + "_")) return i;
    return all.size();
}

/// Returns failed checks for groups that need a valid configuration.
std::vector<Check> without_config(const Wanted& groups) {
    std::vector<Check> checks;
    for (const std::string& group : groups)
        checks.push_back({group + ".group", skipped("voltd.yaml has problems: see group config")});
    return checks;
}

void add(std::vector<Check>& to, std::vector<Check> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Devices examined concurrently, because each may be silent for long.
struct Devices {
    DeviceFacts gx;
    std::vector<std::pair<std::string, DeviceFacts>> sol_arks{{"sol_ark", {}}};
};

Devices gather_devices(const Subject& subject) {
    Devices devices;
    const Config& config = subject.config();
    if (config.sol_ark_2) devices.sol_arks.push_back({"sol_ark_2", {}});
    std::thread gx;
    const bool apart = start_thread(gx, "doctor-gx", [&] { devices.gx = gx_facts(subject); });
    // Examine one after the other: two inverters may be behind one gateway.
    for (auto& [source, facts] : devices.sol_arks)
        facts = sol_ark_facts(subject, source, source == "sol_ark" ? config.sol_ark : config.sol_ark_2);
    if (apart) gx.join();
    else devices.gx = gx_facts(subject);
    const auto& units = devices.sol_arks.front().second.units;
    if (!units.empty()) devices.gx.other_cv = units.front().voltage_cv;
    return devices;
}

std::vector<Check> examine_devices(const Subject& subject) {
    Devices devices = gather_devices(subject);
    std::vector<Check> checks = clock_checks(clock_facts(subject, devices.gx));
    if (!subject.parsed.config) {
        add(checks, without_config({"gx", "sol_ark", "charge"}));
        return checks;
    }
    add(checks, gx_checks(devices.gx));
    for (const auto& [source, facts] : devices.sol_arks) add(checks, sol_ark_checks(source, facts));
    devices.sol_arks.emplace_back("victron", devices.gx);
    add(checks, charge_checks(charge_facts(subject, devices.sol_arks)));
    return checks;
}

std::vector<Check> examine_broker(const Subject& subject) {
    if (!subject.parsed.config) return without_config({"broker", "ha", "outputs", "sensors"});
    const BrokerFacts broker = broker_facts(subject);
    std::vector<Check> checks = broker_checks(broker);
    add(checks, home_assistant_checks(broker));
    add(checks, output_checks(output_facts(subject, broker)));
    add(checks, sensor_checks(sensor_facts(subject)));
    return checks;
}

std::vector<Check> examine_rules(const Subject& subject) {
    if (!subject.parsed.config) return without_config({"rules"});
    return rule_checks(rule_facts(subject));
}

bool wants_any(const Wanted& wanted, const Wanted& groups) {
    return wanted.empty() || std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
               return std::find(wanted.begin(), wanted.end(), group) != wanted.end();
           });
}

}  // namespace

std::vector<Job> jobs_of(const Holder& subject, const Wanted& wanted) {
    std::vector<Job> all{{{"machine"}, [subject] { return machine_checks(machine_facts(*subject)); }},
                         {{"disk"}, [subject] { return disk_checks(disk_facts(*subject)); }},
                         {{"permissions"}, [subject] { return permission_checks(permission_facts(*subject)); }},
                         {{"config"}, [subject] { return config_checks(config_facts(*subject)); }},
                         {{"database"}, [subject] { return database_checks(database_facts(*subject)); }},
                         {{"service"}, [subject] { return service_checks(service_facts(*subject)); }},
                         {{"api"}, [subject] { return api_checks(api_facts(*subject)); }},
                         {{"rules"}, [subject] { return examine_rules(*subject); }},
                         {{"fleet"}, [subject] { return fleet_checks(fleet_facts(*subject)); }},
                         {{"clock", "gx", "sol_ark", "charge"}, [subject] { return examine_devices(*subject); }},
                         {{"broker", "ha", "outputs", "sensors"}, [subject] { return examine_broker(*subject); }}};
    std::erase_if(all, [&](const Job& job) { return !wants_any(wanted, job.groups); });
    return all;
}

Examination run_jobs(const std::vector<Job>& jobs, std::chrono::milliseconds limit) {
    const auto results = std::make_shared<Results>();
    results->of_jobs.resize(jobs.size());
    results->left = jobs.size();
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (start(jobs[i], results, i)) continue;
        std::vector<Check> checks = results_of(jobs[i]);
        const std::lock_guard lock(results->mutex);
        results->of_jobs[i] = std::move(checks);
        --results->left;
    }
    Examination examination;
    std::unique_lock lock(results->mutex);
    results->done.wait_for(lock, limit, [&] { return results->left == 0; });
    examination.left_threads = results->left > 0;
    for (std::size_t i = 0; i < jobs.size(); ++i)
        add(examination.checks,
            results->of_jobs[i] ? *results->of_jobs[i] : failed(jobs[i], fmt::format("it hung for {} s", limit.count() / 1000)));
    return examination;
}

Examination examine(const Holder& subject, const Wanted& groups, std::chrono::milliseconds limit) {
    Examination examination = run_jobs(jobs_of(subject, groups), limit);
    // A job may cover more groups than requested.
    std::erase_if(examination.checks, [&](const Check& check) {
        const std::size_t place = place_of(check);
        return place < catalog().size() && !wants_any(groups, {catalog()[place].first});
    });
    std::stable_sort(examination.checks.begin(), examination.checks.end(),
                     [](const Check& a, const Check& b) { return place_of(a) < place_of(b); });
    return examination;
}

}  // namespace volt::ctl::doctor
