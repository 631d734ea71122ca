#include "daemon/agent/proposals/approval.hpp"

#include "daemon/ctl/views/text.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/store/agent/agent_limits.hpp"
#include "drivers/store/agent/conversations.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t most_who = 64;
constexpr int most_asked_anew = 1;
constexpr const char* moved_meanwhile =
    "the site changed while this was shown, so nothing was done. Its effect now is shown below";
constexpr const char* give_again = "; to approve that, give the command again";

std::string no_such_code(const CodeLookup& lookup) {
    std::string text = "no waiting proposal has this code";
    if (lookup.ended > 0) text += "; too many wrong codes: the pending proposal was canceled";
    return text;
}

WantedChange change_of(const Proposal& proposal) {
    return {proposal.method, proposal.path, Json::parse(proposal.body, nullptr, false)};
}

/// Returns the number of the change that this person made last. The answer to a mode change has none.
std::optional<std::int64_t> change_number(const Send& send, const Json& answer, const Proposal& proposal,
                                          const std::string& who) {
    if (const auto number = ctl::number(answer, "change")) return static_cast<std::int64_t>(*number);
    if (proposal.tool != "set_mode") return std::nullopt;
    const ctl::ApiReply reply = send({.method = "GET", .path = "/api/settings/history", .query = {{"limit", "1"}}});
    const Json history = Json::parse(reply.body, nullptr, false);
    if (!history.is_array() || history.empty() || ctl::word(history.front(), "who").find(who) == std::string::npos)
        return std::nullopt;
    return history.front().value("change", std::int64_t{0});
}

/// Proposal tried again.
struct Retried {
    std::string error{};  ///< reason it cannot be done at all
    bool moved = false;   ///< its effect now differs from the proposal
    Trial trial{};
};

Retried try_again(const Send& send, const Proposal& proposal, const WantedChange& wanted) {
    Retried again{.trial = try_proposal(send, proposal.tool, wanted, proposal.newest_change)};
    again.moved = again.trial.moved;
    if (again.moved) again.trial = try_proposal(send, proposal.tool, wanted, std::nullopt);
    again.error = again.trial.error;
    const Json diff = Json::parse(proposal.diff, nullptr, false), would = Json::parse(proposal.would, nullptr, false);
    again.moved = again.moved || !same_effect(diff, would, again.trial);
    return again;
}

/// Takes the current effect of the change.
void take_trial(Proposal& proposal, const Trial& trial) {
    proposal.diff = json_text(trial.diff);
    proposal.would = json_text(trial.would);
    proposal.newest_change = trial.newest;
}

/// Returns a claimed proposal to waiting, since nothing was done.
Applied waits_on(AgentStore& store, const Reviewed& shown, const Retried& again) {
    Proposal proposal = *shown.proposal;
    if (again.error.empty()) take_trial(proposal, again.trial);
    const std::string wrong = reopen_proposal(store, proposal, shown.code);
    if (!again.error.empty() || !wrong.empty()) return {.error = again.error.empty() ? wrong : again.error};
    return {.error = moved_meanwhile, .moved = std::move(proposal)};
}

}  // namespace

std::string who_decides(const std::string& login, const Proposal& proposal) {
    return first_characters(login + " for agent:" + client_name(proposal.client), most_who);
}

Reviewed review(AgentStore& store, const SendAs& send, const std::string& login, const std::string& code,
                const AgentMoment& now) {
    const auto lookup = find_by_code(store, code, now);
    if (!lookup) return {{}, lookup.failure().text};
    if (!lookup.value().proposal) return {{}, no_such_code(lookup.value())};
    Proposal proposal = *lookup.value().proposal;
    const Send as_person = [&](const api::HttpRequest& request) { return send(who_decides(login, proposal), request); };
    const WantedChange wanted = change_of(proposal);
    const Retried again = try_again(as_person, proposal, wanted);
    if (!again.error.empty()) return {proposal, again.error, code};
    if (again.moved) {
        take_trial(proposal, again.trial);
        const std::string wrong = renew_trial(store, proposal);
        const std::string since = "the site changed since this was proposed, so nothing was done. Its effect now is shown below";
        return {proposal, wrong.empty() ? since + give_again : wrong, code};
    }
    // The row may have been edited: show and send what was tried.
    proposal.body = json_text(wanted.body);
    proposal.would = json_text(again.trial.would);
    return {proposal, "", code};
}

Applied apply(AgentStore& store, const SendAs& send, const std::string& login, const Reviewed& shown, const AgentMoment& now) {
    const Proposal& proposal = *shown.proposal;
    const auto claimed = claim_proposal(store, proposal.id, "applying", login, now);
    if (!claimed) return {.error = claimed.failure().text};
    if (!claimed.value()) return {.error = "this proposal is no longer waiting: it was decided, or it expired"};
    const std::string who = who_decides(login, proposal);
    const Send as_person = [&](const api::HttpRequest& request) { return send(who, request); };
    const Retried again = try_again(as_person, proposal, change_of(proposal));
    if (again.moved || !again.error.empty()) return waits_on(store, shown, again);
    const LimitTaken taken = take_limit(store, apply_limit, "", now.wall_ms);
    if (const std::string over = taken.over + taken.not_kept; !over.empty()) {
        const std::string wrong = reopen_proposal(store, proposal, shown.code);
        return {.error = over + (wrong.empty() ? "" : "; " + wrong)};
    }
    api::HttpRequest request{.method = proposal.method, .path = proposal.path, .body = proposal.body};
    if (proposal.tool == "change_settings" || proposal.tool == "undo_change") {
        request.query["changes"] = "1";
        request.if_match = std::to_string(proposal.newest_change);
    }
    const ctl::ApiReply reply = as_person(request);
    if (reply.status == row_moved) return waits_on(store, shown, try_again(as_person, proposal, change_of(proposal)));
    const Json answer = Json::parse(reply.body, nullptr, false);
    Applied applied;
    if (!reply.ok()) applied.error = reply.reached ? reply.error : "cannot reach voltd: " + reply.error;
    else applied.change = change_number(as_person, answer, proposal, who);
    close_proposal(store, proposal.id, reply.ok(), reply.ok() ? reply.body : applied.error, applied.change);
    return applied;
}

Applied ask_and_apply(AgentStore& store, const SendAs& send, const std::string& login, Reviewed shown, const AskPerson& ask) {
    for (int anew = 0;; ++anew) {
        if (!ask(shown)) return {.error = "nothing was done; the proposal stays open until it expires"};
        Applied applied = apply(store, send, login, shown, agent_now());
        if (!applied.moved) return applied;
        if (anew == most_asked_anew) {
            applied.error += give_again;
            return applied;
        }
        shown = {std::move(applied.moved), std::move(applied.error), std::move(shown.code)};
    }
}

std::string reject(AgentStore& store, const std::string& login, const std::string& code, const AgentMoment& now) {
    const auto lookup = find_by_code(store, code, now);
    if (!lookup) return lookup.failure().text;
    if (!lookup.value().proposal) return no_such_code(lookup.value());
    const auto claimed = claim_proposal(store, lookup.value().proposal->id, "rejected", login, now);
    if (!claimed) return claimed.failure().text;
    return claimed.value() ? "" : "this proposal is no longer waiting: it was decided, or it expired";
}

Json proposal_json(const Proposal& proposal) {
    const auto parsed = [](const std::string& text) { return Json::parse(text, nullptr, false); };
    Json object{
        {"proposal", proposal.id},       {"state", proposal.state},        {"since", iso_time(proposal.created_ms / 1000) + "Z"},
        {"client", proposal.client},     {"tool", proposal.tool},          {"why", proposal.why},
        {"diff", parsed(proposal.diff)}, {"would", parsed(proposal.would)}};
    object["decided_by"] = proposal.decided_by.empty() ? Json() : Json(proposal.decided_by);
    object["decided_at"] = proposal.decided_ms ? Json(iso_time(*proposal.decided_ms / 1000) + "Z") : Json();
    object["change"] = proposal.change ? Json(*proposal.change) : Json();
    if (proposal.state == "failed" || proposal.state == "ended") object["error"] = proposal.answer;
    return object;
}

}  // namespace volt::agent
