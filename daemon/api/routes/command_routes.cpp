#include "daemon/api/routes/command_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "daemon/api/http/answers.hpp"
#include "daemon/api/output_probe.hpp"
#include "daemon/api/routes/dry_run.hpp"
#include "daemon/loop/lease_trials.hpp"
#include "drivers/override_body.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::api {

namespace {

constexpr Duration answer_limit = 3s;    // until the loop has taken the request
constexpr Duration in_force_limit = 7s;  // until a turn has processed it: at once, and at the latest with the next tick
constexpr Duration mode_limit = 6s;      // together with the next two, below the 10 s of a request
constexpr Duration still_limit = 1500ms;
constexpr std::chrono::milliseconds stored_limit{2000}, stored_pause{20}, ask_pause{50};

constexpr const char* override_not_stored =
    "the override is active, but the database cannot be written right now (retrying); a restart of voltd before that loses the "
    "override";
constexpr const char* mode_not_decided =
    "the mode was accepted, but the control loop has not answered yet; check with `voltctl mode`";

std::optional<HttpAnswer> read_request(const HttpRequest& request, NamedOverride& named) {
    Object body;
    if (auto wrong = read_body(request.body, body)) return wrong;
    named.load = request.argument;
    named.who = request.caller.who;
    if (auto wrong = refuse_unknown(body, {"override", "minutes"})) return wrong;
    const bool fan = target_kind_of(named.load) == TargetKind::fan;
    const auto given = body.find("override");
    std::optional<nlohmann::json> minutes;
    if (body.contains("minutes")) minutes.emplace(body.at("minutes"));
    if (given == body.end()) return field_error(400, "missing: override", "override", override_need(fan));
    OverrideValue value;
    auto problem = read_override(*given, fan, value);
    if (!problem) problem = read_minutes(minutes ? &*minutes : nullptr, value);
    if (problem) return field_error(400, problem->text, problem->field, problem->need);
    named.kind = value.kind;
    named.level = value.level;
    named.lasts = value.lasts;
    return std::nullopt;
}

HttpAnswer answer_of(const OverrideProblem& problem) {
    switch (problem.kind) {
        case OverrideProblem::Kind::unknown: return ok_answer({{"error", problem.text}, {"known", problem.known}}, 404);
        case OverrideProblem::Kind::lacking: return field_error(409, problem.text, "load", "");
        case OverrideProblem::Kind::level: return field_error(400, problem.text, "override", problem.need);
    }
    return error_answer(500, problem.text);
}

/// Override request that waits for a turn.
struct Posted {
    std::optional<std::uint64_t> before;  ///< turn count when the loop took it
    std::optional<OverrideProblem> problem;
    bool full = false;
    std::optional<std::string> other;  ///< state that another order gave the load in the same turn
};

/// Returns the override that replaced the request in the same turn, since the last one for a load wins, or nothing if none did.
std::optional<std::string> other_than(const NamedOverride& named, const SiteView* view) {
    OverrideRequest ours;
    if (view == nullptr || resolve(named, view->policy(), ours)) return std::nullopt;
    OverrideRequest last = ours;
    for (const OverrideRequest& request : view->snapshot().requests)
        if (request.target == ours.target && request.index == ours.index) last = request;
    if (last.kind == ours.kind && last.level == ours.level && last.lasts == ours.lasts) return std::nullopt;
    return last.kind == OverrideKind::level ? std::to_string(last.level) : name_of(last.kind);
}

/// Carries the request. Returns true once a turn has processed it or it was rejected.
bool carry(LoopContext& loop, const NamedOverride& named, Posted& posted) {
    if (posted.before && loop.turns() <= *posted.before) return false;
    if (posted.before) {
        posted.other = other_than(named, loop.view());
        return true;
    }
    if (loop.view() == nullptr) return false;
    OverrideRequest unused;
    posted.problem = resolve(named, loop.view()->policy(), unused);
    if (posted.problem) return true;
    posted.full = !loop.request_override(named);
    if (posted.full) return true;
    posted.before = loop.turns();
    return false;
}

/// Returns the rules' decision on it: the object of `/api/explain` after the turn.
Object verdict_of(const Boards& boards, const std::string& load, std::uint64_t turn) {
    const auto page = boards.explanations.page(turn);
    if (!page) return nullptr;
    const auto found = page->loads.find(load);
    return found == page->loads.end() ? Object(nullptr) : Object::parse(found->second, nullptr, false);
}

/// Polls the loop until the turn's state is on disk, or a limit passes. The store writes later than the loop.
bool is_stored(LoopRequests& requests) {
    const auto limit = std::chrono::steady_clock::now() + stored_limit;
    for (bool stored = false;;) {
        const auto look = [&stored](LoopContext& loop) {
            stored = loop.stored();
            return true;
        };
        if (!requests.run(look, stored_limit) || stored) return stored;
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(ask_pause);
    }
}

HttpAnswer try_override(LoopRequests& requests, const NamedOverride& named) {
    const auto inputs = take_inputs(requests);
    if (!inputs) return loop_is_late();
    OverrideRequest request;
    if (const auto problem = resolve(named, inputs->policy, request)) return answer_of(*problem);
    return ok_answer(would_json(*inputs, {{}, {}, request}));
}

HttpAnswer post_override(LoopRequests& requests, const Boards& boards, const HttpRequest& request) {
    NamedOverride named;
    bool dry_run = false;
    if (auto wrong = read_dry_run(request, dry_run)) return *wrong;
    if (auto wrong = read_request(request, named)) return *wrong;
    if (dry_run) return try_override(requests, named);
    Posted posted;
    const bool done = requests.run([&](LoopContext& loop) { return carry(loop, named, posted); }, in_force_limit);
    if (posted.problem) return answer_of(*posted.problem);
    if (posted.full || !posted.before) return loop_is_late();
    if (posted.other)
        return error_answer(409, fmt::format("another override of {} was set in the meantime: {}", named.load, *posted.other));
    Object answer{{"ok", true}, {"load", named.load}};
    answer["override"] = named.kind == OverrideKind::level ? Object(named.level) : Object(name_of(named.kind));
    answer["minutes"] = named.lasts ? Object(named.lasts->count() / 60'000) : Object(nullptr);
    answer["explain"] = done ? verdict_of(boards, named.load, *posted.before + 1) : Object(nullptr);
    answer["stored"] = done && is_stored(requests);
    if (!answer["stored"]) answer["warning"] = override_not_stored;
    return ok_answer(answer);
}

std::optional<HttpAnswer> read_mode(const HttpRequest& request, SiteMode& mode) {
    const std::string need = mode_need();
    Object body;
    if (auto wrong = read_body(request.body, body)) return wrong;
    if (auto wrong = refuse_unknown(body, {"mode"})) return wrong;
    const auto given = body.find("mode");
    if (given == body.end()) return field_error(400, "missing: mode", "mode", need);
    const auto known = given->is_string() ? parse<SiteMode>(given->get<std::string>()) : std::nullopt;
    if (known) mode = *known;
    else return field_error(400, "mode: " + json_text(*given) + " is not a known value", "mode", need);
    return std::nullopt;
}

/// Polls until the mode is stored, or a limit passes. The store writes later than the loop.
bool is_stored(const ModeStored& stored, SiteMode mode) {
    const auto limit = std::chrono::steady_clock::now() + stored_limit;
    for (;;) {
        const auto found = stored(mode);
        if (found == true) return true;
        if (!found || std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(stored_pause);
    }
}

Object mode_answer(const ModeStored& stored, SiteMode mode) {
    Object answer{{"ok", true}, {"mode", name_of(mode)}};
    if (!stored) return answer;
    answer["stored"] = is_stored(stored, mode);
    if (!answer["stored"])
        answer["warning"] =
            "the mode is active, but the database cannot be written right now (retrying); a restart of voltd before that "
            "brings back the previous mode";
    return answer;
}

/// Mode change that waits for a turn.
struct ModeOrder {
    std::optional<std::uint64_t> before;  ///< turn count when the loop took it
    std::optional<SiteMode> in_force;     ///< mode after the turn that processed it
};

/// Carries the mode. Returns true once a turn has processed it.
bool carry(LoopContext& loop, SiteMode mode, const std::string& who, ModeOrder& order) {
    if (!order.before) {
        order.before = loop.turns();
        loop.set_mode(mode, who);
    }
    if (loop.turns() <= *order.before || loop.view() == nullptr) return false;
    order.in_force = loop.view()->policy().preferences.mode;
    return true;
}

/// Returns the current mode, after the turn that has processed the newest one, or nothing if the loop does not answer.
std::optional<SiteMode> mode_in_force(LoopRequests& requests) {
    std::optional<SiteMode> mode;
    const auto look = [&mode](LoopContext& loop) {
        if (loop.view() != nullptr) mode = loop.view()->policy().preferences.mode;
        return mode.has_value();
    };
    requests.run(look, still_limit);
    return mode;
}

/// Waits for a page of this turn. A client that follows an order would otherwise take an earlier state for its result.
void wait_for_turn(const Boards& boards, std::uint64_t turn) {
    boards.status.page(turn);
    boards.explanations.page(turn);
}

HttpAnswer order_mode(LoopRequests& requests, const Boards& boards, const ModeStored& stored, SiteMode mode,
                      const std::string& who) {
    ModeOrder order;
    requests.run([&](LoopContext& loop) { return carry(loop, mode, who, order); }, mode_limit);
    if (!order.before) return loop_is_late();
    if (!order.in_force) return error_answer(503, mode_not_decided);
    wait_for_turn(boards, *order.before + 1);
    SiteMode in_force = *order.in_force;
    if (in_force == mode) {
        const Object answer = mode_answer(stored, mode);
        if (answer.value("stored", true)) return ok_answer(answer);
        // The disk is full, or another mode has replaced this one before it was stored.
        in_force = mode_in_force(requests).value_or(mode);
        if (in_force == mode) return ok_answer(answer);
    }
    return error_answer(409, fmt::format("another mode was set in the meantime: {}", name_of(in_force)));
}

HttpAnswer post_mode(LoopRequests& requests, const Boards& boards, const ModeStored& stored, const HttpRequest& request) {
    SiteMode mode{};
    bool dry_run = false;
    if (auto wrong = read_dry_run(request, dry_run)) return *wrong;
    if (auto wrong = read_mode(request, mode)) return *wrong;
    if (dry_run) {
        const auto inputs = take_inputs(requests);
        return inputs ? ok_answer(would_json(*inputs, {{}, mode, {}})) : loop_is_late();
    }
    return order_mode(requests, boards, stored, mode, request.caller.who);
}

constexpr const char* no_safe_mode = "safe mode is not on";

HttpAnswer try_end_of_safe_mode(LoopRequests& requests) {
    auto inputs = take_inputs(requests);
    if (!inputs) return loop_is_late();
    if (!inputs->snapshot.safe_mode) return error_answer(409, no_safe_mode);
    inputs->snapshot.safe_mode = false;
    return ok_answer(would_json(*inputs, {}));
}

HttpAnswer end_safe_mode(LoopRequests& requests, const HttpRequest& request) {
    bool dry_run = false, was_on = false;
    if (auto wrong = read_dry_run(request, dry_run)) return *wrong;
    if (dry_run) return try_end_of_safe_mode(requests);
    const auto end = [&was_on](LoopContext& loop) {
        was_on = loop.end_safe_mode().empty();
        return true;
    };
    if (!requests.run(end, answer_limit)) return loop_is_late();
    return was_on ? ok_answer({{"ok", true}}) : error_answer(409, no_safe_mode);
}

HttpAnswer announce(LoopRequests& requests) {
    std::string why;
    const auto begin = [&why](LoopContext& loop) {
        why = loop.announce();
        return true;
    };
    if (!requests.run(begin, answer_limit)) return loop_is_late();
    return why.empty() ? ok_answer({{"ok", true}}) : error_answer(409, why);
}

/// Starts the proof. `explain` shows the result within two minutes.
HttpAnswer prove_charge(LoopRequests& requests, const Boards& boards) {
    std::string why;
    std::uint64_t next_turn = 0;
    const auto begin = [&](LoopContext& loop) {
        why = loop.prove_charge();
        next_turn = loop.turns() + 1;
        return true;
    };
    if (!requests.run(begin, answer_limit)) return loop_is_late();
    if (why.empty()) wait_for_turn(boards, next_turn);
    return why.empty() ? ok_answer({{"ok", true}, {"see", "/api/explain/charge"}})
                       : error_answer(409, "cannot run the test now: " + why);
}

HttpAnswer accept_temperature(LoopRequests& requests, const Boards& boards, const HttpRequest& request) {
    std::string why;
    std::vector<std::string> known;
    std::uint64_t next_turn = 0;
    const auto accept = [&](LoopContext& loop) {
        if (loop.view() == nullptr) return false;
        for (const TemperatureSource& source : loop.view()->policy().battery_temperatures) known.push_back(source.name);
        if (std::find(known.begin(), known.end(), request.argument) == known.end()) return true;
        why = loop.accept_temperature(request.argument);
        next_turn = loop.turns() + 1;
        return true;
    };
    if (!requests.run(accept, answer_limit)) return loop_is_late();
    if (next_turn == 0) return ok_answer({{"error", "unknown source: " + request.argument}, {"known", known}}, 404);
    if (!why.empty()) return error_answer(409, request.argument + ": " + why);
    wait_for_turn(boards, next_turn);
    return ok_answer({{"ok", true}, {"see", "/api/explain/charge"}});
}

std::optional<HttpAnswer> read_lease(const HttpRequest& request, std::optional<Duration>& lease) {
    Object body;
    if (auto wrong = read_body(request.body, body)) return wrong;
    if (auto wrong = refuse_unknown(body, {"lease_s"})) return wrong;
    const auto given = body.find("lease_s");
    if (given == body.end()) return std::nullopt;
    constexpr std::int64_t shortest = LeaseTrials::shortest.count() / 1000, longest = LeaseTrials::longest.count() / 1000;
    const auto seconds = given->is_number_integer() ? given->get<std::int64_t>() : 0;
    if (seconds < shortest || seconds > longest)
        return field_error(400, "lease_s: " + json_text(*given) + " is not allowed", "lease_s",
                           fmt::format("{} to {}", shortest, longest));
    lease = std::chrono::seconds{seconds};
    return std::nullopt;
}

/// Starts the proof. `/api/outputs` shows the result.
HttpAnswer prove_output(LoopRequests& requests, const Boards& boards, const HttpRequest& request) {
    std::optional<Duration> lease;
    if (auto wrong = read_lease(request, lease)) return *wrong;
    std::string why;
    std::vector<std::string> known;
    std::uint64_t next_turn = 0;
    const auto begin = [&](LoopContext& loop) {
        if (loop.view() == nullptr) return false;
        for (const OutputWiring& output : loop.view()->policy().outputs) known.push_back(output.id);
        if (std::find(known.begin(), known.end(), request.argument) == known.end()) return true;
        why = loop.prove_lease(request.argument, lease);
        next_turn = loop.turns() + 1;
        return true;
    };
    if (!requests.run(begin, answer_limit)) return loop_is_late();
    if (next_turn == 0) return ok_answer({{"error", "unknown output: " + request.argument}, {"known", known}}, 404);
    if (!why.empty()) return error_answer(409, request.argument + " cannot be proven now: " + why);
    wait_for_turn(boards, next_turn);
    return ok_answer({{"ok", true}, {"see", "/api/outputs"}});
}

}  // namespace

std::vector<Route> command_routes(LoopRequests& requests, const Boards& boards, const ModeStored& stored) {
    return {
        {"POST",
         "/api/overrides/{}",
         [&](const HttpRequest& it) { return post_override(requests, boards, it); },
         Body::json,
         {"dry_run"}},
        {"POST",
         "/api/mode",
         [&](const HttpRequest& it) { return post_mode(requests, boards, stored, it); },
         Body::json,
         {"dry_run"}},
        {"POST", "/api/outputs/{}/test", [&](const HttpRequest& it) { return test_output(requests, boards.status, it); }},
        {"POST", "/api/outputs/{}/prove", [&](const HttpRequest& it) { return prove_output(requests, boards, it); }, Body::json},
        {"POST", "/api/charge/prove", [&](const HttpRequest&) { return prove_charge(requests, boards); }},
        {"POST", "/api/charge/accept/{}", [&](const HttpRequest& it) { return accept_temperature(requests, boards, it); }},
        {"POST", "/api/homeassistant/announce", [&](const HttpRequest&) { return announce(requests); }},
        {"POST",
         "/api/safe-mode/end",
         [&](const HttpRequest& it) { return end_safe_mode(requests, it); },
         Body::none,
         {"dry_run"}}};
}

}  // namespace volt::api
