#include "daemon/agent/documents/documents_config.hpp"

#include <doctest/doctest.h>

#include "daemon/agent/agent_config.hpp"

using namespace volt::agent;

namespace documents_config_test {

namespace {

AgentConfig read_config(const std::string& text, std::string& problems) {
    std::vector<std::string> all;
    AgentConfig config = parse_agent_config(text, "a.yaml", all);
    problems.clear();
    for (const std::string& it : all) problems += it + "\n";
    return config;
}

std::string wrong_in(const std::string& text) {
    std::string problems;
    read_config(text, problems);
    return problems;
}

}  // namespace

TEST_CASE("uses the default folder without a list, manual first") {
    std::string problems;
    const auto usual = read_config("", problems).documents.all_sources();
    REQUIRE(usual.size() == 2);
    CHECK(usual[0].builtin);
    CHECK(usual[1].path == "/var/lib/volt-agent/documents");
    const AgentConfig config = read_config(
        "store: /s\ndocuments:\n  - { id: wiring, path: /home/pi/wiring, private: true }\n  - { id: manual, builtin: true }\n"
        "documents_limits: { files: 10, file_mb: 5 }\ndocuments_sync_h: 0\n",
        problems);
    CHECK(problems == "");
    const auto sources = config.documents.all_sources();
    REQUIRE(sources.size() == 2);
    CHECK(sources[0].id == "manual");
    CHECK(sources[1].id == "wiring");
    CHECK(sources[1].kept_private);
    CHECK(config.store == "/s");
    CHECK(config.documents.limits.files == 10);
    CHECK(config.documents.limits.pages == 1000);
    CHECK(config.documents.sync_h == 0);
}

TEST_CASE("names each mistake with its place") {
    CHECK(wrong_in("documents:\n  - { path: /a }\n").starts_with("a.yaml:2:5: documents[0].id: "));
    CHECK(wrong_in("documents:\n  - { id: A b, path: /a }\n").starts_with("a.yaml:2:11: documents[0].id: "));
    CHECK(wrong_in("documents:\n  - { id: a, path: relative }\n").starts_with("a.yaml:2:20: documents[0].path: "));
    CHECK(wrong_in("documents:\n  - { id: a }\n").starts_with("a.yaml:2:5: documents[0]: path is missing"));
    CHECK(wrong_in("documents:\n  - { id: a, path: /a }\n  - { id: a, path: /b }\n")
              .starts_with("a.yaml:3:5: documents[1]: the id "));
    CHECK(wrong_in("documents:\n  - { id: manual, path: /a }\n") != "");
    CHECK(wrong_in("documents:\n  - { id: x, builtin: true }\n") != "");
    CHECK(wrong_in("documents:\n  - { id: manual, builtin: true, path: /a }\n") != "");
    CHECK(wrong_in("documents_limits: { files: 0 }\n") != "");
    CHECK(wrong_in("documents_limits: { file: 1 }\n").find("did you mean") != std::string::npos);
    CHECK(wrong_in("documents_sync_h: -1\n") != "");
    CHECK(wrong_in("store: here\n") != "");
}

}  // namespace documents_config_test
