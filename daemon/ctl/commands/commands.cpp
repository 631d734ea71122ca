#include "daemon/ctl/commands/commands.hpp"

#include <iostream>

#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/explain_view.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl {

namespace {

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

/// Warns about another site. Two sites on one machine share a socket unless each has its own `api.token_file`.
void warn_of_other_site(const ApiAddress& address, const Json& status) {
    const std::string name = word(status, "name");
    if (address.site.empty() || name.empty() || name == address.site) return;
    std::cerr << "warning: voltd is running site " << name << ", but the configuration is for site " << address.site
              << ": give each its own api.token_file, or reload\n";
}

}  // namespace

int show_status(const ApiAddress& address, bool json) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    warn_of_other_site(address, *status);
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
