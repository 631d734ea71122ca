#include "daemon/agent/proposal_commands.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/agent/proposals/approval.hpp"
#include "daemon/ctl/talk/address.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "drivers/hidden.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t most_listed_proposals = 20;

/// Parsed command line.
struct ProposalAsk {
    bool json = false;
    std::string code{};
};

/// Normalizes a typed code: upper case, without dashes and blanks.
std::string typed_code(const std::string& given) {
    std::string code;
    for (const char letter : given)
        if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
            code += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return code;
}

SendAs voltd_socket(const AgentConfig& config) {
    ctl::AddressOptions options;
    options.config = config.voltd.config;
    const ctl::ApiAddress address = ctl::find_address(options);
    return [address](const std::string& who, const api::HttpRequest& request) {
        ctl::ApiAddress as_person = address;
        as_person.who = who;
        return ctl::send(as_person, request);
    };
}

/// Prints a text of a proposal. It comes from a model, so nothing in it may move the cursor.
void print_line(const std::string& text) { std::cout << without_hidden(text, '?') << '\n'; }

void print_effect(const Proposal& it) {
    print_line("  why: " + it.why);
    for (const std::string& line : effect_lines(Json::parse(it.diff, nullptr, false), Json::parse(it.would, nullptr, false)))
        print_line("  " + line);
}

void print_waiting(const CodedProposal& it) {
    // Hide the code from a program that reads this output. It is for the person at the terminal.
    std::cout << (ctl::on_terminal() ? it.code : std::string("(the code is shown at a terminal)")) << "  ";
    print_line(it.proposal.tool + " by " + it.proposal.client + " (" + it.proposal.login + ", " + it.proposal.transport + ")");
    print_effect(it.proposal);
}

int list_waiting(const AgentConfig& config, const ProposalAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    if (ask.json) {
        const auto all = list_proposals(store, most_listed_proposals, agent_now());
        if (!all) return ctl::refuse(true, all.failure().text);
        Json list = Json::array();
        for (const Proposal& it : all.value()) list.push_back(proposal_json(it));
        return ctl::print(list), ctl::exit_ok;
    }
    const auto waiting = waiting_proposals(store, agent_now());
    if (!waiting) return ctl::refuse(false, waiting.failure().text);
    for (const CodedProposal& it : waiting.value()) print_waiting(it);
    if (waiting.value().empty()) std::cout << "no proposals are waiting\n";
    else std::cout << "voltctl proposals approve CODE, or reject CODE\n";
    return ctl::exit_ok;
}

int approve(const AgentConfig& config, const ProposalAsk& ask) {
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1)
        return ctl::refuse(false, "only a person can approve a proposal: this needs a terminal", ctl::exit_usage);
    if (!config.voltd.url.empty())
        return ctl::refuse(false, "proposals must be approved on the machine that runs voltd: " + config.voltd.url);
    AgentStore store(config.agent_database(), config.keep);
    const SendAs send = voltd_socket(config);
    const std::string login = ctl::operator_name();
    const Reviewed reviewed = review(store, send, login, typed_code(ask.code), agent_now());
    if (!reviewed.refusal.empty()) {
        const int code = ctl::refuse(false, reviewed.refusal);
        if (reviewed.proposal) print_effect(*reviewed.proposal);
        return code;
    }
    const Applied applied = ask_and_apply(store, send, login, reviewed, [](const Reviewed& shown) {
        if (!shown.refusal.empty()) print_line(shown.refusal);
        print_line(shown.proposal->tool + " by " + shown.proposal->client + " (" + shown.proposal->login + ")");
        print_effect(*shown.proposal);
        return ctl::confirmed("Do this?");
    });
    if (!applied.error.empty()) {
        const int code = ctl::refuse(false, applied.error);
        if (applied.moved) print_effect(*applied.moved);
        return code;
    }
    std::cout << "done";
    if (applied.change) std::cout << " as change " << *applied.change << "; undo: voltctl settings undo " << *applied.change;
    std::cout << '\n';
    return ctl::exit_ok;
}

int reject_one(const AgentConfig& config, const ProposalAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    const std::string wrong = reject(store, ctl::operator_name(), typed_code(ask.code), agent_now());
    if (!wrong.empty()) return ctl::refuse(ask.json, wrong);
    if (ask.json) return ctl::print(Json{{"state", "rejected"}}), ctl::exit_ok;
    std::cout << "rejected\n";
    return ctl::exit_ok;
}

}  // namespace

void add_proposal_commands(CLI::App& app, AgentJob& job) {
    const auto ask = std::make_shared<ProposalAsk>();
    const auto on_word = [&job, ask](int (*command)(const AgentConfig&, const ProposalAsk&)) {
        return [&job, ask, command] { job = [ask, command](const AgentConfig& config) { return command(config, *ask); }; };
    };
    CLI::App* all =
        app.add_subcommand("proposals", "list changes that a model proposed")->require_subcommand(0, 1)->fallthrough();
    all->add_flag("--json", ask->json, "print JSON, without codes");
    // The callback of a command runs before those of its subcommands, which replace the job.
    all->parse_complete_callback(on_word(list_waiting));
    CLI::App* yes = all->add_subcommand("approve", "try it again, ask you, and apply it")->fallthrough();
    yes->add_option("code", ask->code, "code of a waiting proposal")->required();
    yes->callback(on_word(approve));
    CLI::App* no = all->add_subcommand("reject", "reject a proposal")->fallthrough();
    no->add_option("code", ask->code, "code of a waiting proposal")->required();
    no->callback(on_word(reject_one));
}

}  // namespace volt::agent
