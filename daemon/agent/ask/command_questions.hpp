// The command that answers a question best, by the table in manual/commands.md. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/agent/ask/asked_question.hpp"

namespace volt::agent {

/// The page of the manual with the table.
inline constexpr const char* commands_page = "commands.md";

/// A load by the words that name it: of its slug, and of its name.
struct NamedLoad {
    std::string slug{};  ///< heat-room/fan, dump-load-s19-1
    std::string name{};
};

class CommandQuestions {
public:
    /// Reads the page: a heading for each command and its questions behind `Answers:`.
    explicit CommandQuestions(const std::string& page);

    /// The words of the command line, `voltctl` first; nothing: none is near, two are as near as each other, the question names a load or
    /// a span that the command does not take, or it asks for something else than to read. `today`: the site's date.
    std::optional<std::vector<std::string>> nearest(const std::string& question, const std::vector<NamedLoad>& loads,
                                                    const std::string& today) const;
    /// The command lines of the table, without their brackets.
    std::vector<std::vector<std::string>> commands() const;

private:
    struct Example {
        std::set<std::string> words;
        std::string kind;
        bool past = false, future = false;
    };
    struct Row {
        std::vector<std::string> words{};  ///< of the command
        std::string slot{};                ///< what has to be named: MINER, ZONE, or nothing
        std::string load_option{};         ///< `--load`, `--row` or, for an argument, `LOAD`; empty: takes no load
        bool reasons = false;              ///< takes `--reason`
        std::string time_option{};         ///< `--from`, `--since`; empty: takes no span
        std::vector<Example> examples{};
        std::set<std::string> all{};  ///< the words of all examples
    };
    struct Score {
        double covered = 0, likeness = 0;
        const Row* row = nullptr;
        double sum() const { return (covered + likeness) / 2; }
    };

    void read_page(const std::string& page);
    void read_heading(const std::string& line);
    void read_questions(const std::string& text);
    double weight(const std::string& word) const;
    AskedQuestion read(const std::string& question, const std::vector<NamedLoad>& loads, const std::string& today) const;
    bool may_name(const std::vector<std::string>& run) const;
    void take_load(std::vector<std::string>& words, const std::vector<NamedLoad>& loads, AskedQuestion& asked) const;
    bool takes(const Row& row, const AskedQuestion& asked) const;
    Score score(const Row& row, const AskedQuestion& asked) const;
    const Row* best_row(const AskedQuestion& asked) const;
    static std::vector<std::string> command_line(const Row& row, const AskedQuestion& asked);

    std::vector<Row> rows_;
    std::map<std::string, int> known_;  ///< in how many rows a word is
};

/// Whether a command of voltctl only reads; what may be run is decided here, not by the page.
bool only_reads(const std::vector<std::string>& words);

}  // namespace volt::agent
