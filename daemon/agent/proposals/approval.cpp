#include "daemon/agent/proposals/approval.hpp"

#include "daemon/ctl/views/text.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/store/agent/agent_limits.hpp"
#include "drivers/store/agent/conversations.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t most_who = 64;

std::string no_such_code(const CodeLookup& lookup) {
    std::string text = "no proposal that waits has this code";
    if (lookup.ended > 0) text += "; that was one wrong code too many, and what waited is ended";
    return text;
}

WantedChange change_of(const Proposal& proposal) {
    return {proposal.method, proposal.path, Json::parse(proposal.body, nullptr, false)};
}

/// The number of the change that this person made last; the answer to a mode has none.
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

/// Stores what the change would do now; the sentence for the person.
std::string shown_anew(AgentStore& store, Proposal& proposal, const Trial& trial) {
    proposal.diff = json_text(trial.diff);
    proposal.would = json_text(trial.would);
    proposal.newest_change = trial.newest;
    const std::string wrong = renew_trial(store, proposal);
    return wrong.empty()
               ? "the site changed since this was proposed, so nothing was done. What it would do now is shown below; to "
                 "approve that, give the command again"
               : wrong;
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
    Trial trial = try_proposal(as_person, proposal.tool, wanted, proposal.newest_change);
    const bool moved = trial.moved;
    if (moved) trial = try_proposal(as_person, proposal.tool, wanted, std::nullopt);
    if (!trial.error.empty()) return {proposal, trial.error};
    const Json diff = Json::parse(proposal.diff, nullptr, false), would = Json::parse(proposal.would, nullptr, false);
    if (moved || !same_effect(diff, would, trial)) {
        const std::string text = shown_anew(store, proposal, trial);
        return {proposal, text};
    }
    // The row may have been edited: what is shown and sent is what was tried.
    proposal.body = json_text(wanted.body);
    proposal.would = json_text(trial.would);
    return {proposal, ""};
}

Applied apply(AgentStore& store, const SendAs& send, const std::string& login, const Proposal& proposal, const AgentMoment& now) {
    const LimitTaken taken = take_limit(store, apply_limit, "", now.wall_ms);
    if (!taken.over.empty() || !taken.not_kept.empty()) return {taken.over + taken.not_kept, {}};
    const auto claimed = claim_proposal(store, proposal.id, "applying", login, now);
    if (!claimed) return {claimed.failure().text, {}};
    if (!claimed.value()) return {"this proposal no longer waits: it was decided, or it expired", {}};
    const std::string who = who_decides(login, proposal);
    const Send as_person = [&](const api::HttpRequest& request) { return send(who, request); };
    api::HttpRequest request{.method = proposal.method, .path = proposal.path, .body = proposal.body};
    if (proposal.tool == "change_settings" || proposal.tool == "undo_change") {
        request.query["changes"] = "1";
        request.if_match = std::to_string(proposal.newest_change);
    }
    const ctl::ApiReply reply = as_person(request);
    const Json answer = Json::parse(reply.body, nullptr, false);
    Applied applied;
    if (!reply.ok()) applied.error = reply.reached ? reply.error : "voltd is not reached: " + reply.error;
    else applied.change = change_number(as_person, answer, proposal, who);
    close_proposal(store, proposal.id, reply.ok(), reply.ok() ? reply.body : applied.error, applied.change);
    return applied;
}

std::string reject(AgentStore& store, const std::string& login, const std::string& code, const AgentMoment& now) {
    const auto lookup = find_by_code(store, code, now);
    if (!lookup) return lookup.failure().text;
    if (!lookup.value().proposal) return no_such_code(lookup.value());
    const auto claimed = claim_proposal(store, lookup.value().proposal->id, "rejected", login, now);
    if (!claimed) return claimed.failure().text;
    return claimed.value() ? "" : "this proposal no longer waits: it was decided, or it expired";
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
