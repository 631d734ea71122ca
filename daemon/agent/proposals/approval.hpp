// A person's decision on a proposal: tried again, compared with what was proposed, carried out over voltd's socket.
#pragma once

#include "daemon/agent/proposals/trial.hpp"
#include "drivers/store/agent/proposal_rows.hpp"

namespace volt::agent {

/// Sends as this person, on voltd's socket.
using SendAs = std::function<ctl::ApiReply(const std::string& who, const api::HttpRequest& request)>;

/// A code that was looked at.
struct Reviewed {
    std::optional<Proposal> proposal{};  ///< as it is now; nothing: see `refusal`
    std::string refusal{};               ///< why it cannot be approved, or not as it was; empty: ask the person
    std::string code{};
};

/// Tries the proposal of this code again, as strictly as when it was made: its row may have been edited. Where the site moved, the proposal is stored as it would be now, and refused this time.
Reviewed review(AgentStore& store, const SendAs& send, const std::string& login, const std::string& code, const AgentMoment& now);

/// What became of it.
struct Applied {
    std::string error{};  ///< empty: it is in force
    std::optional<std::int64_t> change{};
    std::optional<Proposal> moved{};  ///< it would do something else by now, so it waits on: as it is now
};
/// Carries out what review() returned and a person was shown, once, within the limit of a day. It is tried again before: where the
/// site moved while the person read, nothing is done.
Applied apply(AgentStore& store, const SendAs& send, const std::string& login, const Reviewed& shown, const AgentMoment& now);

/// Shows a proposal, and why it is shown anew (`refusal`, empty at first); whether the person says yes.
using AskPerson = std::function<bool(const Reviewed& shown)>;
/// Asks, and carries it out; where the site moved meanwhile the person is asked anew, once.
Applied ask_and_apply(AgentStore& store, const SendAs& send, const std::string& login, Reviewed shown, const AskPerson& ask);
/// Why not, or empty.
std::string reject(AgentStore& store, const std::string& login, const std::string& code, const AgentMoment& now);

/// What X-Volt-Who says: `pi for agent:claude`, at most 64 characters.
std::string who_decides(const std::string& login, const Proposal& proposal);
/// As tools, HTTP and `--json` show it: without its code.
Json proposal_json(const Proposal& proposal);

}  // namespace volt::agent
