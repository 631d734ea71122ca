#include "daemon/ctl/backup/making.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "daemon/config/config.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/ctl/backup/archive.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "drivers/crypto.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/source.hpp"
#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/backup_log.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::ctl::backup {

namespace {

namespace fs = std::filesystem;

constexpr mode_t private_mode = 0600;
constexpr int note_busy_ms = 5000;

std::int64_t wall_seconds() { return std::chrono::duration_cast<std::chrono::seconds>(wall_now()).count(); }

std::string write_private(const std::string& path, std::string_view text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, private_mode);
    if (file < 0) return path + ": " + std::strerror(errno);
    const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(file);
    return whole ? "" : "no space left in " + directory_of(directory_of(path));
}

/// Reads a file of at most 256 kB. Returns nothing if it cannot be read, with the reason in errno.
std::optional<std::string> small_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return std::nullopt;
    std::string text(most_config_bytes + 1, '\0');
    const ssize_t got = ::read(file, text.data(), text.size());
    ::close(file);
    if (got < 0 || static_cast<std::size_t>(got) > most_config_bytes) return std::nullopt;
    text.resize(static_cast<std::size_t>(got));
    return text;
}

/// Returns the site, even from a file with mistakes.
std::string site_of(const std::string& text, const std::string& path) {
    if (const ParsedConfig parsed = parse_config(text, path); parsed.config) return parsed.config->site;
    const std::string site = bare_words(text).site.value_or("");
    const bool good = !site.empty() && site.size() <= 64 &&
                      site.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    return good ? site : "";
}

/// Returns the settings of the copy, in the API's format.
std::string settings_of(const std::string& database) {
    const Voltd voltd = voltd_of_file(database, {});
    Json settings{{"version", VOLT_VERSION}};
    for (const auto& [key, path] :
         {std::pair{"preferences", "/api/preferences"}, {"miners", "/api/miners"}, {"hvac_zones", "/api/hvac/zones"}}) {
        const ApiReply reply = voltd.send({.method = "GET", .path = path});
        settings[key] = reply.ok() ? Json::parse(reply.body, nullptr, false) : Json();
    }
    return settings.dump(2) + "\n";
}

/// Backup in progress.
struct Making {
    const BackupRequest& request;
    const Workshop& shop;
    Manifest manifest{};
    BackupMade made{};

    /// Adds a file to the workshop. Returns an empty string, or the error.
    std::string add(const char* name, std::string_view text) { return write_private(shop / name, text); }

    std::string add_notify() {
        const std::string path = (fs::path(request.config).parent_path() / notify_name).string();
        const auto text = small_file(path);
        if (text) return add(notify_name, *text);
        if (errno != ENOENT) made.notes.push_back(path + " was skipped: " + std::strerror(errno));
        return {};
    }

    std::string add_secrets(const std::string& config) {
        const ParsedConfig parsed = parse_config(config, request.config);
        if (!parsed.config) return request.config + " has mistakes: its password file is not known (voltd --check)";
        if (parsed.config->mqtt.password_file.empty()) return {};
        const std::string source = password_source(parsed.config->mqtt.password_file);
        const auto secret = source.empty() ? std::nullopt : small_file(source);
        return secret ? add(password_name, *secret)
                      : "the broker's password cannot be read: " + parsed.config->mqtt.password_file;
    }

    std::string add_database() {
        const auto copied = back_up_database(request.database, built_in_migrations(), shop / database_name, true);
        if (!copied) return copied.failure().text;
        manifest.schema = copied.value().version;
        return add(settings_name, settings_of(shop / database_name));
    }

    /// Adds the sums of all files there, in the order of the archive.
    std::string add_manifest() {
        for (const char* name : {config_name, notify_name, settings_name, password_name, database_name}) {
            const std::string path = shop / name;
            if (!file_exists(path)) continue;
            const std::string sum = sha256_of_file(path);
            if (sum.empty()) return path + " cannot be read back";
            manifest.files.push_back({name, file_size(path), sum});
            made.names.emplace_back(name);
        }
        return add(manifest_name, manifest_text(manifest));
    }
};

/// Sets the file's rights before it gets its final name. Returns an empty string, or the error.
std::string close_up(const std::string& part, bool secrets) {
    give_rights(part, Rights::copy);
    if (!secrets) return {};
    struct stat found {};
    const bool closed = ::chown(part.c_str(), 0, 0) == 0 && ::chmod(part.c_str(), private_mode) == 0 &&
                        ::stat(part.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    return closed
               ? ""
               : "this disk stores no file permissions: others could read the password; omit --with-secrets, or use another disk";
}

bool on_one_disk(const std::string& a, const std::string& b) {
    struct stat first {
    }, second{};
    return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev;
}

std::vector<std::string> remove_surplus(const std::string& directory, const std::string& site, const std::string& today,
                                        std::size_t keep) {
    std::vector<std::string> names;
    std::error_code none;
    for (const fs::directory_entry& it : fs::directory_iterator(directory, none)) names.push_back(it.path().filename().string());
    std::vector<std::string> gone = surplus(std::move(names), site, today, keep);
    for (const std::string& name : gone) remove_file(directory + "/" + name);
    return gone;
}

/// Puts everything into the workshop, then packs one archive.
std::string gather(Making& making, const std::string& config) {
    std::string problem = making.add(config_name, config);
    if (problem.empty()) problem = making.add_notify();
    if (problem.empty() && making.request.secrets) problem = making.add_secrets(config);
    if (problem.empty()) problem = making.add_database();
    if (problem.empty()) problem = making.add_manifest();
    if (!problem.empty()) return problem;
    std::vector<std::string> names{manifest_name};
    names.insert(names.end(), making.made.names.begin(), making.made.names.end());
    const std::string part = making.shop / "archive";
    problem = pack(making.shop.path(), names, part);
    return problem.empty() ? close_up(part, making.request.secrets) : problem;
}

}  // namespace

std::string credential_of(const std::string& password_file) {
    return "/etc/credstore/voltd." + fs::path(password_file).filename().string();
}

std::string password_source(const std::string& password_file) {
    for (const std::string& path : {password_file, credential_of(password_file)})
        if (!password_file.empty() && ::access(path.c_str(), R_OK) == 0) return path;
    return {};
}

Result<BackupMade> make_backup(const BackupRequest& request) {
    const auto config = small_file(request.config);
    if (!config) return refuse(request.config + " cannot be read: " + std::strerror(errno));
    const std::string site = site_of(*config, request.config);
    if (site.empty()) return refuse(request.config + " names no site (voltd --check)");
    // Only this ending means a file. A directory that is not mounted must not become a file on the disk below.
    const bool many = is_directory(request.target) || !request.target.ends_with(file_ending);
    const std::string directory = many ? request.target : directory_of(request.target);
    if (!is_directory(directory)) return refuse("there is no directory " + directory + " (is the stick mounted?)");
    const std::string today = iso_date(wall_seconds());
    const std::string file = many ? (fs::path(directory) / file_name(site, today)).string() : request.target;
    if (!many && file_exists(file)) return refuse(file + " already exists; choose another file, or a directory");
    auto shop = Workshop::open(directory, "backup");
    if (!shop) return shop.failure();
    Making making{request, shop.value()};
    making.manifest = {VOLT_VERSION, 0, site, iso_time(wall_seconds()) + "Z", {}};
    std::string problem = gather(making, *config);
    if (problem.empty()) problem = rename_durably(shop.value() / "archive", file);
    if (!problem.empty()) return refuse(problem);
    if (!request.secrets) give_rights(file, Rights::copy);  // the directory's owner may read it
    making.made.file = file;
    making.made.bytes = file_size(file);
    if (many) making.made.removed = remove_surplus(directory, site, today, request.keep);
    if (on_one_disk(directory, directory_of(request.database)))
        making.made.notes.push_back(directory +
                                    " is on the disk of the database: keep another copy elsewhere, or it is lost with that disk");
    return making.made;
}

std::string note_backup(const std::string& database, const std::string& target, const Result<BackupMade>& made) {
    if (file_size(database) == 0) return "there is no database " + database;
    Result<Connection> db = Connection::open(database, OpenMode::read_write);
    if (!db) return db.failure().text;
    db.value().busy_timeout(note_busy_ms);
    std::error_code none;
    const std::string path = fs::absolute(made ? made.value().file : target, none).string();
    const BackupRow row{wall_now(), path, made ? made.value().bytes : 0, made ? std::string() : made.failure().text};
    const SqlStatus done = write_backup(db.value(), row);
    return done.ok() ? "" : done.text;
}

}  // namespace volt::ctl::backup
