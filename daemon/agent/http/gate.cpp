#include "daemon/agent/http/gate.hpp"

#include <algorithm>
#include <cctype>

#include "daemon/api/access/token.hpp"
#include "daemon/config/host_port.hpp"

namespace volt::agent {

namespace {

std::string in_lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool is_one_of(const std::vector<std::string>& list, const std::string& text) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& it) { return in_lower(it) == text; });
}

/// Returns true for a known host name. A page on the internet can point its own name to this machine, but not one of these.
bool is_known_host(const std::string& header, const HttpConfig& config) {
    const std::string name = split_host_port(header).host;
    return name == "localhost" || api::is_loopback_address(name) || is_one_of(config.hosts, name);
}

bool is_known_origin(const std::string& origin, const std::string& host, const HttpConfig& config) {
    return origin == "http://" + host || origin == "https://" + host || is_one_of(config.origins, origin);
}

}  // namespace

api::Admitted admit_head(const api::RequestHead& head, const HttpConfig& config, const std::string& token) {
    constexpr int bad_request = 400, forbidden = 403;
    api::Admitted admitted;
    if (head.hosts.size() != 1) {
        admitted.refused = api::error_answer(bad_request, "the request must have one Host header");
        return admitted;
    }
    const std::string host = in_lower(head.hosts.front());
    if (!is_known_host(host, config))
        admitted.refused = api::error_answer(forbidden, "this host name is not known; add it to http.hosts in agent.yaml");
    else if (!head.origin.empty() && !is_known_origin(in_lower(head.origin), host, config))
        admitted.refused =
            api::error_answer(forbidden, "this request came from another page; add its origin to http.origins in agent.yaml");
    if (admitted.refused) return admitted;
    admitted.origin = "http://" + host;
    admitted.client = head.peer;
    if (api::authorized(head.authorization, token)) admitted.caller = {api::Role::owner, true, "http"};
    return admitted;
}

}  // namespace volt::agent
