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
Searches the manual and the documents in the folders of /etc/volt-agent/agent.yaml (/var/lib/volt-agent/documents: Markdown, text, HTML,
PDF). Each hit has its file with lines or page.

Examples:
  voltctl docs search output stuck on
  voltctl docs search --source site low temperature
  voltctl docs show alarms.md
  voltctl docs show site/inverter.pdf#page=42
  voltctl docs sync                    reads what is new or changed in the folders
  voltctl docs sync --dry-run
  voltctl docs list
  voltctl docs history
  voltctl docs check                   what is missing, stale or failed, and what to do)";

constexpr const char* conversations_help = R"(
Examples:
  voltctl conversations list
  voltctl conversations show 3f2a9c51
  voltctl conversations search dump load
  voltctl conversations rm 3f2a9c51
  voltctl conversations rm --all)";

constexpr const char* memory_help = R"(
Examples:
  voltctl memory list
  voltctl memory search heat room
  voltctl memory add --kind preference Quiet nights matter more than revenue
  voltctl memory rm 12)";

constexpr const char* proposals_help = R"(
A model can only propose a change. This lists each proposal with its code, the change and what it would switch; proposals expire.
approve tries the change again, asks you, and makes it in your name; it needs a terminal.

Examples:
  voltctl proposals
  voltctl proposals approve 7KQ2MXHT
  voltctl proposals reject 7KQ2MXHT)";
constexpr const char* ask_help = R"(
If agent.yaml names a model, it answers with the same tools as mcp; it cannot change anything. Numbers and sources that did not come from
a tool are listed below the answer. Without a model, ask runs the closest read-only command or shows passages of the manual.
`voltctl ask stats` shows figures for the last 30 days. `voltctl ask log` lists every question and tool call, including those of MCP
clients, with time, caller and outcome.

Examples:
  voltctl ask "why is the dump load off?"
  voltctl ask "and since when?" --last         continues the last conversation
  voltctl ask "what is a lease?" --json
  voltctl ask log --limit 100)";

/// Returns the volt-agent beside this program, else the one in PATH.
std::string agent_program() {
    std::error_code wrong;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", wrong).parent_path() / "volt-agent";
    return !wrong && std::filesystem::exists(here, wrong) ? here.string() : "volt-agent";
}

/// Replaces this process with volt-agent. Returns only if it does not exist.
int become_agent(const AddressOptions& address, std::vector<std::string> words) {
    words.insert(words.begin(), agent_program());
    const auto add = [&](const char* option, const std::optional<std::string>& value) {
        if (value) words.insert(words.end(), {option, *value});
    };
    if (words[1] != "docs") {
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

/// Adds a command whose arguments volt-agent parses.
void add_passed(Program& program, const char* name, const char* about, const char* help) {
    CLI::App* passed = add_plain(program.app, name, about);
    passed->footer(help);
    passed->fallthrough(false)->prefix_command();
    on(passed, program, [&program, passed, name] {
        std::vector<std::string> words = passed->remaining();
        words.insert(words.begin(), name);
        return become_agent(program.address, words);
    });
}

}  // namespace

void add_agent_commands(Program& program) {
    for (const auto& [name, about, help] :
         {std::tuple("conversations", "show past questions and answers", conversations_help),
          std::tuple("memory", "show and edit what the agent remembers", memory_help),
          std::tuple("proposals", "approve or reject changes that a language model proposed", proposals_help)})
        add_passed(program, name, about, help);
    CLI::App* mcp = add_plain(program.app, "mcp", "serve MCP: let a language model read the site and try changes");
    mcp->footer(mcp_help);
    on(mcp, program, [&program] { return become_agent(program.address, {"mcp"}); });
    CLI::App* ask = add_shown(program.app, program, "ask", "ask a question in plain words");
    ask->footer(ask_help);
    const auto question = std::make_shared<std::vector<std::string>>();
    const auto conversation = std::make_shared<std::string>();
    const auto log_rows = std::make_shared<std::string>();
    const auto last = std::make_shared<bool>(false);
    ask->add_option("question", *question, "the question, or stats, or log")->type_name("QUESTION")->required();
    ask->add_option("--conversation", *conversation, "continue this conversation")->type_name("ID");
    ask->add_flag("--last", *last, "continue the last conversation");
    ask->add_option("--limit", *log_rows, "log: maximum number of rows (default 20)")->type_name("N");
    on(ask, program, [&program, question, conversation, last, log_rows] {
        std::vector<std::string> words{"ask"};
        if (!conversation->empty()) words.insert(words.end(), {"--conversation", *conversation});
        if (*last) words.emplace_back("--last");
        if (!log_rows->empty()) words.insert(words.end(), {"--limit", *log_rows});
        if (program.json) words.emplace_back("--json");
        words.insert(words.end(), question->begin(), question->end());
        return become_agent(program.address, words);
    });
    CLI::App* docs = add_shown(program.app, program, "docs", "search the manual and the site's documents");
    docs->footer(docs_help);
    const auto words = std::make_shared<std::vector<std::string>>();
    const auto limit = std::make_shared<std::string>(), source = std::make_shared<std::string>();
    const auto dry_run = std::make_shared<bool>(false);
    docs->add_option("words", *words, "search WORD ..., show PLACE, sync [SOURCE], list, history [NUMBER], or check")
        ->type_name("WORD")
        ->required();
    docs->add_option("--limit", *limit, "maximum number of passages (default 8)")->type_name("N");
    docs->add_option("--source", *source, "only search this folder")->type_name("SOURCE");
    docs->add_flag("--dry-run", *dry_run, "list what a sync would do");
    on(docs, program, [&program, words, limit, source, dry_run] {
        words->insert(words->begin(), "docs");
        if (!limit->empty()) words->insert(words->end(), {"--limit", *limit});
        if (!source->empty()) words->insert(words->end(), {"--source", *source});
        if (*dry_run) words->emplace_back("--dry-run");
        if (program.json) words->emplace_back("--json");
        return become_agent(program.address, *words);
    });
}

}  // namespace volt::ctl
