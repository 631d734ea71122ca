#include "daemon/agent/ask/command_questions.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;

/// The part of a question's weight that must be words of the command, the likeness to one of its questions, and how far the next
/// command must be behind.
constexpr double least_covered = 0.6, least_likeness = 0.42, least_lead = 0.04;
/// A single word is only a question if the table has it as one.
constexpr double alone_likeness = 0.95;
/// A word that no command knows weighs more than the rarest that one knows.
constexpr double unknown_weight = 5.0;
/// For what was, where the table asks for what is.
constexpr double other_tense = 0.75;
/// Words in a row that may name a load.
constexpr std::size_t most_name_words = 6;

constexpr const char *answers_mark = "Answers:", *heading_mark = "## ", *command_mark = "voltctl ", *same_mark = "- ";

/// Commands by how they begin; all others may change something.
constexpr const char* reading_commands[] = {
    "voltctl status",           "voltctl explain",     "voltctl alarms",      "voltctl outputs list", "voltctl mode",
    "voltctl prefs show",       "voltctl miners list", "voltctl miners show", "voltctl zones list",   "voltctl zones show",
    "voltctl settings history", "voltctl history",     "voltctl decisions",   "voltctl whatif",       "voltctl shadow"};

/// Whether `part` stands in `whole` in this order without a gap.
bool has_run(const Words& whole, const Words& part) {
    return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
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

bool has_digit(const std::string& word) { return word.find_first_of("0123456789") != std::string::npos; }

}  // namespace

/// A question as it was read.
struct CommandQuestions::Asked {
    std::set<std::string> words{};
    std::string kind{}, load{}, zone{};
    bool past = false;
    AskedSpan span{};
    bool readable = true;
};

CommandQuestions::CommandQuestions(const std::string& page) {
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
        if (line.starts_with(same_mark)) read_same_words(line.substr(std::string_view(same_mark).size()));
        if (line.starts_with(answers_mark)) answers = true, line.erase(0, std::string_view(answers_mark).size());
        if (answers) questions += " " + line;
    }
    end_answers();
    // The list stands behind the table, whose words are read anew with it.
    for (Row& row : rows_)
        for (Example& example : row.examples) {
            example.words = compared_words({example.words.begin(), example.words.end()}, same_);
            row.all.insert(example.words.begin(), example.words.end());
        }
    for (const Row& row : rows_)
        for (const std::string& word : row.all) ++known_[word];
}

void CommandQuestions::read_heading(const std::string& line) {
    if (!line.starts_with(command_mark)) return;
    Row row;
    std::istringstream words(line);
    std::string word, option;
    while (words >> word) {
        const bool bracket = word.starts_with('['), placeholder = word == "MINER" || word == "ZONE";
        if (bracket) option = word.substr(1, word.find(']') - 1);
        if (option.empty() && placeholder) row.slot = word;
        else if (option.empty()) row.words.push_back(word);
        else if (option == "--load" || option == "LOAD") row.load_option = option;
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
        Example example{{}, kind_of_question(words), asks_about_past(words)};
        for (const std::string& word : words)
            if (!is_filler(word)) example.words.insert(word);
        if (!example.words.empty()) rows_.back().examples.push_back(std::move(example));
        from = end + 1;
    }
}

void CommandQuestions::read_same_words(const std::string& line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) return;
    const std::string name = line.substr(0, colon);
    for (const std::string& word : plain_words(line.substr(colon + 1)))
        same_[stem_of(word)] = is_filler(name) ? name : stem_of(name);
}

/// The rarer among the commands, the more.
double CommandQuestions::weight(const std::string& word) const {
    const auto found = known_.find(word);
    return found == known_.end() ? unknown_weight : std::log((static_cast<double>(rows_.size()) + 1) / (found->second + 0.5));
}

/// Whether words in a row may be a name: of one word, one that no question has.
bool CommandQuestions::may_name(const Words& run) const {
    if (is_filler(run.front()) || is_filler(run.back())) return false;
    const std::string stem = stem_of(run.front());
    return run.size() > 1 || has_digit(run.front()) || (!known_.contains(stem) && !same_.contains(stem));
}

/// Puts the mark in place of the longest words that name one load or one room.
void CommandQuestions::take_load(Words& words, const std::vector<NamedLoad>& loads, Asked& asked) const {
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
            if (miners.empty()) asked.zone = *zones.begin();
            else asked.load = *miners.begin();
            words.insert(words.erase(begin, end), load_mark);
            return;
        }
}

CommandQuestions::Asked CommandQuestions::read(const std::string& question, const std::vector<NamedLoad>& loads,
                                               const std::string& today) const {
    Asked asked;
    Words words = plain_words(question);
    asked.readable = !asks_to_act(words) && !asks_the_manual(words);
    asked.span = take_span(words, today);
    asked.kind = kind_of_question(words);
    asked.past = asks_about_past(words);
    take_load(words, loads, asked);
    // A number or a code that names nothing here: the question is about something else.
    asked.readable = asked.readable && std::none_of(words.begin(), words.end(), has_digit);
    asked.words = compared_words(words, same_);
    asked.words.erase(span_mark);
    const auto says = [&](const char* a, const char* b) {
        return std::any_of(words.begin(), words.end(),
                           [&](const std::string& it) { return stem_of(it) == a || stem_of(it) == b; });
    };
    if (!asked.zone.empty() && says("fan", "ventilation")) asked.load = asked.zone + "/fan";
    if (!asked.zone.empty() && (says("heater", "heat") || std::count(words.begin(), words.end(), "warming") > 0))
        asked.load = asked.zone + "/heat";
    return asked;
}

bool CommandQuestions::takes(const Row& row, const Asked& asked) const {
    const bool any = !asked.load.empty() || !asked.zone.empty();
    if (asked.span.named && row.time_option.empty()) return false;
    if (row.slot == "ZONE") return !asked.zone.empty();
    if (row.slot == "MINER") return !asked.load.empty() && asked.zone.empty();
    return !any || !row.load_option.empty() || row.all.contains(load_mark);
}

CommandQuestions::Score CommandQuestions::score(const Row& row, const Asked& asked) const {
    double all = 0, covered = 0;
    for (const std::string& word : asked.words) {
        all += weight(word);
        if (row.all.contains(word)) covered += weight(word);
    }
    if (all <= 0) return {};
    Score reached{covered / all, 0};
    for (const Example& example : row.examples) {
        if (example.kind != asked.kind) continue;
        double both = 0, own = 0;
        for (const std::string& word : example.words) {
            own += weight(word);
            if (asked.words.contains(word)) both += weight(word);
        }
        const bool tense = example.past == asked.past || asked.span.named;
        reached.likeness = std::max(reached.likeness, 2 * both / (all + own) * (tense ? 1 : other_tense));
    }
    return reached;
}

std::optional<Words> CommandQuestions::nearest(const std::string& question, const std::vector<NamedLoad>& loads,
                                               const std::string& today) const {
    const Asked asked = read(question, loads, today);
    // A load alone is no question.
    if (!asked.readable || asked.words.size() <= asked.words.count(load_mark)) return std::nullopt;
    const Row* best = nullptr;
    Score first;
    double second = 0;
    for (const Row& row : rows_) {
        if (!takes(row, asked)) continue;
        const Score it = score(row, asked);
        if (best != nullptr && it.sum() <= first.sum()) {
            second = std::max(second, it.sum());
            continue;
        }
        second = first.sum();
        first = it;
        best = &row;
    }
    const bool near = best != nullptr && first.covered >= least_covered && first.likeness >= least_likeness &&
                      first.sum() - second >= least_lead;
    if (!near || (asked.words.size() == 1 && first.likeness < alone_likeness)) return std::nullopt;
    Words words = best->words;
    const std::string load = best->slot == "ZONE" || asked.load.empty() ? asked.zone : asked.load;
    if (!load.empty() && best->load_option == "--load") words.push_back(best->load_option);
    if (!load.empty() && (!best->slot.empty() || !best->load_option.empty())) words.push_back(load);
    const AskedSpan& span = asked.span;
    if (span.named && best->time_option == "--from" && span.from.empty()) words.insert(words.end(), {"--last", span.last});
    else if (span.named) words.insert(words.end(), {best->time_option, span.from.empty() ? span.last : span.from});
    if (!span.to.empty()) words.insert(words.end(), {"--to", span.to});
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
