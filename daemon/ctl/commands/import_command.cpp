// import: imports settings and telemetry of the former cloud, all or nothing.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/import/cloud_csv.hpp"
#include "daemon/ctl/import/cloud_rows.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/talk/whole_file.hpp"
#include "daemon/ctl/views/settings_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/settings/settings_json.hpp"
#include "drivers/hidden.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/settings/write.hpp"
#include "drivers/store/telemetry/imported_rows.hpp"
#include "drivers/text.hpp"
#include "rules/battery/bank.hpp"

namespace volt::ctl {

namespace {

constexpr std::int64_t minutes_kept_s = std::int64_t{400} * 86400, clocks_apart_s = 86400;
constexpr std::int64_t most_import_lines = 20'000'000;
constexpr std::int64_t least_flagged_rows = 10;  // fewer do not prove the sign of the battery's power

struct ImportOptions : DatabaseChoice {
    std::vector<std::string> files;
    bool dry_run = false, skip_unknown = false, end_guard = false;
};

/// CSV file that was checked: every line can be read.
struct LookedThrough {
    std::string path;
    bool turn_power = false;  ///< its power is positive while the battery discharges
};

/// Content of all files except the rows of telemetry.
struct ImportPlan {
    cloud::CloudRows rows;
    std::vector<LookedThrough> telemetry;
    std::string problem;
};

bool begins_as_json(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    char first = ' ';
    if (std::string mark(cloud::utf8_bom.size(), ' ');
        !in.read(mark.data(), static_cast<std::streamsize>(mark.size())) || mark != cloud::utf8_bom)
        in.clear(), in.seekg(0);
    while (in.get(first) && (first == ' ' || first == '\n' || first == '\r' || first == '\t')) {}
    return first == '{' || first == '[';
}

/// Calls `take` for each line after the heading. Returns an empty string if all were read, or the error and its place.
template <class Take>
std::string each_reading(const std::string& path, cloud::CloudCsv& csv, Take take) {
    std::ifstream in(path, std::ios::binary);
    std::string line;
    if (!in || !std::getline(in, line)) return path + ": cannot be read, or is empty";
    if (!csv.begin(line)) return path + ":1: " + csv.problem();
    for (std::int64_t number = 2; std::getline(in, line); ++number) {
        if (number > most_import_lines) return fmt::format("{}: more than {} lines", path, most_import_lines);
        if (line.size() > cloud::longest_csv_line) return fmt::format("{}:{}: a line is longer than 64 kB", path, number);
        if (line.empty() || line == "\r") continue;
        const auto one = csv.read(line);
        const std::string wrong = one ? take(*one) : csv.problem();
        if (!wrong.empty()) return fmt::format("{}:{}: {}", path, number, wrong);
    }
    return in.bad() ? path + ": cannot be read completely" : "";
}

std::string in_time(const cloud::CloudReading& one, std::int64_t now_s) {
    return one.at_s > now_s + clocks_apart_s ? "its time is in the future" : "";
}

void look_through(const std::string& path, ImportPlan& plan) {
    cloud::CloudCsv csv;
    const std::int64_t now_s = std::time(nullptr);
    plan.problem = each_reading(path, csv, [&](const cloud::CloudReading& one) { return in_time(one, now_s); });
    for (const std::string& column : csv.unknown()) plan.rows.unknown.push_back(path + ": " + column);
    if (csv.without_zone() > 0) plan.rows.notes.push_back(path + ": its times have no zone; they are taken as UTC");
    const std::int64_t other = csv.discharged_positive(), ours = csv.discharged_negative();
    const bool turn = other >= least_flagged_rows && other > ours;
    if (turn)
        plan.rows.notes.push_back(
            path + ": battery power and current get the opposite sign: in that file they are positive while discharging");
    plan.telemetry.push_back({path, turn});
}

ImportPlan plan_of(const std::vector<std::string>& files) {
    ImportPlan plan;
    for (const std::string& path : files) {
        if (!begins_as_json(path)) look_through(path, plan);
        else if (const auto text = read_whole_file(path, cloud::most_json_bytes); !text)
            plan.problem = path + ": cannot be read, or is larger than 4 MB";
        else if (!cloud::add_cloud_rows(*text, path, plan.rows)) plan.problem = plan.rows.problem;
        if (!plan.problem.empty()) return plan;
    }
    cloud::name_zones(plan.rows);
    return plan;
}

/// Reads into tables of the connection. Returns an empty string, or the error. `lowest`: lowest voltage that this battery can
/// show. A lower one is no value, and `gaps` counts it.
std::string gather(const ImportPlan& plan, Volts lowest, ImportedRows& into, std::int64_t& gaps) {
    SqlStatus status = into.begin();
    for (const LookedThrough& file : plan.telemetry) {
        cloud::CloudCsv csv;
        csv.set_lowest_voltage(lowest);
        const auto add = [&](const cloud::CloudReading& one) -> std::string {
            SourceReading reading = one.reading;
            if (file.turn_power && reading.battery_power) reading.battery_power = -*reading.battery_power;
            if (file.turn_power && reading.battery_current) reading.battery_current = -*reading.battery_current;
            status = into.add(reading, Utc{one.at_s * 1000});
            return status.ok() ? "" : status.failure("telemetry").text;
        };
        if (const std::string wrong = status.ok() ? each_reading(file.path, csv, add) : ""; !wrong.empty()) return wrong;
        gaps += csv.gaps();
    }
    if (status.ok()) status = into.finish();
    return status.ok() ? "" : status.failure("telemetry").text;
}

int refuse_import(const EditFailure& failure) {
    std::vector<std::string> problems;
    for (const EditProblem& problem : failure.problems) problems.push_back(problem.text);
    if (problems.empty()) problems.push_back(failure.text);
    problems.emplace_back("nothing was imported");
    return refuse_all(false, problems);
}

std::string moment_text(std::optional<Utc> at) { return at ? iso_time(at->count() / 1000) + "Z" : "-"; }

void report_telemetry(const ImportCounts& counts, std::int64_t gaps, Volts lowest) {
    std::cout << fmt::format("telemetry: {} readings from {} to {}: {} minutes, {} hours\n", counts.readings,
                             moment_text(counts.first), moment_text(counts.last), counts.minutes, counts.hours);
    if (gaps > 0)
        std::cout << fmt::format("  {} row{} had no battery voltage: below {:.2f} V, the lowest this battery can show\n", gaps,
                                 gaps == 1 ? "" : "s", static_cast<double>(lowest.steps) / 100);
    if (counts.there > 0)
        std::cout << fmt::format("  {} minute{} there already and stay{}\n", counts.there, counts.there == 1 ? " was" : "s were",
                                 counts.there == 1 ? "s" : "");
    if (counts.late > 0)
        std::cout << fmt::format("  skipped {} minute{} that voltd already recorded\n", counts.late, counts.late == 1 ? "" : "s");
}

/// Writes settings and telemetry in one transaction.
Edit<Edited> write_all_of(Connection& db, const ImportPlan& plan, const ImportOptions& options, ImportedRows& telemetry) {
    const Utc keep_from{(std::time(nullptr) - minutes_kept_s) * 1000};
    const auto put = [&]() -> std::optional<EditFailure> {
        if (plan.telemetry.empty()) return std::nullopt;
        const SqlStatus done = telemetry.put(keep_from);
        return done.ok() ? std::nullopt : std::optional(edit_failure(done));
    };
    EditRequest request{"voltctl " + operator_name(), options.dry_run};
    request.end_guard = options.end_guard;
    auto edited = merge_records(db, plan.rows.rows, request, put);
    if (!edited || edited.value().written || options.dry_run || plan.telemetry.empty()) return edited;
    // No setting changes, so that edit was rolled back: write only the telemetry.
    Transaction all(db);
    if (!all.status().ok()) return edit_failure(all.status());
    if (const auto failure = put()) return *failure;
    if (const SqlStatus done = all.commit(); !done.ok()) return edit_failure(done);
    return edited;
}

int import_files(const Program& program, const ImportOptions& options) {
    if (program.address.url)
        return refuse(false, "import works on the database of this computer; run it without --url", exit_usage);
    const ImportPlan plan = plan_of(options.files);
    if (!plan.problem.empty()) return refuse(false, plan.problem + "; nothing was imported");
    // Names in a file must not control the terminal.
    for (const std::string& note : plan.rows.notes) std::cout << "note: " << without_hidden(note, ' ') << '\n';
    for (const std::string& name : plan.rows.unknown) std::cout << "unknown field: " << without_hidden(name, ' ') << '\n';
    if (!plan.rows.unknown.empty() && !options.skip_unknown)
        return refuse(false, Refusal{"the files have fields that voltd does not know; nothing was imported",
                                     "to import without them: --skip-unknown"});
    const auto path = find_database(options, program.address);
    if (!path) return exit_failed;
    auto db = open_settings(*path, true);
    if (!db) return refuse_import(db.failure());
    const auto settings = read_settings(db.value(), default_settings());
    const Volts lowest = plausible_range((settings ? settings.value() : default_settings()).preferences).lowest;
    std::int64_t gaps = 0;
    ImportedRows telemetry(db.value());
    if (!plan.telemetry.empty())
        if (const std::string wrong = gather(plan, lowest, telemetry, gaps); !wrong.empty())
            return refuse(false, wrong + "; nothing was imported");
    const auto edited = write_all_of(db.value(), plan, options, telemetry);
    if (!edited) return refuse_import(edited.failure());
    print(change_lines(edited.value().rows, paint_for_output()));
    if (edited.value().rows.empty()) std::cout << "settings: nothing to change\n";
    if (!plan.telemetry.empty()) report_telemetry(telemetry.counts(), gaps, lowest);
    if (options.dry_run) std::cout << "dry run: nothing was changed\n";
    else if (edited.value().change > 0)
        std::cout << fmt::format("imported as change {0}; undo: voltctl settings undo {0}\n", edited.value().change);
    return exit_ok;
}

constexpr const char* import_examples = R"(
Takes the JSON of GET /api/preferences, /api/miners and /api/hvac/zones of the former cloud, and its telemetry as CSV (columns of
solark.telemetry and victron_battery_readings, which become minutes and hours). Rows are matched by name; others stay. Everything
is written, or nothing.

Examples:
  voltctl import preferences.json miners.json zones.json --dry-run     each row before and after
  voltctl import preferences.json miners.json zones.json solark.csv battery.csv)";

}  // namespace

void add_import(Program& program) {
    CLI::App* part = add_plain(program.app, "import", "import settings and telemetry of the former cloud from its JSON and CSV");
    const auto options = std::make_shared<ImportOptions>();
    part->add_option("file", options->files, "JSON of the cloud's API, or CSV of its telemetry")->type_name("FILE")->required();
    part->add_flag("--dry-run", options->dry_run, "show each row before and after; change nothing");
    part->add_flag("--skip-unknown", options->skip_unknown, "import even if some fields are unknown");
    part->add_flag("--end-guard", options->end_guard, "import even if this ends the guard against charging a cold battery");
    add_database_option(*part, *options);
    part->footer(import_examples);
    on(part, program, [&program, options] { return import_files(program, *options); });
}

}  // namespace volt::ctl
