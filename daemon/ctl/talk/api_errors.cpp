#include "daemon/ctl/talk/api_errors.hpp"

#include <unistd.h>

#include <iostream>

#include "daemon/ctl/talk/suggest.hpp"

namespace volt::ctl {

namespace {

/// Returns the remedy to print after the error.
std::string remedy(const ApiAddress& address, const ApiReply& reply) {
    if (reply.forbidden) return join_the_group;
    if (reply.silent && !address.socket.empty())
        return "check `systemctl status voltd` and `journalctl -u voltd -n 50`; its watchdog restarts a hung voltd "
               "(now: `sudo systemctl restart voltd`)";
    if (reply.silent)
        return "check `systemctl status voltd` and `journalctl -u voltd -n 50`; its watchdog restarts a hung voltd "
               "(now: `sudo systemctl restart voltd`). If voltd is running, another program may be using its port: `sudo ss "
               "-ltnp`";
    if (!reply.reached && !address.socket.empty() && address.socket != service_socket)
        return "is it running? Start it with the same --config FILE. Its socket is next to `api.token_file` in that file";
    if (!reply.reached && !address.socket.empty())
        return "is it running? See `systemctl status voltd`; start it with `sudo systemctl start voltd`. Its socket is next to "
               "`api.token_file` in its configuration (--config FILE)";
    if (!reply.reached)
        return "is it running? See `systemctl status voltd`; start it with `sudo systemctl start voltd`. It listens at "
               "`api.listen` in its configuration (--config FILE, or --url URL). If voltd is running, another program may be "
               "using its port: see `sudo ss -ltnp` and `journalctl -u voltd -n 50`";
    if (reply.status != 401) return {};
    if (address.token.empty()) return "cannot read a token from " + address.token_file + ": " + join_the_group;
    return "the token of " + address.token_file +
           " does not belong to this voltd; does it belong to another one (--config FILE)?";
}

}  // namespace

int complain(const ApiAddress& address, const ApiReply& reply, const std::string& word) {
    const Refusal refusal{reply.error, remedy(address, reply), nearest_first(word, reply.known), reply.body};
    return refuse(address.json, refusal, reply.reached || reply.forbidden ? exit_failed : exit_unreachable);
}

std::optional<Json> ask(const ApiAddress& address, const std::string& path, int& code, const std::string& word) {
    const ApiReply reply = get(address, path);
    code = reply.ok() ? exit_ok : complain(address, reply, word);
    if (!reply.ok()) return std::nullopt;
    Json object = Json::parse(reply.body, nullptr, false);
    if (object.is_object()) return object;
    code = refuse(address.json, "voltd's answer is not a JSON object");
    return std::nullopt;
}

bool confirmed(const std::string& question) {
    if (::isatty(STDIN_FILENO) == 0) return false;
    std::cerr << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

bool typed(const std::string& question, const std::string& word) {
    if (::isatty(STDIN_FILENO) == 0) return false;
    std::cerr << question << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == word;
}

void print(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) std::cout << line << '\n';
}

void print(const Json& json) { std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n'; }

}  // namespace volt::ctl
