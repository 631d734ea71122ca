#include "daemon/ctl/commands.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iostream>

#include "daemon/config.hpp"
#include "daemon/ctl/explain_view.hpp"
#include "daemon/ctl/terminal.hpp"

namespace volt::ctl {

namespace {

bool is_there(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
}

/// The `api` section; the defaults where no file was named and the usual one is not there.
std::optional<ApiConfig> api_config(const std::optional<std::string>& named) {
    const std::string path = named.value_or(default_config);
    if (!named && !is_there(path)) return ApiConfig{};
    const ParsedConfig parsed = load_config(path);
    if (parsed.config) return parsed.config->api;
    for (const Problem& problem : parsed.problems) std::cerr << text_of(problem) << '\n';
    return std::nullopt;
}

std::string url_of(const ApiConfig& api) {
    const bool bracketed = api.host.find(':') != std::string::npos;
    return "http://" + (bracketed ? "[" + api.host + "]" : api.host) + ":" + std::to_string(api.port);
}

std::string token_in(const std::string& path) {
    std::string token;
    std::ifstream(path) >> token;
    if (token.empty())
        std::cerr << "voltctl: no token could be read from " << path << " (are you in the group voltd?)\n";
    return token;
}

/// The answer as JSON; complains and returns nothing where it is none.
std::optional<Json> ask(const ApiAddress& address, const std::string& path, int& code) {
    const ApiReply reply = get(address, path);
    code = reply.ok() ? exit_ok : complain(reply);
    if (!reply.ok()) return std::nullopt;
    Json object = Json::parse(reply.body, nullptr, false);
    if (object.is_object()) return object;
    std::cerr << "voltctl: the answer of voltd is no JSON object\n";
    code = exit_failed;
    return std::nullopt;
}

void print(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) std::cout << line << '\n';
}

std::string encoded(const std::string& load) {
    std::string text;
    for (const char byte : load) {
        static constexpr const char* hex = "0123456789ABCDEF";
        const auto value = static_cast<unsigned char>(byte);
        const bool plain = std::isalnum(value) != 0 || byte == '-' || byte == '/' || byte == '.' || byte == '_';
        if (plain)
            text += byte;
        else
            text += {'%', hex[value >> 4], hex[value & 15]};
    }
    return text;
}

}  // namespace

std::optional<ApiAddress> find_address(const AddressOptions& options) {
    ApiConfig api;
    if (!options.url || !options.token_file) {
        const auto configured = api_config(options.config);
        if (!configured) return std::nullopt;
        api = *configured;
    }
    return ApiAddress{options.url.value_or(url_of(api)), token_in(options.token_file.value_or(api.token_file))};
}

int complain(const ApiReply& reply) {
    std::cerr << "voltctl: " << reply.error << '\n';
    return reply.reached ? exit_failed : exit_unreachable;
}

int show_status(const ApiAddress& address, bool json) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    if (json)
        std::cout << status->dump(2) << '\n';
    else
        print(status_screen(*status, on_terminal() ? screen_of_output() : Screen{}, paint_for_output(), false));
    return exit_ok;
}

int explain(const ApiAddress& address, const std::string& load, bool json) {
    int code = exit_ok;
    const auto why = ask(address, load.empty() ? "/api/explain" : "/api/explain/" + encoded(load), code);
    if (!why) return code;
    if (json) {
        std::cout << why->dump(2) << '\n';
        return exit_ok;
    }
    const Paint paint = paint_for_output();
    if (load.empty())
        print(explain_all_lines(*why, paint));
    else if (const auto status = ask(address, "/api/status", code))
        print(explain_load_lines(*why, word(*status, "at"), paint));
    return code;
}

}  // namespace volt::ctl
