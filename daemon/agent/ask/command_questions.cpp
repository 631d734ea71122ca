#include "daemon/agent/ask/command_questions.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "daemon/agent/ask/asked_reason.hpp"
#include "daemon/agent/ask/asked_series.hpp"
#include "daemon/agent/ask/asked_span.hpp"
#include "daemon/agent/ask/question_words.hpp"
#include "daemon/agent/ask/same_words.hpp"

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;

/// Minimum share of a question's weight in words of the command; minimum similarity to one of its questions; minimum lead over
/// the next command.
constexpr double least_covered = 0.8, least_likeness = 0.7, least_lead = 0.05;
/// A single word counts as a question only if the table has it.
constexpr double alone_likeness = 0.95;
/// Weight of a word that no command knows: more than the rarest known one.
constexpr double unknown_weight = 5.0;
/// Factor for a question about the past if the table's is about the present.
constexpr double other_tense = 0.6;
/// Maximum consecutive words that may name a load.
constexpr std::size_t most_name_words = 6;

constexpr const char *answers_mark = "Answers:", *heading_mark = "## ", *command_mark = "voltctl ";

constexpr const char *zone_slot = "ZONE", *miner_slot = "MINER", *slot_names[] = {miner_slot, zone_slot};
/// Kinds from kind_of_question().
constexpr const char *why_kind = "why", *how_long_kind = "how long";
/// Words that an example has if and only if a question has them.
constexpr const char* mood_words[] = {"would", "may", "many"};
constexpr const char *explain_command = "explain", *decisions_command = "decisions", *alarms_command = "alarms",
                     *changes_command = "settings history";
constexpr const char* from_option = "--from";
/// Quantities from compared_words() whose units may follow a number.
constexpr const char* unit_words[] = {"voltag", "amper", "power", "level", "temperatur"};

/// Prefixes of read-only commands. All others may change something.
constexpr const char* reading_commands[] = {
    "voltctl status",           "voltctl explain",     "voltctl alarms",      "voltctl outputs list", "voltctl mode",
    "voltctl prefs show",       "voltctl miners list", "voltctl miners show", "voltctl zones list",   "voltctl zones show",
    "voltctl settings history", "voltctl history",     "voltctl decisions",   "voltctl whatif",       "voltctl shadow"};

/// Returns true if `whole` contains `part` in this order without a gap.
bool has_run(const Words& whole, const Words& part) {
    return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

/// Returns a command without the program's name.
std::string command_name(const Words& words) {
    std::string name;
    for (std::size_t i = 1; i < words.size(); ++i) name += (i > 1 ? " " : "") + words[i];
    return name;
}

/// Returns true if two commands of the table answer the same questions, so that neither needs a lead.
bool answer_alike(const std::string& a, const std::string& b) {
    const auto both = [&](const char* one, const char* other) {
        return (a.starts_with(one) && b.starts_with(other)) || (b.starts_with(one) && a.starts_with(other));
    };
    const bool explained = (a == explain_command && b == decisions_command) || (b == explain_command && a == decisions_command);
    return explained || both(decisions_command, "history miner/") || both("history battery.voltage", "history battery.voltage");
}

void add_span(Words& words, const std::string& option, const AskedSpan& span) {
    if (!span.named || option.empty()) return;
    if (option == from_option && span.from.empty()) words.insert(words.end(), {"--last", span.last});
    else words.insert(words.end(), {option, span.from.empty() ? span.last : span.from});
    if (!span.to.empty()) words.insert(words.end(), {"--to", span.to});
}

std::string zone_of(const std::string& slug) {
    const std::size_t slash = slug.find('/');
    return slash == std::string::npos ? "" : slug.substr(0, slash);
}

std::string with_marks(std::string text) {
    for (const char* name : {"LOAD", "MINER", "ZONE"})
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at))
            text.replace(at, std::string_view(name).size(), load_mark);
    return text;
}

bool has_any(const std::set<std::string>& words, std::initializer_list<const char*> any) {
    return std::any_of(any.begin(), any.end(), [&](const char* it) { return words.contains(it); });
}

bool has_digit(const std::string& word) { return word.find_first_of("0123456789") != std::string::npos; }

/// Removes amounts, which do not show which command answers: `48 volts` becomes `volts`, `6kw` disappears.
void take_amounts(Words& words) {
    const auto is_unit = [](const std::string& word) {
        const auto name = same_words().find(stem_of(word));
        return name != same_words().end() &&
               std::find(std::begin(unit_words), std::end(unit_words), name->second) != std::end(unit_words);
    };
    for (std::size_t at = words.size(); at-- > 0;) {
        const std::size_t figures = std::min(words[at].find_first_not_of("0123456789"), words[at].size());
        const bool joined = figures < words[at].size() && is_unit(words[at].substr(figures));
        const bool apart = figures == words[at].size() && at + 1 < words.size() && is_unit(words[at + 1]);
        if (figures > 0 && (joined || apart)) words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

}  // namespace

CommandQuestions::CommandQuestions(const std::string& page) {
    read_page(page);
    for (const Row& row : rows_)
        for (const std::string& word : row.all) ++known_[word];
}

void CommandQuestions::read_page(const std::string& page) {
    std::istringstream lines(page);
    std::string line, questions;
    bool answers = false;
    const auto end_answers = [&] {
        if (!questions.empty()) read_questions(questions);
        questions.clear();
        answers = false;
    };
    while (std::getline(lines, line)) {
        if (line.empty() || line.starts_with(heading_mark)) end_answers();
        if (line.starts_with(heading_mark)) read_heading(line.substr(std::string_view(heading_mark).size()));
        if (line.starts_with(answers_mark)) answers = true, line.erase(0, std::string_view(answers_mark).size());
        if (answers) questions += " " + line;
    }
    end_answers();
}

void CommandQuestions::read_heading(const std::string& line) {
    if (!line.starts_with(command_mark)) return;
    Row row;
    std::istringstream words(line);
    std::string word, option;
    while (words >> word) {
        if (word.starts_with('[')) option = word.substr(1, word.find(']') - 1);
        if (option.empty()) {
            for (const char* slot : slot_names)
                if (word.find(slot) != std::string::npos) row.slot = slot;
            row.words.push_back(word);
        } else if (option == "--load" || option == "--row" || option == "LOAD") row.load_option = option;
        else if (option == "--reason") row.reasons = true;
        else row.time_option = option;
        if (word.ends_with(']')) option.clear();
    }
    rows_.push_back(std::move(row));
}

void CommandQuestions::read_questions(const std::string& text) {
    if (rows_.empty()) return;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find_first_of("?.", from), text.size());
        const Words words = plain_words(with_marks(text.substr(from, end - from)));
        Example example{compared_words(words), kind_of_question(words), asks_about_past(words), asks_about_future(words)};
        rows_.back().all.insert(example.words.begin(), example.words.end());
        if (!example.words.empty()) rows_.back().examples.push_back(std::move(example));
        from = end + 1;
    }
}

/// Returns a weight that is higher if fewer commands have the word.
double CommandQuestions::weight(const std::string& word) const {
    const auto found = known_.find(word);
    return found == known_.end() ? unknown_weight : std::log((static_cast<double>(rows_.size()) + 1) / (found->second + 0.5));
}

/// Returns true if consecutive words may be a name. A single word may, if no question has it.
bool CommandQuestions::may_name(const Words& run) const {
    if (is_filler(run.front()) || is_filler(run.back())) return false;
    const std::string stem = stem_of(run.front());
    return run.size() > 1 || has_digit(run.front()) || (!known_.contains(stem) && !same_words().contains(stem));
}

/// Replaces the longest words that name one load or one room with the mark.
void CommandQuestions::take_load(Words& words, const std::vector<NamedLoad>& loads, AskedQuestion& asked) const {
    for (std::size_t size = std::min(words.size(), most_name_words); size > 0; --size)
        for (std::size_t at = 0; at + size <= words.size(); ++at) {
            const auto begin = words.begin() + static_cast<std::ptrdiff_t>(at), end = begin + static_cast<std::ptrdiff_t>(size);
            const Words run(begin, end);
            std::set<std::string> miners, zones;
            for (const NamedLoad& load : loads) {
                if (!has_run(plain_words(load.slug), run) && !has_run(plain_words(load.name), run)) continue;
                const std::string zone = zone_of(load.slug);
                zone.empty() ? miners.insert(load.slug) : zones.insert(zone);
            }
            if (miners.size() + zones.size() != 1 || !may_name(run)) continue;
            for (const NamedLoad& load : loads)
                if (!zone_of(load.slug).empty() && plain_words(load.slug) == run) asked.load = load.slug;
            if (miners.empty()) asked.zone = *zones.begin();
            else asked.load = *miners.begin();
            words.insert(words.erase(begin, end), load_mark);
            return;
        }
}

AskedQuestion CommandQuestions::read(const std::string& question, const std::vector<NamedLoad>& loads,
                                     const std::string& today) const {
    AskedQuestion asked;
    Words words = plain_words(question);
    asked.readable = !asks_the_manual(words);
    asked.kind = kind_of_question(words);
    asked.threshold = asks_for_threshold(words);
    asked.past = asks_about_past(words);
    asked.future = asks_about_future(words);
    const bool perfect = asks_what_has_been(words) && asked.kind != why_kind && asked.kind != how_long_kind;
    asked.span = take_span(words, today);
    take_load(words, loads, asked);
    // Check this only now, because the name of a load may begin like a request.
    asked.readable = asked.readable && !asks_to_act(words);
    if (asked.kind != why_kind) asked.reason = take_reason(words);
    take_amounts(words);
    asked.numbers = std::any_of(words.begin(), words.end(), has_digit);
    words.erase(std::remove(words.begin(), words.end(), span_mark), words.end());
    asked.words = compared_words(words);
    asked.over_time = !asked.future &&
                      (asked.past || perfect || asked.span.named || has_any(asked.words, {"plot", "history", "decid", "happen"}));
    if (asked.load.empty() && asked.zone.empty() && !asked.future)
        asked.series = asked_series(words, asked.words, asked.over_time);
    const bool fan = has_any(asked.words, {"fan", "loud"}),
               heater = has_any(asked.words, {"heater"}) || std::count(words.begin(), words.end(), "warming") > 0;
    const std::string of_zone = asked.zone.empty() || fan == heater ? "" : asked.zone + (fan ? "/fan" : "/heat");
    if (std::any_of(loads.begin(), loads.end(), [&](const NamedLoad& it) { return it.slug == of_zone; })) asked.load = of_zone;
    // Add them even if they are part of the name.
    if (asked.load.ends_with("/fan")) asked.words.insert("fan");
    if (asked.load.ends_with("/heat")) asked.words.insert("heater");
    if (!asked.zone.empty()) asked.optional = {"room", "fan", "heater"};
    else if (!asked.load.empty()) asked.optional = {"miner", "load"};
    return asked;
}

bool CommandQuestions::takes(const Row& row, const AskedQuestion& asked) const {
    const bool any = !asked.load.empty() || !asked.zone.empty();
    if (!asked.reason.empty() && !row.reasons) return false;
    if (row.time_option == from_option && !asked.over_time) return false;
    // The future is in no record.
    if (asked.future && asked.span.named) return false;
    if (asked.span.named && row.time_option.empty()) {
        // Changes have times, but `why is it off today` asks about the present.
        const std::string name = command_name(row.words);
        const bool until_now = asked.span.to.empty() && !asked.past && (name == explain_command || name == alarms_command);
        if (name != changes_command && !until_now) return false;
    }
    if (row.slot == zone_slot) return !asked.zone.empty();
    if (row.slot == miner_slot) return !asked.load.empty() && asked.zone.empty();
    return !any || !row.load_option.empty() || row.all.contains(load_mark);
}

CommandQuestions::Score CommandQuestions::score(const Row& row, const AskedQuestion& asked) const {
    double all = 0, covered = 0;
    for (const std::string& word : asked.words) {
        if (asked.optional.contains(word)) continue;
        all += weight(word);
        if (row.all.contains(word)) covered += weight(word);
    }
    if (all <= 0) return {};
    Score reached{covered / all, 0, &row};
    const std::string name = command_name(row.words);
    for (const Example& example : row.examples) {
        if (example.kind != asked.kind) continue;
        double both = 0, own = 0, asked_own = all;
        for (const std::string& word : example.words) {
            own += weight(word);
            if (!asked.words.contains(word)) continue;
            both += weight(word);
            if (asked.optional.contains(word)) asked_own += weight(word);
        }
        // The reason a load is off also shows when it will start.
        const bool ahead = example.future == asked.future || name == explain_command;
        const bool mood = std::all_of(std::begin(mood_words), std::end(mood_words),
                                      [&](const char* it) { return example.words.contains(it) == asked.words.contains(it); });
        const bool tense = mood && ahead && (example.past == asked.past || asked.span.named);
        reached.likeness = std::max(reached.likeness, 2 * both / (asked_own + own) * (tense ? 1 : other_tense));
    }
    return reached;
}

/// Returns nothing if none is near enough, or another command is equally near.
const CommandQuestions::Row* CommandQuestions::best_row(const AskedQuestion& asked) const {
    std::vector<Score> scores;
    for (const Row& row : rows_)
        if (takes(row, asked)) scores.push_back(score(row, asked));
    std::stable_sort(scores.begin(), scores.end(), [](const Score& a, const Score& b) { return a.sum() > b.sum(); });
    if (scores.empty() || scores.front().row == nullptr) return nullptr;
    Score& first = scores.front();
    for (std::size_t i = 1; i < scores.size() && first.sum() - scores[i].sum() < least_lead; ++i) {
        if (scores[i].row == nullptr) return nullptr;
        const std::string name = command_name(scores[i].row->words);
        if (!answer_alike(command_name(first.row->words), name)) return nullptr;
        // Both answer it: decisions show the past, explain the present.
        if (asked.past && name == decisions_command && scores[i].likeness >= first.likeness - least_lead)
            std::swap(first, scores[i]);
    }
    const bool near = first.covered >= least_covered && first.likeness >= least_likeness;
    return near && (asked.words.size() > 1 || first.likeness >= alone_likeness) ? first.row : nullptr;
}

Words CommandQuestions::command_line(const Row& row, const AskedQuestion& asked) {
    Words words = row.words;
    const std::string load = row.slot == zone_slot || asked.load.empty() ? asked.zone : asked.load;
    for (std::string& word : words)
        if (const std::size_t at = row.slot.empty() ? std::string::npos : word.find(row.slot); at != std::string::npos)
            word.replace(at, row.slot.size(), load);
    if (!load.empty() && row.load_option == "--row")
        words.insert(words.end(),
                     {"--table", asked.zone.empty() ? "miners" : "zones", "--row", asked.zone.empty() ? load : asked.zone});
    else if (!load.empty() && row.load_option == "--load") words.insert(words.end(), {"--load", load});
    else if (!load.empty() && !row.load_option.empty()) words.push_back(load);
    else if (row.load_option == "--row" && has_any(asked.words, {"miner", "room"}))
        words.insert(words.end(), {"--table", asked.words.contains("miner") ? "miners" : "zones"});
    if (!asked.reason.empty() && row.reasons) words.insert(words.end(), {"--reason", asked.reason});
    add_span(words, row.time_option, asked.span);
    return words;
}

std::optional<Words> CommandQuestions::nearest(const std::string& question, const std::vector<NamedLoad>& loads,
                                               const std::string& today) const {
    const AskedQuestion asked = read(question, loads, today);
    // A load alone is not a question.
    const bool more = std::any_of(asked.words.begin(), asked.words.end(),
                                  [&](const std::string& it) { return it != load_mark && !asked.optional.contains(it); });
    if (!asked.readable || !more) return std::nullopt;
    Words words{"voltctl"};
    if (const auto named = named_command(asked)) {
        words.insert(words.end(), named->begin(), named->end());
        const bool listed = words.back() == "--list",
                   of_time = named->front() == decisions_command || named->front() == "history";
        if (of_time && !listed) add_span(words, from_option, asked.span);
        if (named->front() == "shadow") add_span(words, "--since", asked.span);
    } else {
        const Row* row = asked.numbers ? nullptr : best_row(asked);
        if (row == nullptr) return std::nullopt;
        words = command_line(*row, asked);
    }
    return only_reads(words) ? std::optional(words) : std::nullopt;
}

std::vector<Words> CommandQuestions::commands() const {
    std::vector<Words> all;
    for (const Row& row : rows_) all.push_back(row.words);
    return all;
}

bool only_reads(const Words& words) {
    std::string line;
    for (const std::string& word : words) line += word + " ";
    const bool known = std::any_of(std::begin(reading_commands), std::end(reading_commands),
                                   [&](const char* it) { return line.starts_with(std::string(it) + " "); });
    return known && (words[1] != "mode" || words.size() == 2);
}

}  // namespace volt::agent
