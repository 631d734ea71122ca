#include "daemon/ctl/doctor/bundle.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "daemon/ctl/doctor/redact.hpp"
#include "daemon/ctl/doctor/run_program.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "drivers/mqtt/password.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt::ctl::doctor {

namespace {

namespace fs = std::filesystem;

constexpr int most_rows = 500, most_journal_lines = 2000;
constexpr std::chrono::seconds program_limit{20};
constexpr std::size_t most_bytes = std::size_t{8} << 20;  // maximum per file

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (text.size() > most_bytes) text.resize(most_bytes);
    return text;
}

Secrets secrets_of(const Subject& subject) {
    const Config& config = subject.config();
    Secrets secrets;
    if (const auto password = read_password(config.mqtt.password_file)) secrets.always.push_back(password.value());
    std::string token = text_of_file(config.api.token_file);
    token.erase(std::remove(token.begin(), token.end(), '\n'), token.end());
    secrets.always.push_back(token);
    secrets.hosts = {config.mqtt.host, config.api.host};
    if (config.victron) secrets.hosts.push_back(config.victron->host);
    for (const auto* inverter : {&config.sol_ark, &config.sol_ark_2})
        if (*inverter) secrets.hosts.push_back((*inverter)->host);
    return secrets;
}

/// Returns an answer of the database handlers, indented.
Json answered(const Voltd& voltd, const std::string& path, std::map<std::string, std::string> query = {}) {
    const ApiReply reply = voltd.send({.method = "GET", .path = path, .query = std::move(query)});
    Json json = reply.ok() ? Json::parse(reply.body, nullptr, false) : Json();
    return json.is_structured() ? json : Json{{"error", reply.error}};
}

std::string printed(const std::vector<std::string>& words) {
    const auto output = run_program(words, program_limit, most_bytes);
    return output ? output->text : words.front() + " gave no answer\n";
}

using Files = std::vector<std::pair<std::string, std::string>>;

/// Removes the location of the site, which does not belong in a question to others.
void drop_place(Json& json) {
    if (json.is_object())
        for (const char* key : {"latitude", "longitude"}) json.erase(key);
    for (Json& inner : json)
        if (inner.is_structured()) drop_place(inner);
}

Files files_of(const Subject& subject, const AddressOptions& options, const Json& report, bool full) {
    const Voltd database = voltd_of_file(subject.database, options);
    const std::map<std::string, std::string> rows{{"limit", std::to_string(most_rows)}};
    Json settings{{"preferences", answered(database, "/api/preferences")},
                  {"miners", answered(database, "/api/miners")},
                  {"zones", answered(database, "/api/hvac/zones")}};
    if (!full) drop_place(settings);
    const ApiReply metrics = get(find_address(options), "/metrics", {std::chrono::seconds{3}, false});
    const auto lines = std::to_string(most_journal_lines);
    return {{"doctor.json", report.dump(2) + "\n"},
            {"voltd.yaml", without_passwords(text_of_file(subject.config_path))},
            {"settings.json", settings.dump(2) + "\n"},
            {"decisions.json", answered(database, "/api/decisions", rows).dump(1) + "\n"},
            {"events.json", answered(database, "/api/events", rows).dump(1) + "\n"},
            {"metrics.txt", metrics.ok() ? metrics.body : metrics.error + "\n"},
            {"journal.txt", printed({"journalctl", "-u", "voltd", "-n", lines, "--no-pager", "-o", "short-iso"})},
            {"versions.txt",
             "voltd " VOLT_VERSION "\n" + printed({"uname", "-srm"}) + text_of_file(subject.root + "/etc/os-release")}};
}

bool write_file(const fs::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    return file.good();
}

/// Temporary directory, removed by the destructor.
struct Scratch {
    std::string path;
    Scratch() {
        std::error_code failed;
        std::string pattern = (fs::temp_directory_path(failed) / "voltd-doctor-XXXXXX").string();
        if (!failed && ::mkdtemp(pattern.data()) != nullptr) path = pattern;
    }
    ~Scratch() {
        std::error_code failed;
        if (!path.empty()) fs::remove_all(path, failed);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
};

/// Packs beside the target and renames. The file is private from its first byte.
std::string pack(const std::string& directory, const Files& files, const std::string& path) {
    const std::string half = path + ".part";
    ::unlink(half.c_str());  // leftover of an interrupted run
    const int fd = ::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return path + ": " + std::strerror(errno);
    ::fchmod(fd, 0600);
    ::close(fd);
    std::vector<std::string> words{"tar", "-C", directory, "-czf", fs::absolute(half).string()};
    for (const auto& file : files) words.push_back(file.first);
    const auto done = run_program(words, program_limit);
    std::string error = !done || done->code != 0 ? path + ": tar failed (is the device full?)" : "";
    if (error.empty()) error = rename_durably(half, path);
    if (!error.empty()) ::unlink(half.c_str());
    return error;
}

}  // namespace

Bundled write_bundle(const Subject& subject, const AddressOptions& options, const Json& report, const std::string& path,
                     bool full) {
    struct stat there {};
    if (::lstat(path.c_str(), &there) == 0) return {path + " already exists; choose another file", {}};
    const Scratch scratch;
    if (scratch.path.empty()) return {"no temporary directory can be made", {}};
    const Secrets secrets = secrets_of(subject);
    Files files = files_of(subject, options, report, full);
    Bundled bundled;
    for (auto& [name, text] : files) {
        text = redacted(std::move(text), secrets, full);
        if (!write_file(fs::path(scratch.path) / name, text)) return {"no space left in " + scratch.path, {}};
        bundled.names.push_back(fmt::format("{} ({} bytes)", name, text.size()));
    }
    bundled.error = pack(scratch.path, files, path);
    return bundled;
}

}  // namespace volt::ctl::doctor
