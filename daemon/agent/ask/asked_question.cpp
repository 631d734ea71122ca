#include "daemon/agent/ask/asked_question.hpp"

#include <algorithm>

#include "daemon/agent/ask/question_words.hpp"

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;
using WordSet = std::set<std::string>;

bool has_any(const WordSet& words, const WordSet& any) {
    return std::any_of(any.begin(), any.end(), [&](const std::string& it) { return words.contains(it); });
}

bool has_only(const WordSet& words, const WordSet& allowed) {
    return std::includes(allowed.begin(), allowed.end(), words.begin(), words.end());
}

bool has_all(const WordSet& words, const WordSet& all) { return has_only(all, words); }

/// Returns true for questions about settings, their changes and other ways to run the site.
bool is_of_settings(const WordSet& words) {
    static const WordSet any =
        stems_in("set threshold priority change someone suggest better gain guard shadow mode lease timezone reserve waste");
    return has_any(words, any);
}

bool asks_what_would_be(const WordSet& words) {
    static const WordSet would = stems_in("would");
    return has_any(words, would);
}

bool asks_why(const AskedQuestion& asked) {
    static const WordSet any = stems_in("prevent wait condition not need"), take = stems_in("take"),
                         // matches `what would it take to start`, but not `the rest it has to take`
        of_take = stems_in("take start stop run on off before would miner load fan heater room system {load}");
    return asked.kind == "why" || has_any(asked.words, any) || (has_any(asked.words, take) && has_only(asked.words, of_take));
}

/// Returns true for questions only about loads and whether they are on.
bool is_of_states(const WordSet& words) {
    static const WordSet only = stems_in("on off run load miner fan heater room system history plot loud {load}");
    return has_only(words, only);
}

/// Returns true for questions only about measurements now, and not only `the miner`.
bool is_of_measurements(const WordSet& words) {
    static const WordSet things = stems_in("miner fan heater room minute atm"),
                         only = stems_in(
                             "solar consume power grid battery level voltage ampere temperature produce charge discharge "
                             "on off run miner fan heater room status minute atm doing {load}");
    return has_only(words, only) && !has_only(words, things);
}

/// Returns true for questions only about what was switched, and how often.
bool is_of_switching(const WordSet& words) {
    static const WordSet
        any = stems_in("start stop run on off switch happen decide trip"),
        only = stems_in(
            "start stop run on off switch happen decide trip load miner fan heater room last often many "
            "system controller kick bounce voltage battery prevent each overheat low rest may long longer {load}");
    return has_any(words, any) && has_only(words, only);
}

/// Returns the command for a question about one load.
std::optional<Words> load_command(const AskedQuestion& asked, const std::string& load, const Words& decisions) {
    static const WordSet runs = stems_in("on off run miner load last often plot {load}"), starts = stems_in("start stop"),
                         causes = stems_in("start stop before take miner load fan heater room {load}");
    const Words explain{"explain", load};
    const bool ended = asked.past || !asked.span.to.empty();
    static const WordSet events = stems_in("happen decide");
    // matches `what has it been doing since noon, with the reasons`
    if (asked.over_time && asked.span.named && has_any(asked.words, events)) return decisions;
    if (asks_why(asked)) {
        static const WordSet refusal = stems_in("not");
        // `why did it not start` asks about the present.
        return ended && (asked.span.named || !has_any(asked.words, refusal)) ? decisions : explain;
    }
    if (asked.numbers) return std::nullopt;
    if (asked.kind == "how long" && !asked.past && !asked.span.named && is_of_switching(asked.words)) return explain;
    if (load == "charge") return asked.over_time ? decisions : explain;
    if (!asked.over_time) {
        if (asked.kind != "what") return std::nullopt;
        if (has_any(asked.words, starts) && has_only(asked.words, causes)) return explain;
        const bool is = is_of_states(asked.words) || is_of_measurements(asked.words);
        return is ? std::optional(Words{"status"}) : std::nullopt;
    }
    const bool miner = load == asked.load && load.find('/') == std::string::npos;
    static const WordSet times = stems_in("often plot");  // `on-times`
    const bool when = asked.kind == "when" || asked.kind == "how long" || (asked.kind == "what" && has_any(asked.words, times));
    if (miner && when && has_only(asked.words, runs)) return Words{"history", "miner/" + load + ".running"};
    return is_of_switching(asked.words) || is_of_states(asked.words) ? std::optional(decisions) : std::nullopt;
}

/// Returns the command for a question about settings and modes.
std::optional<Words> settings_command(const AskedQuestion& asked, const std::string& load) {
    static const WordSet
        changes = stems_in("change"),
        suggestions = stems_in("suggest"), thresholds = stems_in("threshold start stop set voltage"),
        verbs = stems_in("do run start stop switch on off happen"),
        outcomes = stems_in(
            "would do run start stop switch on off happen live shadow not load miner fan heater room controller system mode"),
        modes = stems_in("aggressive balance conservative"),
        of_modes = stems_in("aggressive balance conservative mode on run system"), preferences = stems_in("timezone float"),
        others = stems_in("night budget change"), curves = stems_in("curve series"), plots = stems_in("plot history"),
        of_curves = stems_in("curve series plot history show on would"), improvements = stems_in("better gain"),
        things = stems_in("miner fan heater room load");
    const WordSet& words = asked.words;
    const bool miner = load == asked.load;
    if (has_any(words, changes) && (asked.kind == "who" || asked.past)) {
        if (load.empty()) return Words{"settings", "history"};
        return Words{"settings", "history", "--table", miner ? "miners" : "zones", "--row", miner ? load : asked.zone};
    }
    if (!load.empty()) {
        if (!asked.threshold) return std::nullopt;
        return asked.zone.empty() ? Words{"miners", "show", load} : Words{"zones", "show", asked.zone};
    }
    if (asked.numbers || asked.kind != "what") return std::nullopt;
    const bool wishes = has_any(words, suggestions) || (asks_what_would_be(words) && has_any(words, improvements));
    if (wishes && has_any(words, thresholds)) return Words{"whatif", "--suggest"};
    if (has_only(words, of_curves) && (has_any(words, curves) || has_all(words, plots))) return Words{"history", "--list"};
    if (asks_what_would_be(words))
        return has_any(words, verbs) && has_only(words, outcomes) ? std::optional(Words{"shadow"}) : std::nullopt;
    if (asked.span.named) return std::nullopt;
    if (has_any(words, modes) && has_only(words, of_modes)) return Words{"mode"};
    if (has_any(words, preferences) && !has_any(words, others)) return Words{"prefs", "show"};
    return asked.threshold && !has_any(words, things) ? std::optional(Words{"prefs", "show"}) : std::nullopt;
}

}  // namespace

std::optional<Words> named_command(const AskedQuestion& asked) {
    static const WordSet charging = stems_in("charge"), stopping = stems_in("prevent stop not may"),
                         of_charging =
                             stems_in("charge battery prevent stop not may off often solar produce excess level temperature"),
                         trouble = stems_in("alarm trouble"), outputs = stems_in("output"),
                         reports = stems_in("say told report confirm measure online offline timer");
    if (asked.future && asked.span.named) return std::nullopt;
    std::string load = asked.load.empty() ? asked.zone : asked.load;
    if (auto words = settings_command(asked, load)) return words;
    if (asked.threshold || is_of_settings(asked.words)) return std::nullopt;
    const bool stops = asked.kind == "why" || has_any(asked.words, stopping);
    if (load.empty() && stops && has_any(asked.words, charging) && has_only(asked.words, of_charging)) load = "charge";
    if (asks_what_would_be(asked.words) && !(asks_why(asked) && !load.empty())) return std::nullopt;
    Words decisions{"decisions"};
    if (!load.empty()) decisions.insert(decisions.end(), {"--load", load});
    if (!asked.reason.empty()) decisions.insert(decisions.end(), {"--reason", asked.reason});
    if (!asked.reason.empty()) return asked.over_time ? std::optional(decisions) : std::nullopt;
    if (has_any(asked.words, outputs) && has_any(asked.words, reports) && asked.kind == "what" && !asked.span.named)
        return Words{"outputs", "list"};
    if (!load.empty()) return load_command(asked, load, decisions);
    if (asked.numbers || asked.future || asked.kind == "who" || asked.kind == "where") return std::nullopt;
    const bool why = asked.kind == "why", switching = is_of_switching(asked.words);
    if (has_any(asked.words, trouble)) return asked.past || why ? std::nullopt : std::optional(Words{"alarms"});
    if (why && !asked.over_time) return is_of_states(asked.words) ? std::optional(Words{"explain"}) : std::nullopt;
    if (!why && !asked.series.empty()) {
        Words history{"history"};
        history.insert(history.end(), asked.series.begin(), asked.series.end());
        return history;
    }
    if (asked.over_time) return switching ? std::optional(decisions) : std::nullopt;
    return asked.kind == "what" && is_of_measurements(asked.words) ? std::optional(Words{"status"}) : std::nullopt;
}

}  // namespace volt::agent
