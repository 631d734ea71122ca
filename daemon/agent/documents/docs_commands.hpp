// voltctl docs: sync, search, show, list, history, check.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/documents/documents.hpp"

// The library itself is read only where commands are added: it takes long to compile.
namespace CLI {
class App;
}

namespace volt::agent {

/// What the words after `docs` say.
struct DocsWords {
    std::vector<std::string> query{};
    std::string uri{}, source{};
    std::size_t limit = 8;
    std::int64_t sync = 0;  ///< of `history`
    bool dry_run = false, json = false;
};

void add_docs(CLI::App& app, DocsWords& words);
/// Runs the given one; returns the exit code.
int run_docs(const CLI::App& docs, const DocsWords& words, Documents& documents);

}  // namespace volt::agent
