#include "daemon/agent/http/http_config.hpp"

#include "daemon/config/config_tables.hpp"

namespace volt::agent {

namespace {

constexpr const char* loopback_pattern = R"(^(localhost|127(\.[0-9]{1,3}){3}|\[::1\]):[0-9]{1,5}$)";
constexpr const char* origin_pattern = R"(^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$)";
constexpr std::size_t most_names = 16;

}  // namespace

Fields<HttpConfig> http_fields() {
    return {
        text("listen", "Loopback address and port. For other machines, use a TLS proxy on this one, or ssh.", &HttpConfig::listen,
             {loopback_pattern,
              "a loopback address with its port, such as 127.0.0.1:8481; use a TLS proxy on this machine for others"}),
        text("token_file", "Token file, created at start; whoever can read it may ask.", &HttpConfig::token_file,
             any_text_rule()),
        texts("origins", "Origins of other pages that may send requests.", &HttpConfig::origins,
              {.rule = {origin_pattern, "an origin such as https://volt.example.org"}}, 0, most_names),
        texts("hosts", "Other names of this machine, such as the name of a TLS proxy.", &HttpConfig::hosts, {.rule = host_rule()},
              0, most_names)};
}

}  // namespace volt::agent
