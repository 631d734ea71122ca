// An agent.db in its own directory.
#pragma once

#include "drivers/store/agent/agent_store.hpp"
#include "tests/drivers/store/temp_dir.hpp"

namespace volt::test {

struct AgentFile {
    TempDir directory{};
    std::string path = directory.file("agent.db");
    AgentStore store{path};
    /// Returns one number of the file, over a separate connection.
    std::int64_t number(const std::string& sql) const { return open_file(path, OpenMode::read_only).number(sql).value_or(-1); }
};

}  // namespace volt::test
