// Proposals: changes that a model wrote down, each used at most once, by a code that only the owner's command reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/store/agent/agent_store.hpp"

namespace volt {

/// A proposal lives so long by the later of two clocks; one of another boot is over. Where a boot is not known, a clock that
/// is so far behind shows another one: less is a process that waited for its turn.
inline constexpr std::int64_t proposal_life_ms = 600'000, another_boot_ms = 15'000;
inline constexpr std::int64_t most_waiting_proposals = 3, most_wrong_codes = 5;
inline constexpr std::size_t code_length = 8;

/// As tools and lists show it: without its code.
struct Proposal {
    std::string id{};  ///< a UUID, given by the store
    std::int64_t created_ms = 0;
    std::string client{}, transport{}, login{};  ///< who proposed it; transport: stdio, http, ask
    std::string tool{}, why{};
    std::string method{}, path{}, body{};  ///< the request to voltd, exactly; body is JSON
    std::string diff{}, would{};           ///< JSON: fields with before and after; orders that would go out
    std::int64_t newest_change = 0;        ///< settings_history of the trial
    std::string state{};                   ///< waiting, applying, applied, failed, rejected, expired, ended
    std::string decided_by{}, answer{};
    std::optional<std::int64_t> decided_ms{}, change{};  ///< `change`: the number in settings_history
};

/// One that waits, with its code: for the owner's terminal alone.
struct CodedProposal {
    Proposal proposal{};
    std::string code{};
};

/// Whether a proposal was stored, and why not.
struct ProposalStored {
    std::string id{};
    std::string refused{};  ///< too many wait
};
Result<ProposalStored> store_proposal(AgentStore& store, const Proposal& proposal, const AgentMoment& now);
/// By its id; nothing: there is none.
Result<std::optional<Proposal>> find_proposal(AgentStore& store, const std::string& id, const AgentMoment& now);
/// The newest first, whatever their state.
Result<std::vector<Proposal>> list_proposals(AgentStore& store, std::size_t limit, const AgentMoment& now);
Result<std::vector<CodedProposal>> waiting_proposals(AgentStore& store, const AgentMoment& now);

/// The waiting one with this code. A code that is none counts against each that waits, and the fifth ends it: `ended` says how many.
struct CodeLookup {
    std::optional<Proposal> proposal{};
    std::int64_t ended = 0;
};
Result<CodeLookup> find_by_code(AgentStore& store, const std::string& code, const AgentMoment& now);

/// Takes a waiting one, once: true for the one caller who has it now. `state`: applying or rejected.
Result<bool> claim_proposal(AgentStore& store, const std::string& id, const std::string& state, const std::string& by,
                            const AgentMoment& now);
/// What became of one that was being applied: applied or failed.
std::string close_proposal(AgentStore& store, const std::string& id, bool applied, const std::string& answer,
                           std::optional<std::int64_t> change);
/// Lets one that is being applied wait again under its code: nothing was done, because the site moved meanwhile. Its trial is renewed.
std::string reopen_proposal(AgentStore& store, const Proposal& proposal, const std::string& code);
/// What the owner was shown anew, because the site moved: the diff, the orders and the newest change.
std::string renew_trial(AgentStore& store, const Proposal& proposal);

}  // namespace volt
