#include "daemon/api/metrics.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "drivers/store/sqlite/files.hpp"
#include "rules/names.hpp"

namespace volt::api {

namespace {

using Words = std::vector<std::string>;

/// Topic key as a metric.
struct Row {
    const char* topic;  ///< `battery`; for `miner/` and similar, the part before the slash, which also names the label
    const char* key;
    const char* name;
    const char* help;
    double scale = 1;  ///< unit of the key in units of the metric
    bool counter = false;
    Words words{};         ///< for a text: a sample for each word, 1 for the current one
    std::string is_one{};  ///< for a text: 1 for this word, 0 for others except `unknown`
};

const Words source_states{"ok", "stale", "absent", "failing"};

/// Returns every word of an enum.
template <class Enum>
Words all() {
    const auto names = names_of<Enum>();
    return {names.begin(), names.end()};
}

const std::vector<Row>& rows() {
    static const std::vector<Row> table{
        {"battery", "voltage_v", "voltd_battery_voltage_v", "Battery voltage used for decisions, in volts."},
        {"battery", "age_s", "voltd_battery_age_seconds", "Age of the voltage used for decisions."},
        {"battery", "soc_pct", "voltd_battery_soc_pct", "State of charge from the voltage curve, in percent."},
        {"battery", "current_a", "voltd_battery_current_a", "Battery current in amperes, positive while charging."},
        {"battery", "power_w", "voltd_battery_power_w", "Battery power in watts, positive while charging."},
        {"battery", "temperature_c", "voltd_battery_temperature_c", "Battery temperature in degrees Celsius."},
        {"battery", "stage", "voltd_battery_stage", "Voltage stage: 1 for the active one.", 1, false, all<Stage>()},
        {"power", "pv_w", "voltd_power_pv_w", "Solar power in watts."},
        {"power", "load_w", "voltd_power_load_w", "Power of all loads in watts."},
        {"power", "grid_w", "voltd_power_grid_w", "Grid power in watts, positive while buying."},
        {"power", "base_load_w", "voltd_power_base_load_w", "Power of loads that voltd does not switch, in watts."},
        {"power", "excess_w", "voltd_power_excess_w", "Solar power beyond the base load, in watts."},
        {"power", "available_w", "voltd_power_available_w", "Power that loads may draw in the site's mode, in watts."},
        {"power", "allocated_w", "voltd_power_allocated_w", "Power kept for loads that are on, in watts."},
        {"budget", "charge_wh", "voltd_budget_charge_wh",
         "Energy in the bank above the floor of the night budget, in watt-hours."},
        {"budget", "need_wh", "voltd_budget_need_wh", "Energy kept for the house, in watt-hours."},
        {"budget", "sun_to_come_wh", "voltd_budget_sun_to_come_wh", "Solar energy still expected today, in watt-hours."},
        {"budget", "spare_wh", "voltd_budget_spare_wh",
         "Energy that loads may use, in watt-hours; negative if the house is short."},
        {"budget", "known", "voltd_budget_known", "Whether all inputs of the night budget are known."},
        {"miner", "state", "voltd_miner_state", "State of a miner: 1 for the active one.", 1, false, all<LoadState>()},
        {"miner", "wanted", "voltd_miner_wanted", "Whether a miner should be on.", 1, false, {}, "on"},
        {"miner", "power_w", "voltd_miner_power_w", "Power of a miner in watts."},
        {"miner", "energy_wh", "voltd_miner_energy_wh_total", "Energy used by a miner according to its meter, in watt-hours.", 1,
         true},
        {"miner",
         "override",
         "voltd_miner_override",
         "Override of a miner: 1 for the active one.",
         1,
         false,
         {"auto", "on", "off"}},
        {"miner", "starts_today", "voltd_miner_starts_today", "Miner starts today (local time)."},
        {"miner", "runtime_today_s", "voltd_miner_runtime_today_seconds", "Miner runtime today (local time)."},
        {"zone", "temperature_c", "voltd_zone_temperature_c", "Temperature of a zone in degrees Celsius."},
        {"zone", "fan_level", "voltd_zone_fan_level", "Reported fan level of a zone."},
        {"zone", "fan_wanted", "voltd_zone_fan_wanted", "Wanted fan level of a zone."},
        {"zone", "heat", "voltd_zone_heat", "Heat source of a zone: 1 for the active one.", 1, false, {"off", "miner", "heater"}},
        {"output", "commanded", "voltd_output_commanded", "Whether an output is commanded on.", 1, false, {}, "on"},
        {"output", "reported", "voltd_output_reported", "Whether an output reports on.", 1, false, {}, "on"},
        {"output", "measured_w", "voltd_output_measured_w", "Power of an output according to its meter, in watts."},
        {"output", "level", "voltd_output_level", "Level of an output."},
        {"output", "available", "voltd_output_available", "Whether the device of an output is online."},
        {"output", "lease_left_s", "voltd_output_lease_left_seconds", "Time until an output's lease timer ends."},
        {"output", "confirmed_ms", "voltd_output_confirmed_seconds", "Time from the last command to its confirmation.", 0.001},
        {"charge", "order", "voltd_charge_allowed", "Whether charging is allowed.", 1, false, {}, "allowed"},
        {"source", "state", "voltd_source_state", "State of a source: 1 for the active one.", 1, false, source_states},
        {"source", "age_s", "voltd_source_age_seconds", "Age of the newest answer of a source."},
        {"source", "failures", "voltd_source_failures_total", "Failed polls of a source.", 1, true},
        {"source", "rtt_ms", "voltd_source_rtt_seconds", "Round-trip time of a source.", 0.001},
        {"site", "mode", "voltd_site_mode", "Mode of the site: 1 for the active one.", 1, false, all<SiteMode>()},
        {"site", "degraded", "voltd_site_degraded", "Whether the site runs on a fallback source."},
        {"site", "commands", "voltd_site_commands_live", "Whether outputs are commanded (0: shadow).", 1, false, {}, "live"},
        {"site", "clock_trusted", "voltd_site_clock_trusted", "Whether the wall clock is trusted."},
    };
    return table;
}

class Families {
public:
    void add(const std::string& name, const std::string& help, bool counter, Labels labels, double value) {
        auto found = std::find_if(families_.begin(), families_.end(), [&](const Family& it) { return it.name == name; });
        if (found == families_.end()) found = families_.insert(found, {name, help, counter, {}});
        found->samples.push_back({std::move(labels), value});
    }
    void gauge(const std::string& name, const std::string& help, double value) { add(name, help, false, {}, value); }
    void gauge(const std::string& name, const std::string& help, const std::optional<double>& value) {
        if (value) gauge(name, help, *value);
    }
    void count(const std::string& name, const std::string& help, double value) { add(name, help, true, {}, value); }

    void add(const Row& row, const Labels& labels, const Object& value) {
        if (value.is_number()) return add(row.name, row.help, row.counter, labels, value.get<double>() * row.scale);
        if (value.is_boolean()) return add(row.name, row.help, row.counter, labels, value.get<bool>() ? 1 : 0);
        if (!value.is_string() || value == "unknown") return add_state(row, labels, value);
        if (!row.is_one.empty()) return add(row.name, row.help, false, labels, value == row.is_one ? 1 : 0);
        add_state(row, labels, value);
    }

    std::vector<Family> take() { return std::move(families_); }

private:
    void add_state(const Row& row, const Labels& labels, const Object& value) {
        for (const std::string& word : row.words) {
            Labels with = labels;
            with.emplace_back("state", word);
            add(row.name, row.help, false, std::move(with), value == word ? 1 : 0);
        }
    }

    std::vector<Family> families_;
};

/// Splits `miner/x` into `miner` and `x`.
std::pair<std::string, std::string> parts_of(const std::string& topic) {
    const std::size_t slash = topic.find('/');
    return slash == std::string::npos ? std::pair{topic, std::string()}
                                      : std::pair{topic.substr(0, slash), topic.substr(slash + 1)};
}

void add_topic(Families& families, const std::string& topic, const Object& object) {
    const auto [kind, subject] = parts_of(topic);
    const Labels labels = subject.empty() ? Labels{} : Labels{{kind, subject}};
    for (const Row& row : rows())
        if (kind == row.topic && object.contains(row.key)) families.add(row, labels, object[row.key]);
}

void add_alarm(Families& families, const std::string& topic, const Object& object) {
    const auto [code, subject] = parts_of(parts_of(topic).second);
    families.add("voltd_alarm", "Active alarms.", false,
                 {{"code", code}, {"subject", subject}, {"severity", object.value("severity", "")}}, 1);
}

double seconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e6; }

void add_loop(Families& families, const LoopFigures& loop) {
    families.count("voltd_loop_turns_total", "Completed turns of the control loop.", static_cast<double>(loop.turns));
    families.gauge("voltd_loop_turn_seconds", "Duration of the last turn.", seconds(loop.last_turn));
    families.gauge("voltd_loop_longest_turn_seconds", "Longest turn since voltd started.", seconds(loop.longest_turn));
    families.gauge("voltd_loop_longest_delay_seconds", "Longest delay of a turn's start since voltd started.",
                   seconds(loop.longest_delay));
    families.count("voltd_loop_delay_seconds_total", "Start delay of turns.", seconds(loop.all_delays));
}

void add_store(Families& families, const StoreHealth& store) {
    families.gauge("voltd_store_failing", "Whether the database currently cannot be written.", store.failing ? 1 : 0);
    families.gauge("voltd_store_queued_rows", "Rows waiting to be written.", static_cast<double>(store.queued));
    families.count("voltd_store_dropped_rows_total", "Rows dropped.", static_cast<double>(store.dropped));
    families.count("voltd_store_written_rows_total", "Rows written.", static_cast<double>(store.rows_written));
    families.count("voltd_store_written_bytes_total", "Bytes written to the file system.",
                   static_cast<double>(store.bytes_written));
    families.count("voltd_store_commits_total", "Commits to the database.", static_cast<double>(store.commits));
    families.count("voltd_store_commit_seconds_total", "Total time of database commits.", seconds(store.commit_time));
    families.gauge("voltd_store_longest_commit_seconds", "Longest database commit since voltd started.",
                   seconds(store.longest_commit));
}

/// Adds the site's thresholds, for a line beside the measured voltage.
void add_settings(Families& families, const Preferences& set) {
    const std::pair<const char*, std::optional<Volts>> rows[] = {{"voltage_shutdown", set.shutdown},
                                                                 {"voltage_critical_low", set.critical_low},
                                                                 {"voltage_low", set.low},
                                                                 {"voltage_restart", set.restart},
                                                                 {"voltage_optimal_min", set.optimal_min},
                                                                 {"voltage_optimal_max", set.optimal_max},
                                                                 {"voltage_float", set.float_v},
                                                                 {"voltage_absorption", set.absorption},
                                                                 {"voltage_full", set.full},
                                                                 {"battery_absolute_max", set.absolute_max},
                                                                 {"reserve_voltage", set.reserve}};
    for (const auto& [name, volts] : rows)
        if (volts)
            families.add("voltd_setting", "Thresholds of the site, in volts.", false, {{"name", name}},
                         static_cast<double>(volts->steps) / 100);
}

void add_page(Families& families, const StatusSnapshot& page) {
    for (const auto& [topic, text] : page.objects) {
        const Object object = Object::parse(text, nullptr, false);
        if (!object.is_object()) continue;
        if (topic == "site")
            families.add("voltd_build_info", "Version of voltd.", false, {{"version", object.value("version", "")}}, 1);
        topic.starts_with("alarm/") ? add_alarm(families, topic, object) : add_topic(families, topic, object);
    }
    if (page.preferences) add_settings(families, *page.preferences);
    for (const DecisionCount& it : page.decisions)
        families.add("voltd_decisions_total", "Decisions since voltd started.", true,
                     {{"load", it.load}, {"to", it.to}, {"reason", it.reason}}, static_cast<double>(it.count));
    add_loop(families, page.loop);
    add_store(families, page.store);
}

void add_database(Families& families, const DatabaseFigures& database) {
    families.gauge("voltd_store_file_bytes", "Size of the database file.", database.file_bytes);
    families.gauge("voltd_store_wal_bytes", "Size of the database's write-ahead log.", database.wal_bytes);
    families.gauge("voltd_store_free_bytes", "Free space of the database's file system.", database.free_bytes);
    if (!database.queries) return;
    families.count("voltd_store_queries_total", "History queries by the API.", static_cast<double>(database.queries->count));
    families.count("voltd_store_query_seconds_total", "Total time of history queries.", seconds(database.queries->all));
    families.gauge("voltd_store_longest_query_seconds", "Longest history query since voltd started.",
                   seconds(database.queries->longest));
}

void add_process(Families& families, const ProcessFigures& process) {
    families.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", process.resident_bytes);
    if (process.cpu_s)
        families.count("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", *process.cpu_s);
    families.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", process.started_s);
    families.gauge("process_open_fds", "Number of open file descriptors.", process.open_files);
}

/// Returns field `n` (from 1) of /proc/self/stat, counted after the name, which may contain anything.
std::optional<double> stat_field(const std::string& stat, int n) {
    const std::size_t end = stat.rfind(')');
    if (end == std::string::npos) return std::nullopt;
    std::istringstream rest(stat.substr(end + 1));
    std::string word;
    for (int i = 3; i <= n; ++i)
        if (!(rest >> word)) return std::nullopt;
    return std::strtod(word.c_str(), nullptr);
}

std::optional<double> boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string key; file >> key;) {
        double value = 0;
        if (key == "btime" && file >> value) return value;
        file.ignore(4096, '\n');
    }
    return std::nullopt;
}

}  // namespace

ProcessFigures process_figures() {
    ProcessFigures figures;
    std::string stat;
    std::getline(std::ifstream("/proc/self/stat"), stat);
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto user = stat_field(stat, 14), system = stat_field(stat, 15), start = stat_field(stat, 22);
    if (user && system) figures.cpu_s = (*user + *system) / ticks;
    double all_pages = 0, resident = 0;  // not from stat: an emulator of another processor fills that itself, with zeros
    if (std::ifstream("/proc/self/statm") >> all_pages >> resident)
        figures.resident_bytes = resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (const auto boot = boot_time(); boot && start) figures.started_s = *boot + *start / ticks;
    std::error_code error;
    double files = 0;
    for (auto it = std::filesystem::directory_iterator("/proc/self/fd", error);
         !error && it != std::filesystem::directory_iterator(); it.increment(error))
        ++files;
    if (!error) figures.open_files = files;
    return figures;
}

DatabaseFigures database_figures(const std::string& path, const QueryTimes& times) {
    DatabaseFigures figures;
    if (path.empty()) return figures;
    figures.file_bytes = static_cast<double>(file_size(path));
    figures.wal_bytes = static_cast<double>(file_size(path + "-wal"));
    struct statvfs found {};
    if (::statvfs(directory_of(path).c_str(), &found) == 0)
        figures.free_bytes = static_cast<double>(found.f_frsize) * static_cast<double>(found.f_bavail);
    figures.queries = times.figures();
    return figures;
}

std::vector<Family> families_of(const StatusSnapshot* page, const ProcessFigures& process, const DatabaseFigures& database) {
    Families families;
    if (page != nullptr) add_page(families, *page);
    add_database(families, database);
    add_process(families, process);
    return families.take();
}

}  // namespace volt::api
