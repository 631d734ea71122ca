#include "daemon/agent/ask_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "daemon/agent/ask/ask.hpp"
#include "daemon/agent/ask/ask_stats.hpp"
#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/agent/site_access.hpp"
#include "daemon/agent/tools/kept_json.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/table.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "drivers/hidden.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

/// Shows once where questions are sent, and again when that changes.
void show_notice(const AgentConfig& config) {
    if (!config.model || ::isatty(STDERR_FILENO) == 0) return;
    const std::string notice = sharing_notice(*config.model), path = config.store + "/ask-notice";
    std::ifstream in(path);
    const std::string seen{std::istreambuf_iterator<char>(in), {}};
    if (seen == notice) return;
    std::cerr << notice << "\n\n";
    std::ofstream(path, std::ios::trunc) << notice;
}

/// Parsed arguments of `ask`.
struct AskWords {
    std::vector<std::string> question{};
    std::string conversation{};
    bool last = false, json = false;
    std::size_t limit = 20;
};

int show_stats(AgentStore& store, bool json) {
    const auto stats = ask_stats(store, agent_now().wall_ms);
    if (!stats) return ctl::refuse(json, stats.failure().text);
    std::cout << (json ? json_text(stats.value()) + "\n" : stats_text(stats.value()));
    return ctl::exit_ok;
}

int show_log(AgentStore& store, const AskWords& words) {
    const auto found = list_agent_log(store, words.limit);
    if (!found) return ctl::refuse(words.json, found.failure().text);
    Json list = Json::array();
    std::vector<ctl::Cells> rows{{"time (UTC)", "client", "event", "message"}};
    for (const AgentEvent& it : found.value()) {
        list.push_back(event_json(it));
        rows.push_back({utc_text(it.created_ms), it.agent_role + ":" + without_hidden(it.client, '?'), it.event_type,
                        without_hidden(it.message, ' ')});
    }
    if (words.json) return ctl::print(list), ctl::exit_ok;
    if (rows.size() == 1) std::cout << "the log is empty\n";
    else ctl::print(ctl::table_lines(rows, ctl::table_width(), ctl::paint_for_output()));
    return ctl::exit_ok;
}

int run_ask(const AgentConfig& config, const AskWords& words) {
    AgentStore store(config.agent_database(), config.keep);
    if (words.question == std::vector<std::string>{"stats"}) return show_stats(store, words.json);
    if (words.question == std::vector<std::string>{"log"}) return show_log(store, words);
    show_notice(config);
    const SiteAccess access = access_of(config);
    AskQuestion question{.conversation = words.conversation, .last = words.last, .client = ctl::operator_name()};
    for (const std::string& word : words.question) question.text += (question.text.empty() ? "" : " ") + word;
    const AskAnswer answer =
        answer_question({*access.site, access.url, config.voltd.key_file, config.groups(), config.model, store}, question);
    if (!answer.refusal.empty()) return ctl::refuse(words.json, answer.refusal);
    std::cout << (words.json ? json_text(answer_json(answer)) + "\n" : answer_text(answer));
    return answer.code;
}

}  // namespace

void add_ask(CLI::App& app, AgentJob& job) {
    CLI::App* ask = app.add_subcommand("ask", "a question in words; ask stats: how the answers were; ask log: what was called");
    ask->fallthrough();
    const auto words = std::make_shared<AskWords>();
    ask->add_option("question", words->question, "the question, or stats, or log")->required();
    ask->add_option("--conversation", words->conversation, "continue this conversation");
    ask->add_flag("--last", words->last, "continue the last conversation");
    ask->add_flag("--json", words->json, "print JSON");
    ask->add_option("--limit", words->limit, "of log: maximum number of rows (default 20)")->check(CLI::Range(1, 1000));
    ask->callback([words, &job] { job = [words](const AgentConfig& config) { return run_ask(config, *words); }; });
}

}  // namespace volt::agent
