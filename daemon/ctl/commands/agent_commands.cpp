#include "daemon/ctl/commands/agent_commands.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "daemon/ctl/talk/error_output.hpp"

namespace volt::ctl {

namespace {

constexpr const char* mcp_help = R"(
A program that uses a language model starts this command and talks to it on standard input and output, as a client of MCP. The model can read
the site and try changes; it can make none. Before the first time: sudo volt-agent setup

Examples:
  voltctl mcp
  ssh HOST voltctl mcp                 what a program on another machine starts)";

constexpr const char* docs_help = R"(
Each hit has its file and lines; the files are in /usr/share/voltd/manual.

Examples:
  voltctl docs search output stuck on
  voltctl docs show alarms.md)";

/// The one beside this program, else that in PATH.
std::string agent_program() {
    std::error_code wrong;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", wrong).parent_path() / "volt-agent";
    return !wrong && std::filesystem::exists(here, wrong) ? here.string() : "volt-agent";
}

/// Becomes volt-agent; returns only where there is none.
int become_agent(const AddressOptions& address, std::vector<std::string> words) {
    words.insert(words.begin(), agent_program());
    const auto add = [&](const char* option, const std::optional<std::string>& value) {
        if (value) words.insert(words.end(), {option, *value});
    };
    if (words[1] == "mcp") {
        add("--voltd-config", address.config);
        add("--url", address.url);
        add("--key-file", address.token_file);
    }
    std::vector<char*> arguments;
    for (std::string& it : words) arguments.push_back(it.data());
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    return refuse(address.json,
                  Refusal{words.front() + ": " + std::strerror(errno), errno == ENOENT ? "apt install voltd-agent" : ""});
}

}  // namespace

void add_agent_commands(Program& program) {
    CLI::App* mcp = add_plain(program.app, "mcp", "serve a language model: read the site, try changes (MCP)");
    mcp->footer(mcp_help);
    on(mcp, program, [&program] { return become_agent(program.address, {"mcp"}); });
    CLI::App* docs = add_plain(program.app, "docs", "search the manual, or show a page of it");
    docs->footer(docs_help);
    const auto words = std::make_shared<std::vector<std::string>>();
    const auto limit = std::make_shared<std::string>();
    docs->add_option("words", *words, "search WORD ..., show PAGE, or list")->type_name("WORD")->required();
    docs->add_option("--limit", *limit, "maximum number of passages (default 8)")->type_name("N");
    on(docs, program, [&program, words, limit] {
        words->insert(words->begin(), "docs");
        if (!limit->empty()) words->insert(words->end(), {"--limit", *limit});
        return become_agent(program.address, *words);
    });
}

}  // namespace volt::ctl
