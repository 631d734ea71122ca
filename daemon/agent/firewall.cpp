#include "daemon/agent/firewall.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "daemon/config/host_port.hpp"
#include "daemon/config/reach.hpp"

namespace volt::agent {

namespace {

constexpr int dns_port = 53, http_port = 80, https_port = 443;

int port_of(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    const std::string place = url.substr(begin, url.find_first_of("/?#", begin) - begin);
    return split_host_port(place).port.value_or(url.starts_with("https") ? https_port : http_port);
}

}  // namespace

/// Allows packets of connections that others opened to `serve`.
std::string firewall_rules(const AgentConfig& config) {
    std::set<int> ports{dns_port};
    ports.insert(config.voltd.url.empty() ? read_reach(config.voltd.config).api.port : port_of(config.voltd.url));
    if (config.model) ports.insert(port_of(config.model->url));
    return fmt::format(R"(table inet volt_agent
delete table inet volt_agent
table inet volt_agent {{
    chain out {{
        type filter hook output priority 0; policy accept;
        meta skuid != "volt-agent" accept
        tcp flags & (fin | syn | rst | ack) != syn accept
        tcp dport {{ {} }} accept
        udp dport {} accept
        meta l4proto tcp reject with tcp reset
        reject
    }}
}}
)",
                       fmt::join(ports, ", "), dns_port);
}

}  // namespace volt::agent
