#include "daemon/agent/site_access.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "daemon/agent/tools/request_pace.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "drivers/host_address.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char *key_name = "volt-agent", *make_a_key = "create one: sudo volt-agent setup";
constexpr int key_days = 400, unauthorized = 401;
/// Maximum requests to voltd, for all callers together: its answers take CPU time from control.
constexpr int most_requests_at_once = 50;
constexpr std::chrono::milliseconds request_interval{100};

std::string key_in(const std::string& file) {
    std::string key;
    std::ifstream(file) >> key;
    return key;
}

std::string url_of(const ApiConfig& api) {
    const bool v6 = api.host.find(':') != std::string::npos;
    return "http://" + (v6 ? "[" + api.host + "]" : api.host) + ":" + std::to_string(api.port);
}

ctl::AddressOptions of_config(const std::string& path) {
    ctl::AddressOptions options;
    options.config = path;
    return options;
}

ctl::ApiReply too_many_requests() {
    ctl::ApiReply reply;
    reply.reached = true;
    reply.error = "too many questions at once; ask again in a few seconds";
    return reply;
}

/// Waits for its turn. Returns false if there is not enough time. `limits` is the remaining time.
bool wait_for_turn(RequestPace& pace, ctl::RequestLimits& limits) {
    const auto now = std::chrono::steady_clock::now();
    const auto turn = pace.next(now, now + limits.timeout);
    if (!turn) return false;
    std::this_thread::sleep_until(*turn);
    const auto waited = std::chrono::floor<std::chrono::milliseconds>(*turn - now);
    limits.timeout = std::max(limits.timeout - waited, std::chrono::milliseconds{1});
    return true;
}

/// Reads the key for each request, because `setup` may have created another one.
SiteLink::Ask by_key(const std::string& url, const std::string& key_file) {
    const auto pace = std::make_shared<RequestPace>(most_requests_at_once, request_interval);
    return [url, key_file, pace](const api::HttpRequest& request, ctl::RequestLimits limits) {
        if (!wait_for_turn(*pace, limits)) return too_many_requests();
        ctl::ApiAddress address;
        address.url = url;
        address.token = key_in(key_file);
        ctl::ApiReply reply = ctl::send(address, request, limits);
        if (reply.status == unauthorized) reply.error = "voltd does not know the key in " + key_file + "; " + make_a_key;
        return reply;
    };
}

SiteLink::Ask by_file(const std::string& database, const std::string& config) {
    const ctl::Voltd file = ctl::voltd_of_file(database, of_config(config));
    return [file](const api::HttpRequest& request, const ctl::RequestLimits&) { return file.send(request); };
}

/// Removes earlier keys of this name, so that setup can be repeated.
void remove_keys(const ctl::ApiAddress& address) {
    const Json sessions = Json::parse(ctl::get(address, "/api/sessions").body, nullptr, false);
    for (const Json& session : sessions.is_array() ? sessions : Json::array())
        if (session.value("kind", "") == "program" && session.value("name", "") == key_name)
            ctl::send(address, {.method = "DELETE", .path = "/api/sessions/" + session.value("id", "")});
}

/// Writes a key for root and the group voltd. A reader sees the old key or the new one.
std::string write_key(const std::string& path, const std::string& key) {
    const auto failed = [&] { return path + ": " + std::strerror(errno); };
    std::error_code unused;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), unused);
    const std::string fresh = path + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return failed();
    const struct group* voltd = ::getgrnam("voltd");
    const bool grouped = voltd == nullptr || ::geteuid() != 0 || ::fchown(fd, 0, voltd->gr_gid) == 0;
    const std::string line = key + "\n";
    const bool written =
        grouped && ::fchmod(fd, 0640) == 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const std::string wrong = written && ::fsync(fd) == 0 ? "" : failed();
    ::close(fd);
    if (wrong.empty() && ::rename(fresh.c_str(), path.c_str()) == 0) return {};
    return wrong.empty() ? failed() : wrong;
}

/// Returns access to everything except the documents.
SiteAccess access_to_voltd(const AgentConfig& config) {
    SiteAccess access;
    const VoltdPlace& place = config.voltd;
    if (key_in(place.key_file).empty()) access.troubles.push_back("no key in " + place.key_file + "; " + make_a_key);
    access.url = place.url;
    if (!place.url.empty()) {
        access.site = std::make_unique<SiteLink>(by_key(place.url, place.key_file), nullptr, "");
        return access;
    }
    const Reach reach = read_reach(place.config);
    if (!reach.trouble.empty()) access.troubles.push_back(reach.trouble);
    access.url = url_of(reach.api);
    const auto readable = open_reader(reach.database);
    if (!readable) access.troubles.push_back("query_history is not listed: " + readable.failure().text);
    access.site = std::make_unique<SiteLink>(by_key(access.url, place.key_file),
                                             readable ? by_file(reach.database, place.config) : SiteLink::Ask(),
                                             readable ? reach.database : "");
    access.site->wired_by(config_text(place.config));
    return access;
}

}  // namespace

SiteAccess access_of(const AgentConfig& config) {
    SiteAccess access = access_to_voltd(config);
    if (std::string why = config.proposals_refusal(); !why.empty()) access.troubles.push_back(std::move(why));
    access.documents = std::make_unique<Documents>(config.documents, config.store);
    access.site->use(*access.documents);
    return access;
}

std::string make_agent_key(const AgentConfig& config) {
    if (!config.voltd.url.empty())
        return "on that machine: voltctl key add volt-agent --role propose; write the key to " + config.voltd.key_file;
    const ctl::ApiAddress address = ctl::find_address(of_config(config.voltd.config));
    remove_keys(address);
    const Json wanted{{"name", key_name}, {"role", "propose"}, {"days", key_days}};
    const ctl::ApiReply reply = ctl::post(address, "/api/sessions/key", json_text(wanted));
    if (!reply.ok()) return reply.error;
    const std::string key = Json::parse(reply.body, nullptr, false).value("key", "");
    return key.empty() ? "the answer of " + address.url + " is not voltd's" : write_key(config.voltd.key_file, key);
}

}  // namespace volt::agent
