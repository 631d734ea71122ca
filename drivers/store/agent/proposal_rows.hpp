// Proposals: changes suggested by a model. Each is used at most once, by a code that only the owner's command reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// Life of a proposal by the later of two clocks; one from another boot has expired. If a boot is unknown, a clock that is this
/// far behind indicates another one; a smaller difference is a process that waited for its turn.
inline constexpr std::int64_t proposal_life_ms = 600'000, another_boot_ms = 15'000;
inline constexpr std::int64_t most_waiting_proposals = 3, most_wrong_codes = 5;
inline constexpr std::size_t code_length = 8;

/// A proposal as shown by tools and lists, without its code.
struct Proposal {
    std::string id{};  ///< a UUID, assigned by the store
    std::int64_t created_ms = 0;
    std::string client{}, transport{}, login{};  ///< origin of the proposal; transport: stdio, http, ask
    std::string tool{}, why{};
    std::string method{}, path{}, body{};  ///< the request to voltd, exactly; body is JSON
    std::string diff{}, would{};           ///< JSON: fields with before and after; orders that voltd would send
    std::int64_t newest_change = 0;        ///< settings_history of the trial
    std::string state{};                   ///< waiting, applying, applied, failed, rejected, expired, ended
    std::string decided_by{}, answer{};
    std::optional<std::int64_t> decided_ms{}, change{};  ///< `change` is the number in settings_history
};

/// A pending proposal with its code, only for the owner's terminal.
struct CodedProposal {
    Proposal proposal{};
    std::string code{};
};

/// Result of storing a proposal.
struct ProposalStored {
    std::string id{};
    std::string refused{};  ///< set if too many are pending
};
Result<ProposalStored> store_proposal(AgentStore& store, const Proposal& proposal, const AgentMoment& now);
/// Returns the proposal with this id, or empty if there is none.
Result<std::optional<Proposal>> find_proposal(AgentStore& store, const std::string& id, const AgentMoment& now);
/// Returns proposals in any state, the newest first.
Result<std::vector<Proposal>> list_proposals(AgentStore& store, std::size_t limit, const AgentMoment& now);
Result<std::vector<CodedProposal>> waiting_proposals(AgentStore& store, const AgentMoment& now);

/// The pending proposal with this code. A wrong code counts against each pending one, and the fifth ends it: `ended` is their
/// number.
struct CodeLookup {
    std::optional<Proposal> proposal{};
    std::int64_t ended = 0;
};
Result<CodeLookup> find_by_code(AgentStore& store, const std::string& code, const AgentMoment& now);

/// Claims a pending proposal, once: true for the one caller who has it now. `state`: applying or rejected.
Result<bool> claim_proposal(AgentStore& store, const std::string& id, const std::string& state, const std::string& by,
                            const AgentMoment& now);
/// Records the result of an application: applied or failed.
std::string close_proposal(AgentStore& store, const std::string& id, bool applied, const std::string& answer,
                           std::optional<std::int64_t> change);
/// Makes a proposal pending again under its code, with a new trial: nothing was applied, because the site changed meanwhile.
std::string reopen_proposal(AgentStore& store, const Proposal& proposal, const std::string& code);
/// Renews the trial shown to the owner because the site changed: the diff, the orders and the newest change.
std::string renew_trial(AgentStore& store, const Proposal& proposal);

}  // namespace volt
