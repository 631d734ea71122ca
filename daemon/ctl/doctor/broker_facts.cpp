// Facts about the broker, from doctor's own connection.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "daemon/ctl/doctor/gather.hpp"

namespace volt::ctl::doctor {

namespace {

constexpr std::size_t most_listeners = 32, longest_table = 100'000;  // limits for /proc/net/tcp, in lines
constexpr const char* listening = "0A";

/// Converts `0100007F` of /proc/net/tcp to `127.0.0.1`. For tcp6 distinguishes only every address, loopback and other addresses.
std::string address_of(const std::string& hex) {
    if (hex.size() != 8) {
        if (hex.find_first_not_of('0') == std::string::npos) return "::";
        return hex == "00000000000000000000000001000000" ? "::1" : "2001:db8::" + hex.substr(24);
    }
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (std::sscanf(hex.c_str(), "%2x%2x%2x%2x", &d, &c, &b, &a) != 4) return {};
    return std::to_string(a) + "." + std::to_string(b) + "." + std::to_string(c) + "." + std::to_string(d);
}

void add_listeners(const std::string& path, int port, std::set<std::string>& addresses) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);  // heading
    for (std::size_t lines = 0; lines < longest_table && std::getline(file, line); ++lines) {
        std::istringstream fields(line);
        std::string number, local, remote, state;
        fields >> number >> local >> remote >> state;
        const auto colon = local.find(':');
        if (state != listening || colon == std::string::npos || addresses.size() >= most_listeners) continue;
        unsigned local_port = 0;
        if (std::sscanf(local.c_str() + colon + 1, "%x", &local_port) == 1 && static_cast<int>(local_port) == port)
            addresses.insert(address_of(local.substr(0, colon)));
    }
}

constexpr int usual_port = 1883;

/// Returns the port of voltd, and the default port if the broker of this machine listens there, too.
std::vector<int> open_ports(const BrokerConfig& config, const std::string& root) {
    std::vector<BrokerConfig> doors{config};
    std::set<std::string> usual;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) add_listeners(root + table, usual_port, usual);
    if (is_loopback(config.host) && config.port != usual_port && !usual.empty()) {
        doors.push_back(config);
        doors.back().port = usual_port;
        doors.back().tls = false;
    }
    std::vector<int> open;
    for (const BrokerConfig& door : doors)
        if (takes_anyone(door)) open.push_back(door.port);
    return open;
}

/// Reads the password as systemd would pass it to voltd, if this user is root. Returns the reason there is none, or an empty
/// string if there is one or none is needed.
std::string find_password(const std::string& root, BrokerConfig& config) {
    if (config.password_file.empty() || ::access(config.password_file.c_str(), R_OK) == 0) return {};
    const std::string stored = root + "/etc/credstore/voltd." + std::filesystem::path(config.password_file).filename().string();
    if (::access(stored.c_str(), R_OK) != 0)
        return "the broker's password (" + config.password_file + ") cannot be read by this user";
    config.password_file = stored;
    return {};
}

}  // namespace

BrokerFacts broker_facts(const Subject& subject) {
    BrokerFacts facts{.config = subject.config().mqtt, .outputs = subject.config().outputs};
    facts.voltd_runs = subject.voltd.runs;
    facts.voltd_reached = subject.voltd.reached;
    facts.hung = word(part(subject.voltd.status, "alarm/broker_hung"), "text");
    facts.client_id = word(part(subject.voltd.status, "alarm/client_id_in_use"), "text");
    if (is_loopback(facts.config.host)) {
        std::set<std::string> addresses;
        for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"})
            add_listeners(subject.root + table, facts.config.port, addresses);
        facts.listeners.emplace(addresses.begin(), addresses.end());
    }
    facts.beside_agent = std::filesystem::exists(subject.root + "/lib/systemd/system/volt-agent.service");
    facts.has_nft = ::access((subject.root + "/usr/sbin/nft").c_str(), X_OK) == 0;
    if (facts.beside_agent) facts.open_ports = open_ports(facts.config, subject.root);
    const auto& home_assistant = subject.config().home_assistant;
    facts.discovery = home_assistant && home_assistant->discovery;
    facts.no_password = find_password(subject.root, facts.config);
    if (!facts.no_password.empty()) return facts;
    BrokerLookOptions options{.root = "voltd/" + subject.config().site, .outputs = facts.outputs};
    if (home_assistant) options.discovery = home_assistant->prefix;
    for (OutputConfig& output : options.outputs) output.reply_to = options.root + "/doctor";
    facts.look = look_at_broker(facts.config, options);
    return facts;
}

}  // namespace volt::ctl::doctor
