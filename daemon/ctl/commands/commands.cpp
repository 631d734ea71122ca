#include "daemon/ctl/commands/commands.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include "daemon/ctl/commands/control_ask.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/explain_view.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl {

namespace {

/// The package's service has its socket in its own directory, wherever its token is.
std::string socket_of(const Reach& reach, const AddressOptions& options) {
    const std::string path = socket_path(reach.api.token_file);
    std::error_code wrong;  // an unreadable file counts as existing; opening it gives the error
    const bool missing = std::filesystem::status(path, wrong).type() == std::filesystem::file_type::not_found;
    return !options.config && missing ? service_socket : path;
}

std::vector<std::string> keys_of(const Json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys;
}

Json several(const Json& all, const std::vector<std::string>& keys) {
    Json some = Json::object();
    for (const std::string& key : keys) some[key] = all[key];
    return some;
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

int show_status(const ApiAddress& address, bool json) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    if (json) print(*status);
    else print(status_screen(*status, on_terminal() ? screen_of_output() : Screen{.whole = true}, paint_for_output(), false));
    return exit_ok;
}

std::vector<std::string> loads_for(const std::string& word, const Json& explanations, const Json& outputs) {
    if (explanations.contains(word)) return {word};
    std::vector<std::string> zone, begin;
    for (const auto& [slug, load] : explanations.items()) {
        if (ctl::word(load, "name") == word) return {slug};
        if (slug.starts_with(word + "/")) zone.push_back(slug);
        if (slug.starts_with(word)) begin.push_back(slug);
    }
    for (const Json& output : outputs)
        if (const std::string load = ctl::word(output, "load"); ctl::word(output, "id") == word && explanations.contains(load))
            return {load};
    return zone.empty() ? begin : zone;
}

std::vector<std::string> loads_for(const ApiAddress& address, const std::string& word, const Json& explanations) {
    if (explanations.contains(word)) return {word};
    const Json outputs = Json::parse(get(address, "/api/outputs").body, nullptr, false);
    return loads_for(word, explanations, outputs.is_array() ? outputs : Json::array());
}

int explain(const ApiAddress& address, const std::string& load, bool json) {
    int code = exit_ok;
    const auto all = ask(address, "/api/explain", code);
    if (!all) return code;
    const Paint paint = paint_for_output();
    if (load.empty()) {
        if (json) {
            print(*all);
            return exit_ok;
        }
        const auto status = ask(address, "/api/status", code);
        if (status) print(explain_all_lines(*all, paint, is_shadow(*status)));
        return code;
    }
    const std::vector<std::string> meant = loads_for(address, load, *all);
    if (meant.empty()) return refuse(json, Refusal{"unknown load: " + load, {}, nearest_first(load, keys_of(*all))});
    if (json) {
        print(meant.size() == 1 ? (*all)[meant.front()] : several(*all, meant));
        return exit_ok;
    }
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    for (std::size_t i = 0; i < meant.size(); ++i) {
        if (i > 0) std::cout << '\n';
        print(explain_load_lines((*all)[meant[i]], *status, paint));
    }
    return code;
}

}  // namespace volt::ctl
