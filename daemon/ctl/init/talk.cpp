#include "daemon/ctl/init/talk.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "drivers/hidden.hpp"

namespace volt::ctl::init {

namespace {

constexpr std::size_t most_answer_bytes = 256;

std::string trim(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<int> whole(const std::string& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string Talk::ask(const Question& question) {
    const auto before = last_.find(question.key);
    const bool known = before != last_.end() && question.remembered && !question.hidden;
    const std::string fallback = known ? before->second : question.fallback;
    for (int tries = 0; tries < most_tries; ++tries) {
        console_.write(question.text + (fallback.empty() ? "" : " [" + fallback + "]") + ": ");
        const std::optional<std::string> line = console_.read_line(question.hidden, question.idle);
        if (!line) throw Ended{};
        const std::string given = question.hidden ? *line : trim(*line);
        if (given == "?") {
            print(question.help.empty() ? "Enter accepts the value in brackets; b goes back; Ctrl-C ends." : question.help);
            continue;
        }
        if (given == "b" && !question.hidden) throw GoBack{};
        const std::string answer = given.empty() ? fallback : given;
        std::string wrong = answer.empty() && !question.optional ? "an answer is needed; ? explains" : "";
        if (wrong.empty() && (answer.size() > most_answer_bytes || has_hidden(answer)))
            wrong = "too long, or with control characters";
        if (wrong.empty() && question.wrong && !answer.empty()) wrong = question.wrong(answer);
        if (wrong.empty()) {
            if (!question.hidden) last_[question.key] = answer;
            ++answered_;
            return answer;
        }
        print("  " + wrong);
    }
    throw Ended{};
}

bool Talk::ask_yes(const std::string& key, const std::string& text, bool fallback, const std::string& help) {
    Question question{key, text + (fallback ? " [Y/n]" : " [y/N]")};
    question.optional = true;
    question.remembered = false;
    question.help = help;
    question.wrong = [](const std::string& answer) {
        const std::vector<std::string> words = {"y", "Y", "yes", "n", "N", "no"};
        return std::find(words.begin(), words.end(), answer) == words.end() ? "y or n" : "";
    };
    const std::string answer = ask(question);
    return answer.empty() ? fallback : answer.front() == 'y' || answer.front() == 'Y';
}

int Talk::ask_number(const std::string& key, const std::string& text, int fallback, int low, int high, const std::string& help) {
    Question question{key, text, std::to_string(fallback)};
    question.help = help;
    question.wrong = [low, high](const std::string& answer) {
        const auto number = whole(answer);
        return number && *number >= low && *number <= high
                   ? std::string()
                   : "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    };
    return whole(ask(question)).value_or(fallback);
}

std::size_t Talk::ask_one(const std::string& key, const std::string& text, const std::vector<std::string>& words,
                          const std::vector<std::string>& lines, std::size_t fallback, const std::string& help) {
    for (std::size_t i = 0; i < lines.size(); ++i) print("  " + std::to_string(i + 1) + "  " + lines[i]);
    const auto index_of = [&words](const std::string& answer) -> std::optional<std::size_t> {
        const auto named = std::find(words.begin(), words.end(), answer);
        if (named != words.end()) return static_cast<std::size_t>(named - words.begin());
        const auto number = whole(answer);
        if (number && *number >= 1 && static_cast<std::size_t>(*number) <= words.size())
            return static_cast<std::size_t>(*number - 1);
        return std::nullopt;
    };
    Question question{key, text, words.at(fallback)};
    question.help = help;
    question.wrong = [&](const std::string& answer) { return index_of(answer) ? "" : "a number or name from the list"; };
    return index_of(ask(question)).value_or(fallback);
}

void Talk::pause(Duration duration) {
    if (!console_.pause(duration)) throw Ended{};
}

int Talk::take_answered() { return std::exchange(answered_, 0); }

}  // namespace volt::ctl::init
