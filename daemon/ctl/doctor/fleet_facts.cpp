// Gathers facts about the uplink to a hub of many sites: files of fleet-join, the agent's service, queue and journal.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/ctl/doctor/gather.hpp"
#include "daemon/ctl/doctor/run_program.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "daemon/host/certificate.hpp"

namespace volt::ctl::doctor {

namespace {

namespace fs = std::filesystem;

constexpr const char* agent = "voltd-fleet.service";
constexpr std::chrono::seconds agent_limit{5};
constexpr std::size_t most_queues = 16;  // there is one for each address of a hub
// The agent tries a refused block again within a minute.
constexpr const char *journal_since = "--since=-3min", *journal_lines = "--lines=100";

/// Returns the bytes that were written to the queues and not read yet (a file keeps its size until 512 MB went through it), or
/// nothing if this user may not read them.
std::optional<std::uint64_t> queued_bytes(const fs::path& directory) {
    std::error_code failed;
    std::uint64_t sum = 0;
    std::size_t seen = 0;
    for (fs::directory_iterator queue(directory / "persistent-queue", failed), end; !failed && queue != end && seen < most_queues;
         queue.increment(failed), ++seen) {
        std::ifstream file(queue->path() / "metainfo.json");
        if (!file) return std::nullopt;
        const Json offsets = Json::parse(file, nullptr, false);
        const auto read = number(offsets, "ReaderOffset"), written = number(offsets, "WriterOffset");
        if (read && written && *written > *read) sum += static_cast<std::uint64_t>(*written - *read);
    }
    if (failed == std::errc::no_such_file_or_directory) return 0;
    return failed ? std::nullopt : std::optional(sum);
}

std::string active_state() {
    const auto shown = run_program({"systemctl", "show", agent, "--property=ActiveState"}, agent_limit);
    std::istringstream lines(shown && shown->code == 0 ? shown->text : "");
    const std::string key = "ActiveState=";
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(key)) return line.substr(key.size());
    return {};
}

/// Returns true if the agent logged within the last minutes that the hub refused a block.
std::optional<bool> is_refused() {
    const auto shown =
        run_program({"journalctl", "-u", agent, journal_since, journal_lines, "-o", "cat", "-q", "--no-pager"}, agent_limit);
    if (!shown || shown->code != 0) return std::nullopt;
    std::istringstream lines(shown->text);
    for (std::string line; std::getline(lines, line);)
        if (line.find("403") != std::string::npos && line.find("status code") != std::string::npos) return true;
    return false;
}

}  // namespace

FleetFacts fleet_facts(const Subject& subject) {
    FleetFacts facts;
    if (subject.config_path != default_config && subject.root.empty()) return facts;  // another voltd than the service's
    const fs::path files = subject.root + "/etc/voltd/fleet";
    std::error_code failed;
    facts.joined = fs::exists(files / "hub.env", failed);
    if (!facts.joined) return facts;
    facts.active = active_state();
    facts.queue_bytes = queued_bytes(subject.root + "/var/lib/voltd-fleet");
    facts.refused = is_refused();
    if (const auto end = first_to_end(files / "site.crt")) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        facts.days_left = std::chrono::floor<std::chrono::days>(end->at - now).count();
    }
    return facts;
}

}  // namespace volt::ctl::doctor
