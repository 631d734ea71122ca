// volt-agent's HTTP over a served site, on a separate port, and requests byte by byte.
#pragma once

#include "daemon/agent/http/agent_server.hpp"
#include "daemon/agent/serve_command.hpp"
#include "tests/daemon/agent/agent_site.hpp"

namespace volt::agent::testing {

/// Received answer.
struct HttpSaid {
    int status = 0;
    std::string head{}, body{};
    Json json() const { return Json::parse(body, nullptr, false); }
};

struct ServedAgent : AgentSite {
    SiteAccess access{};
    AgentStore store{directory.path + "/agent.db"};
    std::string token_file = directory.path + "/agent.token", token{};
    Catalog catalog{};
    std::unique_ptr<BackgroundSync> sync{};
    std::unique_ptr<AgentServer> http{};
    int port = 0;

    explicit ServedAgent(std::optional<ModelConfig> model = {}) {
        if (!make_agent_key(config).empty()) std::abort();
        access = access_of(config);
        catalog = catalog_of(*access.site, config.groups(), {.store = &store, .transport = "http", .login = "pi"});
        sync = std::make_unique<BackgroundSync>(*access.documents, 0);
        const AskPlace place{*access.site, access.url, config.voltd.key_file, config.groups(), std::move(model), store};
        http = std::make_unique<AgentServer>(HttpConfig{.listen = "127.0.0.1:0", .token_file = token_file},
                                             served_routes(catalog, place, *sync));
        port = http->start().value();
        std::ifstream(token_file) >> token;
    }

    /// Sends a request. `more`: headers, each with its line ending.
    HttpSaid ask(const std::string& method, const std::string& path, const std::string& body = {}, const std::string& more = {},
                 bool with_token = true) const {
        const fixture::RawClient client(port);
        std::string text = method + " " + path + " HTTP/1.1\r\nHost: localhost:" + std::to_string(port) + "\r\n" + more;
        if (with_token) text += "Authorization: Bearer " + token + "\r\n";
        if (!body.empty()) text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        client.say(text + "\r\n" + body);
        const std::string all = client.hear(60'000);
        const std::size_t end = all.find("\r\n\r\n");
        if (end == std::string::npos) return {0, all};
        return {std::atoi(all.c_str() + std::string("HTTP/1.1 ").size()), all.substr(0, end), all.substr(end + 4)};
    }
    HttpSaid get(const std::string& path) const { return ask("GET", path); }
    HttpSaid post(const std::string& path, const Json& body, const std::string& more = {}) const {
        return ask("POST", path, body.dump(), more);
    }
};

}  // namespace volt::agent::testing
