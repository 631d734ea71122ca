#include "daemon/ctl/talk/error_output.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/hidden.hpp"
#include "drivers/text.hpp"

namespace volt::ctl {

namespace {

void print_line(const Json& object) { std::cout << json_text(object) << '\n'; }

}  // namespace

int refuse(bool json, const Refusal& refusal, int code) {
    if (!json) {
        std::istringstream lines{refusal.error + choose_from("", refusal.known)};
        // Remove control characters, because a name in the text must not control the terminal.
        for (std::string line; std::getline(lines, line);) std::cerr << "voltctl: " << without_hidden(line, ' ') << '\n';
        if (!refusal.help.empty()) std::cerr << "voltctl: " << refusal.help << '\n';
        return code;
    }
    Json object = Json::parse(refusal.object, nullptr, false);
    if (!object.is_object() || !object.contains("error")) object = Json{{"error", refusal.error}};
    if (!refusal.help.empty()) object["help"] = refusal.help;
    if (!refusal.known.empty()) object["known"] = refusal.known;
    print_line(object);
    return code;
}

int refuse(bool json, const std::string& error, int code) { return refuse(json, Refusal{error}, code); }

int refuse_all(bool json, const std::vector<std::string>& problems, const std::string& help) {
    if (!json) {
        for (const std::string& it : problems) std::cerr << without_hidden(it, ' ') << '\n';
        if (!help.empty()) std::cerr << "voltctl: " << help << '\n';
        return exit_failed;
    }
    Json object{{"error", problems.empty() ? help : problems.front()}};
    if (!help.empty()) object["help"] = help;
    if (problems.size() > 1) object["problems"] = problems;
    print_line(object);
    return exit_failed;
}

}  // namespace volt::ctl
