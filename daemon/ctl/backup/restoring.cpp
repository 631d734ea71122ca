#include "daemon/ctl/backup/restoring.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/config/check.hpp"
#include "daemon/config/reach.hpp"
#include "daemon/ctl/backup/making.hpp"
#include "daemon/ctl/init/site_rows.hpp"
#include "daemon/ctl/talk/api_client.hpp"
#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/settings/read_only.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace volt::ctl::backup {

namespace {

namespace fs = std::filesystem;

constexpr Duration listen = 8s;  // a voltd tests its connection every 3 s
constexpr mode_t config_mode = 0644, notify_mode = 0640, secret_mode = 0600, state_mode = 02770;
constexpr std::size_t most_named = 5;  ///< maximum mistakes to list
constexpr const char* unchanged = "; nothing was changed";

std::string named(const std::vector<Problem>& problems) {
    std::string text;
    for (std::size_t i = 0; i < problems.size() && i < most_named; ++i) text += "\n  " + text_of(problems[i]);
    return text;
}

/// File of the backup other than the database, and its target.
struct Placement {
    std::string from, to;
    mode_t mode = 0;
    std::string aside{};  ///< second name of the existing file, or empty if there is none
};

/// Returns the nearest existing directory above a path.
std::string ground_of(const std::string& path) {
    fs::path directory = fs::path(path).parent_path();
    while (!is_directory(directory.string()) && directory.has_relative_path()) directory = directory.parent_path();
    return directory.string();
}

std::string text_in(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Writes the complete file under another name beside its target and syncs it. Returns an empty string, or the error.
std::string write_beside(const Placement& it) {
    const std::string part = it.to + ".part", text = text_in(it.from);
    remove_file(part);
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, secret_mode);
    const bool whole = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fchmod(file, it.mode) == 0 && ::fsync(file) == 0;
    const std::string problem = whole ? "" : it.to + " cannot be written: " + std::strerror(errno);
    if (file >= 0) ::close(file);
    if (!whole) remove_file(part);
    return problem;
}

/// Restore in progress.
class Restoring {
public:
    Restoring(const RestoreRequest& request, Archive archive, Config config)
        : wish_(request), archive_(std::move(archive)), config_(std::move(config)) {}

    std::string check_here() const;
    std::string check_broker(const std::string& password, const Look& look);
    void place(const Workshop& shop);
    std::string check_places() const;
    std::string put(const std::string& database);

    const Archive& archive() const { return archive_; }
    const Config& config() const { return config_; }
    Restored done;
    bool half_done = false;  ///< the database is in place, but a file is not

private:
    std::string check_settings_of(const std::string& copy) const;
    std::string password_place() const;
    std::string prepare_files();
    std::string put_database(const std::string& from);
    std::string put_files();
    std::string replaced() const;
    void take_back();
    void note_missing();

    const RestoreRequest& wish_;
    Archive archive_;
    Config config_;
    std::vector<Placement> places_;
    std::size_t placed_ = 0;           ///< files in place
    std::vector<std::string> made_{};  ///< directories that were missing, outermost first
    std::string database_aside_{};     ///< path of the replaced database, or empty if there was none
};

/// Returns the missing directories above the path, outermost first.
std::vector<std::string> missing_above(const std::string& path) {
    std::vector<std::string> missing;
    for (fs::path it = fs::path(path).parent_path(); !it.empty() && !is_directory(it.string()); it = it.parent_path())
        missing.insert(missing.begin(), it.string());
    return missing;
}

/// Checks for a voltd on this computer, by its lock and its socket.
std::string Restoring::check_here() const {
    std::vector<std::string> databases{config_.database}, sockets{socket_path(config_.api.token_file)};
    if (file_exists(wish_.config)) {
        const Reach here = read_reach(wish_.config);
        databases.push_back(here.database);
        sockets.push_back(socket_path(here.api.token_file));
    }
    if (wish_.service) sockets.emplace_back(service_socket);
    for (const std::string& database : databases)
        if (DatabaseLock::is_held(database)) return database_in_use(database).text;
    for (const std::string& socket : sockets)
        if (answers_at(socket))
            return "voltd runs on this computer: stop it with `systemctl stop voltd`, then run this command again";
    return {};
}

std::string Restoring::password_place() const {
    return wish_.service ? credential_of(config_.mqtt.password_file) : config_.mqtt.password_file;
}

std::string Restoring::check_broker(const std::string& password, const Look& look) {
    BrokerConfig broker = config_.mqtt;
    if (!broker.password_file.empty()) broker.password_file = password.empty() ? password_source(broker.password_file) : password;
    const BrokerLook seen = look(broker, {.root = "voltd/" + config_.site, .outputs = {}, .listen = listen, .for_voltd = true});
    broker.password_file = password_place();
    const std::string problem = rival_problem(broker, seen, config_.site);
    if (problem.empty()) return {};
    if (!wish_.anyway) return problem + ", or continue with --anyway";
    done.notes.push_back("continuing because of --anyway: " + problem);
    return {};
}

void Restoring::place(const Workshop& shop) {
    const fs::path directory = fs::path(wish_.config).parent_path();
    const auto& manifest = archive_.manifest;
    if (manifest.find(notify_name) != nullptr)
        places_.push_back({shop / notify_name, (directory / notify_name).string(), notify_mode});
    if (manifest.find(password_name) != nullptr && !config_.mqtt.password_file.empty())
        places_.push_back({shop / password_name, password_place(), secret_mode});
    places_.push_back({shop / config_name, wish_.config, config_mode});  // written last: without it no voltd starts
}

std::string Restoring::check_places() const {
    if (wish_.replace) return {};
    std::string there = file_size(config_.database) > 0 ? config_.database : "";
    for (const Placement& it : places_)
        if (file_exists(it.to)) there += (there.empty() ? "" : ", ") + it.to;
    return there.empty() ? "" : "there is already " + there + "; --replace moves it to .replaced-TIME";
}

/// Checks voltd.yaml against the migrated settings, as `voltd --check` does.
std::string Restoring::check_settings_of(const std::string& copy) const {
    const auto settings = peek_settings(copy);
    if (!settings) return settings.failure().text;
    if (!settings.value()) return "its settings cannot be read";
    std::string rejected;
    for (const auto* list : {&settings.value()->problems, &settings.value()->left_out})
        for (std::size_t i = 0; i < list->size() && i < most_named; ++i) rejected += "\n  " + (*list)[i];
    if (!rejected.empty()) return "voltd would reject settings in its database:" + rejected;
    const Findings found = check_settings(parse_config(archive_.config, wish_.config), *settings.value());
    return found.problems.empty() ? "" : "voltd would reject it:" + named(found.problems);
}

std::string Restoring::put_database(const std::string& from) {
    const std::string directory = directory_of(config_.database);
    const std::vector<std::string> above = missing_above(config_.database);
    const bool missing = !above.empty();
    // A dry run needs no target directory, so it runs where the parts are.
    const std::string target = wish_.dry && missing ? from + ".trial" : config_.database;
    if (!wish_.dry && missing) {
        make_directory_of(config_.database);
        made_.insert(made_.end(), above.begin(), above.end());
        if (wish_.service) init::give_to_voltd(directory, state_mode);
    }
    const auto report = restore_database(target, built_in_migrations(), from,
                                         {[this](const std::string& copy) { return check_settings_of(copy); }, wish_.dry});
    if (!report) {
        if (!wish_.dry && missing) remove_file(config_.database + ".lock");
        return report.failure().text;
    }
    done.sessions = report.value().sessions;
    const std::string migrated =
        report.value().migrated.empty() ? "" : fmt::format(", {} migrations applied", report.value().migrated.size());
    done.notes.push_back(fmt::format("{}: schema {}{}", config_.database, report.value().version, migrated));
    database_aside_ = report.value().aside;
    if (!database_aside_.empty()) done.notes.push_back("the previous one is " + database_aside_);
    return {};
}

/// Does everything that may fail for lack of space or rights before the first change.
std::string Restoring::prepare_files() {
    const std::string stamp = file_stamp();
    for (Placement& it : places_) {
        for (std::string& directory : missing_above(it.to)) made_.push_back(std::move(directory));
        make_directory_of(it.to);
        if (std::string problem = write_beside(it); !problem.empty()) return problem;
        if (!file_exists(it.to)) continue;
        it.aside = it.to + ".replaced-" + stamp;
        if (std::string problem = link_durably(it.to, it.aside); !problem.empty()) return problem;
    }
    return {};
}

void Restoring::take_back() {
    for (const Placement& it : places_) {
        remove_file(it.to + ".part");
        if (!it.aside.empty()) remove_file(it.aside);
    }
    for (auto it = made_.rbegin(); it != made_.rend(); ++it) ::rmdir(it->c_str());  // only while it is empty
}

/// Lists what has been replaced so far, and where the old files are.
std::string Restoring::replaced() const {
    std::string text = config_.database + (database_aside_.empty() ? " (new)" : " (previously " + database_aside_ + ")");
    for (std::size_t i = 0; i < placed_; ++i)
        text += ", " + places_[i].to + (places_[i].aside.empty() ? " (new)" : " (previously " + places_[i].aside + ")");
    return text;
}

std::string Restoring::put_files() {
    for (const Placement& it : places_) {
        if (!wish_.dry)
            if (std::string problem = rename_durably(it.to + ".part", it.to); !problem.empty()) return problem;
        ++placed_;
        done.notes.push_back(it.to);
        if (!it.aside.empty()) done.notes.push_back("the previous one is " + it.aside);
    }
    note_missing();
    return {};
}

std::string Restoring::put(const std::string& database) {
    std::string problem = wish_.dry ? "" : prepare_files();
    if (problem.empty()) problem = put_database(database);
    if (!problem.empty()) {
        if (!wish_.dry) take_back();
        return problem;
    }
    problem = put_files();
    if (problem.empty()) return {};
    half_done = true;
    problem += "; replaced before that: " + replaced() + "; correct the cause and run this command again with --replace";
    places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(placed_));
    take_back();  // of the others: the existing file keeps its only name
    return problem;
}

void Restoring::note_missing() {
    const std::string& file = config_.mqtt.password_file;
    if (file.empty() || archive_.manifest.find(password_name) != nullptr || !password_source(file).empty()) return;
    done.notes.push_back("the broker's password is not in the backup: put it into " + password_place() +
                         " (mode 0600) before voltd starts");
}

}  // namespace

std::string rival_problem(const BrokerConfig& broker, const BrokerLook& look, const std::string& site) {
    const std::string where = fmt::format("{}:{}", broker.host, broker.port);
    if (look.site_online || look.voltd_heard)
        return fmt::format(
            "another voltd runs the site {} on the broker {}: two controllers would work against each other; stop it first", site,
            where);
    if (look.connected) return {};
    // A broker on this computer that is not running carries no commands.
    if (!look.login_refused && is_loopback(broker.host)) return {};
    return fmt::format("cannot determine whether another voltd runs the site {}: no connection to the broker {} ({}): {}", site,
                       where, look.why,
                       look.login_refused ? "put its password into " + broker.password_file : std::string("check the network"));
}

Result<Restored> restore_backup(const RestoreRequest& request, const Look& look) {
    auto archive = read_archive(request.file, static_cast<int>(built_in_migrations().size()));
    if (!archive) return refuse(archive.failure().text + unchanged);
    ParsedConfig parsed = parse_config(archive.value().config, request.config);
    if (!parsed.config)
        return refuse(request.file + ": this voltd rejects its voltd.yaml:" + named(parsed.problems) +
                      "\nunpack it with tar, correct it, install it, then: voltctl db restore voltd.db" + unchanged);
    parsed.config->database = real_path(parsed.config->database);
    Restoring restoring(request, std::move(archive.value()), std::move(*parsed.config));
    if (std::string problem = restoring.check_here(); !problem.empty()) return refuse(problem + unchanged);
    auto shop = Workshop::open(ground_of(restoring.config().database), "restore");
    if (!shop) return refuse(shop.failure().text + unchanged);
    const Manifest& manifest = restoring.archive().manifest;
    restoring.done.notes.push_back(fmt::format("{}: site {}, made {} by voltd {}, all checksums match", request.file,
                                               manifest.site, manifest.at, manifest.version));
    if (std::string problem = unpack(restoring.archive(), shop.value().path()); !problem.empty())
        return refuse(problem + unchanged);
    restoring.place(shop.value());
    if (std::string problem = restoring.check_places(); !problem.empty()) return refuse(problem + unchanged);
    const bool secret = manifest.find(password_name) != nullptr;
    if (std::string problem = restoring.check_broker(secret ? shop.value() / password_name : "", look); !problem.empty())
        return refuse(problem + unchanged);
    if (const std::string problem = restoring.put(shop.value() / database_name); !problem.empty())
        return refuse(problem + (restoring.half_done ? "" : unchanged));
    return restoring.done;
}

}  // namespace volt::ctl::backup
