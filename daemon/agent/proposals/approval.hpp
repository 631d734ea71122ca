// Decision of a person on a proposal: tries it again, compares it with the original, and carries it out over voltd's socket.
#pragma once

#include "daemon/agent/proposals/trial.hpp"
#include "drivers/store/agent/proposal_rows.hpp"

namespace volt::agent {

/// Sends as this person, on voltd's socket.
using SendAs = std::function<ctl::ApiReply(const std::string& who, const api::HttpRequest& request)>;

/// Code that was reviewed.
struct Reviewed {
    std::optional<Proposal> proposal{};  ///< current state, or empty (see `refusal`)
    std::string refusal{};               ///< reason it cannot be approved unchanged, or empty to ask the person
    std::string code{};
};

/// Tries the proposal of this code again, as strictly as when it was made, because its row may have been edited. If the site
/// changed, stores the proposal with its current effect and rejects it this time.
Reviewed review(AgentStore& store, const SendAs& send, const std::string& login, const std::string& code, const AgentMoment& now);

/// Result of an approval.
struct Applied {
    std::string error{};  ///< empty if the change is in effect
    std::optional<std::int64_t> change{};
    std::optional<Proposal> moved{};  ///< set if its effect differs by now, so it keeps waiting: current state
};
/// Carries out, once and within the daily limit, what review() returned and a person saw. Tries it again first; if the site
/// changed meanwhile, does nothing.
Applied apply(AgentStore& store, const SendAs& send, const std::string& login, const Reviewed& shown, const AgentMoment& now);

/// Shows a proposal, and the reason it is shown again (`refusal`, empty at first). Returns true if the person agrees.
using AskPerson = std::function<bool(const Reviewed& shown)>;
/// Asks the person and carries it out. If the site changed meanwhile, asks once more.
Applied ask_and_apply(AgentStore& store, const SendAs& send, const std::string& login, Reviewed shown, const AskPerson& ask);
/// Rejects the proposal. Returns the error, or an empty string.
std::string reject(AgentStore& store, const std::string& login, const std::string& code, const AgentMoment& now);

/// Returns the value of X-Volt-Who: `pi for agent:claude`, at most 64 characters.
std::string who_decides(const std::string& login, const Proposal& proposal);
/// Returns the proposal for tools, HTTP and `--json`, without its code.
Json proposal_json(const Proposal& proposal);

}  // namespace volt::agent
