// voltd-schemas DIRECTORY: writes voltd.schema.json, agent.schema.json and openapi.json there, for the package. It is not
// installed.
#include <exception>
#include <fstream>
#include <iostream>

#include "daemon/agent/agent_config.hpp"
#include "daemon/api/description.hpp"
#include "daemon/config/schema.hpp"

int main(int argc, char** argv) {
    try {
        const std::string directory = argc == 2 ? argv[1] : ".";
        std::ofstream config(directory + "/voltd.schema.json"), agent(directory + "/agent.schema.json"),
            api(directory + "/openapi.json");
        config << volt::config_schema() << std::flush;
        agent << volt::agent::agent_config_schema() << std::flush;
        api << volt::api::description() << std::flush;
        return config && agent && api ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "voltd-schemas: " << error.what() << '\n';
        return 1;
    }
}
