#include "daemon/ctl/asking.hpp"

#include <unistd.h>

#include <iostream>

#include "daemon/ctl/suggest.hpp"

namespace volt::ctl {

namespace {

/// What helps, said after what is wrong.
std::string remedy(const ApiAddress& address, const ApiReply& reply) {
    if (reply.forbidden) return join_the_group;
    if (reply.silent && !address.socket.empty())
        return "something is there that hangs: `systemctl status voltd` and `journalctl -u voltd -n 50` tell; its watchdog "
               "starts a hung voltd again within a minute, `sudo systemctl restart voltd` at once";
    if (reply.silent)
        return "something is there that hangs or is cut off: `systemctl status voltd` and `journalctl -u voltd -n 50` tell; its watchdog "
               "starts a hung voltd again within a minute, `sudo systemctl restart voltd` at once. "
               "Should voltd run well, another program may have its port: `sudo ss -ltnp` tells whose it is";
    if (!reply.reached && !address.socket.empty())
        return "is it running? `systemctl status voltd` tells, `sudo systemctl start voltd` starts it. Its socket is beside "
               "`api.token_file` of its configuration (--config FILE names another one)";
    if (!reply.reached)
        return "is it running? `systemctl status voltd` tells, `sudo systemctl start voltd` starts it; where it listens is "
               "`api.listen` of its configuration (--config FILE, or --url URL). If voltd is running, another program may be using its port: "
               "`sudo ss -ltnp` tells whose it is, `journalctl -u voltd -n 50` what voltd says of it";
    if (reply.status != 401) return {};
    if (address.token.empty())
        return "no token could be read from " + address.token_file + ": " + join_the_group;
    return "the token of " + address.token_file + " is not the one of this voltd: is it another one's (--config FILE)?";
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
    code = refuse(address.json, "the answer of voltd is no JSON object");
    return std::nullopt;
}

bool confirmed(const std::string& question) {
    if (::isatty(STDIN_FILENO) == 0) return false;
    std::cerr << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

void print(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) std::cout << line << '\n';
}

void print(const Json& json) {
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace volt::ctl
