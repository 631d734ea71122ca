#include "daemon/ctl/talk/address.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

namespace volt::ctl {

namespace {

/// Returns the socket. The package's service has it in its own directory, wherever its token is.
std::string socket_of(const Reach& reach, const AddressOptions& options) {
    const std::string path = socket_path(reach.api.token_file);
    std::error_code wrong;  // an unreadable file counts as existing; opening it gives the error
    const bool missing = std::filesystem::status(path, wrong).type() == std::filesystem::file_type::not_found;
    return !options.config && missing ? service_socket : path;
}

std::string token_in(const std::string& path) {
    std::string token;
    std::ifstream(path) >> token;
    return token;
}

}  // namespace

Reach reach_of(const AddressOptions& options) {
    const std::string path = options.config.value_or(default_config);
    if (!options.config && !std::filesystem::exists(path)) return {};
    Reach reach = read_reach(path);
    static bool warned = false;  // once per command
    if (reach.trouble.empty() || std::exchange(warned, true)) return reach;
    const bool runs = answers_at(socket_of(reach, options));
    std::cerr << "warning: " << reach.trouble << (runs ? "; voltd is still running with the previous configuration" : "") << '\n';
    return reach;
}

ApiAddress find_address(const AddressOptions& options) {
    ApiAddress address;
    address.json = options.json;
    Reach reach;
    if (!options.url || !options.token_file) reach = reach_of(options);
    if (!options.url) {
        address.socket = socket_of(reach, options);
        address.url = address.socket;
        address.who = operator_name();
        address.site = reach.site;
        return address;
    }
    address.url = *options.url;
    address.token_file = options.token_file.value_or(reach.api.token_file);
    address.token = token_in(address.token_file);
    return address;
}

std::string operator_name() {
    passwd entry{}, *found = nullptr;
    std::array<char, 4096> room{};
    const bool known = ::getpwuid_r(::getuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
    const std::string user = known ? found->pw_name : std::to_string(::getuid());
    const char* sudo = std::getenv("SUDO_USER");
    return user + (::getuid() == 0 && sudo != nullptr ? std::string(" for ") + sudo : "");
}

bool take_new_token(ApiAddress& address) {
    if (address.token_file.empty()) return false;
    std::string token = token_in(address.token_file);
    if (token.empty() || token == address.token) return false;
    address.token = std::move(token);
    return true;
}

}  // namespace volt::ctl
