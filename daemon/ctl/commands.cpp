#include "daemon/ctl/commands.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iostream>

#include "daemon/config/config.hpp"
#include "daemon/ctl/asking.hpp"
#include "daemon/ctl/control_ask.hpp"
#include "daemon/ctl/explain_view.hpp"
#include "daemon/ctl/terminal.hpp"

namespace volt::ctl {

namespace {

bool is_there(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
}

std::vector<std::string> texts_of(const std::vector<Problem>& problems) {
    std::vector<std::string> texts;
    for (const Problem& it : problems) texts.push_back(text_of(it));
    return texts;
}

/// The `api` section; the defaults where no file was named and the usual one is not there.
std::optional<ApiConfig> api_config(const std::optional<std::string>& named, bool json) {
    const std::string path = named.value_or(default_config);
    if (!named && !is_there(path)) return ApiConfig{};
    const ParsedConfig parsed = load_config(path);
    if (parsed.config) return parsed.config->api;
    refuse_all(json, texts_of(parsed.problems));
    return std::nullopt;
}

std::string url_of(const ApiConfig& api) {
    const bool bracketed = api.host.find(':') != std::string::npos;
    return "http://" + (bracketed ? "[" + api.host + "]" : api.host) + ":" + std::to_string(api.port);
}

std::string token_in(const std::string& path) {
    std::string token;
    std::ifstream(path) >> token;
    return token;
}

}  // namespace

std::optional<ApiAddress> find_address(const AddressOptions& options) {
    ApiConfig api;
    if (!options.url || !options.token_file) {
        const auto configured = api_config(options.config, options.json);
        if (!configured) return std::nullopt;
        api = *configured;
    }
    const std::string token_file = options.token_file.value_or(api.token_file);
    return ApiAddress{options.url.value_or(url_of(api)), token_in(token_file), token_file, options.json};
}

bool take_new_token(ApiAddress& address) {
    std::string token = token_in(address.token_file);
    if (token.empty() || token == address.token) return false;
    address.token = std::move(token);
    return true;
}

int show_status(const ApiAddress& address, bool json) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    if (json)
        print(*status);
    else
        print(status_screen(*status, on_terminal() ? screen_of_output() : Screen{}, paint_for_output(), false));
    return exit_ok;
}

std::string load_for(const std::string& word, const Json& explanations) {
    if (explanations.contains(word)) return word;
    for (const auto& [slug, load] : explanations.items())
        if (ctl::word(load, "name") == word) return slug;
    return word;
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
    const auto why = ask(address, "/api/explain/" + encoded(load_for(load, *all)), code, load);
    if (!why) return code;
    if (json)
        print(*why);
    else if (const auto status = ask(address, "/api/status", code))
        print(explain_load_lines(*why, *status, paint));
    return code;
}

}  // namespace volt::ctl
