// Finds the command that answers a question best, by the table in manual/commands.md. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/agent/ask/asked_question.hpp"

namespace volt::agent {

/// Page of the manual with the table.
inline constexpr const char* commands_page = "commands.md";

/// Load with the words that name it: from its slug, and from its name.
struct NamedLoad {
    std::string slug{};  ///< heat-room/fan, dump-load-s19-1
    std::string name{};
};

class CommandQuestions {
public:
    /// Reads the page: a heading for each command, with its questions after `Answers:`.
    explicit CommandQuestions(const std::string& page);

    /// Returns the words of the command line, `voltctl` first. Returns nothing if no command is near, two are equally near, the
    /// question names a load or time span that the command does not take, or it asks for something other than reading. `today`:
    /// the site's date.
    std::optional<std::vector<std::string>> nearest(const std::string& question, const std::vector<NamedLoad>& loads,
                                                    const std::string& today) const;
    /// Returns the command lines of the table, without their brackets.
    std::vector<std::vector<std::string>> commands() const;

private:
    struct Example {
        std::set<std::string> words;
        std::string kind;
        bool past = false, future = false;
    };
    struct Row {
        std::vector<std::string> words{};  ///< of the command
        std::string slot{};                ///< what a question must name: MINER, ZONE, or nothing
        std::string load_option{};         ///< `--load`, `--row` or, for an argument, `LOAD`, or empty if it takes no load
        bool reasons = false;              ///< takes `--reason`
        std::string time_option{};         ///< `--from`, `--since`, or empty if it takes no span
        std::vector<Example> examples{};
        std::set<std::string> all{};  ///< words of all examples
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
    std::map<std::string, int> known_;  ///< number of rows that contain a word
};

/// Returns true for a read-only command of voltctl. This decides what may run, not the page.
bool only_reads(const std::vector<std::string>& words);

}  // namespace volt::agent
