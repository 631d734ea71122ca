// Site for the tests of volt-agent: voltd's API with its database, port and socket, the page of the worked case, and a
// voltd.yaml.
#pragma once

#include "daemon/agent/site_access.hpp"
#include "daemon/agent/tools/offer.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

namespace volt::agent::testing {

struct AgentSite {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    OpenedStore opened = std::move(open_store(path).value());
    ApiServer server;
    fixture::Site site;
    AgentConfig config;

    AgentSite() {
        server.serve_database(path, *opened.store);
        const int port = server.start("127.0.0.1", 0, directory.path + "/token").value();
        if (!server.open_socket(directory.path + "/api.sock").empty()) std::abort();
        fixture::show(server, site);
        config.voltd.config = directory.path + "/voltd.yaml";
        config.voltd.key_file = directory.path + "/agent/voltd.key";
        std::string text = volt::testing::read_file(VOLT_SOURCE_DIR "/schema/voltd.example.yaml");
        for (const auto& [from, to] : {std::pair<std::string, std::string>{"/var/lib/voltd/voltd.db", path},
                                       {"listen: \"127.0.0.1:8480", "listen: \"127.0.0.1:" + std::to_string(port)},
                                       {"/run/voltd/token", directory.path + "/token"}})
            text.replace(text.find(from), from.size(), to);
        volt::testing::write_file(config.voltd.config, text);
    }
    ~AgentSite() {
        server.stop();
        opened.store->close(Duration{2000});
    }
};

}  // namespace volt::agent::testing
