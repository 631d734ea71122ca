// Tests of volt-agent as a process: started by a client, and prepared by its owner.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/daemon/agent/agent_site.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::agent;
using volt::testing::Ended;
using volt::testing::shell;

namespace program_test {

namespace {

constexpr const char* two_lines =
    R"(printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"ping"}' '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' | )";

bool has(const Ended& ended, const std::string& part) { return ended.out.find(part) != std::string::npos; }

/// Returns the command with the files of a site.
std::string of(const volt::agent::testing::AgentSite& at, const char* word) {
    return std::string(VOLT_AGENT " ") + word + " --voltd-config " + at.config.voltd.config + " --key-file " +
           at.config.voltd.key_file;
}

}  // namespace

TEST_CASE("runs setup, check and mcp, also through voltctl") {
    const volt::agent::testing::AgentSite at;
    const Ended before = shell(of(at, "check"));
    CHECK(before.code == 1);
    CHECK(has(before, "create one: sudo volt-agent setup"));
    const Ended made = shell(of(at, "setup"));
    CHECK(made.code == 0);
    CHECK(has(made, "The key is in " + at.config.voltd.key_file));
    const Ended checked = shell(of(at, "check"));
    CHECK_MESSAGE(checked.code == 0, checked.out);
    CHECK(has(checked, "the key has the role propose"));
    CHECK(has(checked, "  query_history: "));
    for (const std::string& command : {of(at, "mcp"), std::string(VOLTCTL " mcp --config ") + at.config.voltd.config}) {
        const Ended served = shell(two_lines + command + " 2>/dev/null");
        CHECK(served.code == 0);
        CHECK_MESSAGE(has(served, R"({"jsonrpc":"2.0","id":1,"result":{}})"), served.out);
        CHECK(has(served, R"("name":"get_status")"));
    }
}

TEST_CASE("searches and prints the manual") {
    const Ended found = shell(VOLTCTL " docs search 'output stuck on' --limit 3");
    CHECK(found.code == 0);
    CHECK_MESSAGE(has(found, "1  manual/alarms.md:"), found.out);
    CHECK(has(found, "Alarms > output_stuck_on"));
    CHECK(shell(VOLTCTL " docs search xyzzy").code == 1);
    CHECK(has(shell(VOLT_AGENT " docs show manual/alarms.md"), "# Alarms\n"));
    CHECK(has(shell(VOLT_AGENT " docs show alarm.md"), "alarms.md"));
    const Ended pages = shell(VOLTCTL " docs list");
    for (const char* page :
         {"manual/alarms.md", "manual/reasons.md", "manual/voltctl.1.md", "manual/voltd.yaml.5.md", "manual/devices.md"})
        CHECK_MESSAGE(has(pages, page), std::string(page));
    CHECK(shell(VOLTCTL " docs").code == 2);
}

TEST_CASE("answers a question in text and JSON") {
    const volt::agent::testing::AgentSite at;
    REQUIRE(shell(of(at, "setup")).code == 0);
    volt::testing::write_file(at.directory.path + "/agent.yaml", "store: " + at.directory.path + "\n");
    const auto ask = [&](const std::string& words) {
        return shell(of(at, "ask") + " --config " + at.directory.path + "/agent.yaml " + words);
    };
    const Ended why = ask("why is the dump load off");
    CHECK(why.code == 0);
    CHECK_MESSAGE(has(why, "No model. Output of \"voltctl explain dump-load-s19-1\":"), why.out);
    const Ended json = ask("--json --last 'is anything wrong?'");
    const Json answer = Json::parse(json.out, nullptr, false);
    REQUIRE_MESSAGE(answer.is_object(), json.out);
    CHECK(answer["answered_by"] == "command");
    CHECK(answer["tools"][0] == "voltctl alarms");
    CHECK(has(ask("stats"), "Questions in the last 30 days: 2"));
    const Ended log = ask("log");
    CHECK(log.code == 0);
    CHECK_MESSAGE(has(log, "task_complete  command"), log.out);
    const Json rows = Json::parse(ask("log --limit 3 --json").out, nullptr, false);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0]["event"] == "task_complete");
    CHECK(rows[0]["client"] == Json::parse(ask("log --limit 1 --json").out)[0]["client"]);
    CHECK(rows[0]["client"] != "");
    CHECK(rows[0]["data"]["answered_by"] == "command");
    CHECK(ask("log --limit 0").code == 2);
    CHECK(has(shell(VOLTCTL " ask log --limit 0"), "--limit"));
    CHECK(ask("''").code == 1);
    CHECK(ask("--conversation 00000000 why").code == 1);
    CHECK(shell(VOLT_AGENT " ask").code == 2);
    CHECK(has(shell(VOLTCTL " ask ''"), "the question is empty"));
}

TEST_CASE("manages the site's documents") {
    const volt::testing::TempDir directory;
    std::filesystem::create_directories(directory / "site");
    volt::testing::write_file(directory / "site/notes.md", "# Fuses\n\nThe fuse of the pump is green.\n");
    volt::testing::write_file(directory / "site/bad.pdf", "no PDF");
    volt::testing::write_file(directory / "agent.yaml",
                              "store: " + directory.path() + "\ndocuments: [{ id: site, path: " + (directory / "site") + " }]\n");
    const std::string docs = std::string(VOLT_AGENT) + " docs --config " + (directory / "agent.yaml") + " ";
    CHECK(has(shell(docs + "sync --dry-run"), "  added    site/notes.md\n"));
    const Ended synced = shell(docs + "sync");
    CHECK(synced.code == 1);
    CHECK_MESSAGE(has(synced, "site: 1 added, 1 failed ("), synced.out);
    CHECK(has(synced, "  failed   site/bad.pdf: "));
    const Ended found = shell(docs + "search green pump --source site");
    CHECK(found.code == 0);
    CHECK_MESSAGE(found.out == "1  site/notes.md:3-3   Fuses\n   The fuse of the pump is green.\n", found.out);
    CHECK(has(shell(docs + "search green pump --json"), R"("uri":"volt://doc/site/notes.md")"));
    CHECK(has(shell(docs + "show site/notes.md:3"), "[3-3] Fuses\nThe fuse"));
    CHECK(has(shell(docs + "show site/none.md"), "there is no document 'site/none.md'"));
    CHECK(has(shell(docs + "list --source site"), "site/notes.md  1 passages\n"));
    CHECK(has(shell(docs + "history --json"), R"("source":"site")"));
    CHECK(has(shell(docs + "history 2"), "  added    site/notes.md\n"));
    CHECK(shell(docs + "history 77").code == 1);
    const Ended checked = shell(docs + "check");
    CHECK(checked.code == 1);
    CHECK(has(checked, "site/bad.pdf: failed: "));
    std::filesystem::remove(directory / "site/bad.pdf");
    CHECK(shell(docs + "sync site").code == 0);
    CHECK(has(shell(docs + "check"), "All documents are up to date."));
    for (const char* words : {"sync sites", "search green --source sites", "list --source sites"}) {
        const Ended wrong = shell(docs + words);
        CHECK(wrong.code == 2);
        CHECK_MESSAGE(has(wrong, "there is no source 'sites'; choose from: site manual"), wrong.out);
    }
    CHECK(has(shell(docs + "search nothinglikethis"), "No passages match."));
    CHECK(shell(docs).code == 2);
    CHECK(shell(std::string(VOLT_AGENT) + " extract text").code == 2);
}

TEST_CASE("rejects a wrong file or word and names the package") {
    const volt::testing::TempDir directory;
    volt::testing::write_file(directory / "agent.yaml", "tool: []\n");
    const Ended wrong = shell(VOLT_AGENT " mcp --config " + (directory / "agent.yaml") + " < /dev/null");
    CHECK(wrong.code == 1);
    CHECK(has(wrong, "agent.yaml:1:1: tool: unknown key"));
    CHECK(shell(VOLT_AGENT " served").code == 2);
    CHECK(shell(VOLT_AGENT).code == 2);
    CHECK(has(shell(VOLT_AGENT " --version"), "volt-agent 0"));
    std::filesystem::copy_file(VOLTCTL, directory / "voltctl");
    const Ended none = shell("PATH=/nowhere " + (directory / "voltctl") + " mcp");
    CHECK(none.code == 1);
    CHECK_MESSAGE(has(none, "apt install voltd-agent"), none.out);
}

}  // namespace program_test
