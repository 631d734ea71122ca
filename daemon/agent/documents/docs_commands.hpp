// voltctl docs: sync, search, show, list, history, check.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/documents/documents.hpp"

// Forward declaration. Only files that add commands include the library, because it takes long to compile.
namespace CLI {
class App;
}

namespace volt::agent {

/// Parsed arguments of `docs`.
struct DocsWords {
    std::vector<std::string> query{};
    std::string uri{}, source{};
    std::size_t limit = 8;
    std::int64_t sync = 0;  ///< for `history`
    bool dry_run = false, json = false;
};

void add_docs(CLI::App& app, DocsWords& words);
/// Runs the given command. Returns the exit code.
int run_docs(const CLI::App& docs, const DocsWords& words, Documents& documents);

}  // namespace volt::agent
