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
        text("listen", "Address and port, of this machine alone. For other machines: a TLS proxy on this one, or ssh.",
             &HttpConfig::listen,
             {loopback_pattern,
              "a loopback address with its port, such as 127.0.0.1:8481; other machines come through a TLS proxy on this one"}),
        text("token_file", "Created at start; who can read it may ask.", &HttpConfig::token_file, any_text_rule()),
        texts("origins", "Origins of further pages whose requests are answered.", &HttpConfig::origins,
              {.rule = {origin_pattern, "an origin such as https://volt.example.org"}}, 0, most_names),
        texts("hosts", "Further names of this machine, such as that of a TLS proxy.", &HttpConfig::hosts, {.rule = host_rule()},
              0, most_names)};
}

}  // namespace volt::agent
