// Tests that --help, completion and the manual pages have the same commands and options, and each command shows examples.
#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <regex>
#include <set>
#include <tuple>

#include "daemon/config/schema.hpp"
#include "daemon/ctl/docs/answers.hpp"
#include "daemon/ctl/docs/completion.hpp"
#include "daemon/ctl/docs/manual.hpp"
#include "daemon/ctl/docs/markdown.hpp"
#include "daemon/ctl/docs/terms.hpp"
#include "daemon/ctl/program.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::ctl;

namespace help_test {

using volt::testing::Ended;
using volt::testing::read_file;
using volt::testing::shell;

namespace {

struct Tree {
    CLI::App app{"Inspect and control voltd.", "voltctl"};
    Program program{app};
    Tree() { add_all(program); }
    std::vector<std::string> next(const std::vector<std::string>& words) const {
        return candidates(app, words, [](const std::string& kind, const std::string& path) {
            return std::vector<std::string>{kind + " of " + path};
        });
    }
};

void each(const CLI::App& app, const std::function<void(const CLI::App&)>& look) {
    look(app);
    for (const CLI::App* part : commands_of(app)) each(*part, look);
}

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> split(const std::string& path) {
    std::vector<std::string> words;
    std::istringstream text(path);
    for (std::string word; text >> word;) words.push_back(word);
    return words;
}

/// Returns the command lines of examples, with continued lines joined, and without redirections and text after two spaces.
std::vector<std::string> examples_in(std::string footer) {
    footer = std::regex_replace(footer, std::regex("\\\\\n *"), "");
    std::vector<std::string> lines;
    std::istringstream text(footer);
    for (std::string line; std::getline(text, line);) {
        if (!line.starts_with("  ")) continue;  // prose
        std::istringstream parts(line.substr(0, line.find_first_of("<>")));
        for (std::string part; std::getline(parts, part, ';');) {
            part.erase(0, part.find_first_not_of(' '));
            if (part.starts_with("voltctl ") && part.find("--help") == std::string::npos)
                lines.push_back(part.substr(0, part.find("  ", 8)));
        }
    }
    return lines;
}

/// Returns each `--x` in a text, without the fonts and backslashes of troff.
std::set<std::string> options_in(std::string text) {
    text = std::regex_replace(text, std::regex("\\\\f[BIP]"), " ");
    std::erase(text, '\\');
    std::set<std::string> found;
    static const std::regex option("--[a-z][a-z0-9-]*");
    for (std::sregex_iterator it(text.begin(), text.end(), option), end; it != end; ++it) found.insert(it->str());
    return found;
}

}  // namespace

TEST_CASE("shows an example of every command") {
    const Tree tree;
    each(tree.app, [](const CLI::App& app) {
        const std::string path = path_of(app);
        CAPTURE(path);
        CHECK(has(app.get_footer(), path.empty() ? "voltctl status" : "voltctl " + path));
        CHECK_FALSE(app.get_description().empty());
    });
}

TEST_CASE("shows only valid examples") {
    const Tree all;
    int seen = 0;
    each(all.app, [&](const CLI::App& app) {
        for (const std::string& line : examples_in(app.get_footer())) {
            CAPTURE(line);
            Tree tree;
            CHECK_NOTHROW(tree.app.parse(line, true));
            CHECK(tree.program.job);
            ++seen;
        }
    });
    CHECK(seen > 100);
    CHECK(has(shell(VOLTCTL " miners add --help").out, "\\\n      stop_voltage=53.5 emergency_stop_voltage=50"));
}

TEST_CASE("completes exactly the commands and options of --help") {
    const Tree tree;
    each(tree.app, [&](const CLI::App& app) {
        std::vector<std::string> words = split(path_of(app));
        CAPTURE(path_of(app));
        words.emplace_back("");
        const auto parts = tree.next(words);
        for (const CLI::App* part : commands_of(app)) CHECK_MESSAGE(has(parts, part->get_name()), part->get_name());
        words.back() = "--";
        const auto offered = tree.next(words);
        const std::set<std::string> named = options_in(app.help()), found(offered.begin(), offered.end());
        for (const CLI::Option* option : options_of(app))
            for (const std::string& name : option->get_lnames()) {
                CHECK_MESSAGE(found.count("--" + name) == 1, name);
                CHECK_MESSAGE(named.count("--" + name) == 1, name);
            }
    });
}

TEST_CASE("completes the allowed values") {
    const Tree tree;
    CHECK(tree.next({"sta"}) == std::vector<std::string>{"status"});
    CHECK(has(tree.next({"mode", ""}), "conservative"));
    CHECK(tree.next({"mode", "off", ""}).empty());
    CHECK(tree.next({"override", "L"}) == std::vector<std::string>{"LOAD of override"});
    CHECK(tree.next({"override", "x", "o"}) == std::vector<std::string>{"on", "off"});
    CHECK(tree.next({"outputs", "test", "O"}) == std::vector<std::string>{"OUTPUT of outputs test"});
    CHECK(tree.next({"--config", "x", "outputs", "test", ""}) == std::vector<std::string>{"OUTPUT of outputs test"});
    CHECK(tree.next({"--config", ""}).empty());
    CHECK(has(tree.next({"history", "--resolution", ""}), "minute"));
    CHECK(has(tree.next({"history", "a", ""}), "SERIES of history"));
    CHECK(has(tree.next({"miners", "set", "x", "stop_vo"}), "stop_voltage="));
    CHECK(tree.next({"miners", "set", "x", "enabled=t"}) == std::vector<std::string>{"enabled=true"});
    CHECK_FALSE(has(tree.next({"miners", "set", "x", ""}), "slug="));
    CHECK(has(tree.next({"prefs", "reset", "voltage_low", "voltage_r"}), "voltage_restart"));
    CHECK(tree.next({"nonsense", ""}).size() == tree.next({""}).size());
    CHECK(tree.next({}).size() > 10);
}

TEST_CASE("generates the manual page of voltctl from the command line") {
    const Tree tree;
    const std::string page = voltctl_manual(tree.app);
    CHECK_MESSAGE(page == read_file(VOLT_SOURCE_DIR "/daemon/man/voltctl.1"), "run ./dev man");
    const std::set<std::string> named = options_in(page);
    each(tree.app, [&](const CLI::App& app) {
        CHECK(has(page, roff("voltctl " + path_of(app))));
        for (const CLI::Option* option : options_of(app))
            for (const std::string& name : option->get_lnames()) CHECK_MESSAGE(named.count("--" + name) == 1, name);
    });
}

TEST_CASE("generates the manual page of voltd.yaml from its schema") {
    CHECK_MESSAGE(config_manual(volt::config_schema()) == read_file(VOLT_SOURCE_DIR "/daemon/man/voltd.yaml.5"), "run ./dev man");
    CHECK(shell(VOLTCTL " config schema").out == volt::config_schema());
}

TEST_CASE("generates the settings page from their table") {
    const std::string page = settings_manual();
    CHECK_MESSAGE(page == read_file(VOLT_SOURCE_DIR "/daemon/man/voltd-settings.5"), "run ./dev man");
    CHECK(has(page, "\\fBvoltage_low\\fP\nBelow it no load starts.\n.br\n"));
    CHECK(shell(VOLTCTL " prefs help voltage_low").out ==
          "voltage_low\n  Below it no load starts.\n"
          "  5.00..150.00 in steps of 0.01 (V); default 47.0; at least voltage_critical_low; under voltage_restart\n");
    CHECK(has(shell(VOLTCTL " miners help").out, "stop_voltage            The miner stops when the voltage stays below it."));
    const Ended unknown = shell(VOLTCTL " zones help temp_to_hot 2>&1");
    CHECK((unknown.code == exit_failed && has(unknown.out, "temp_to_hot: no such field; did you mean 'temp_too_hot'?")));
}

TEST_CASE("prints pages with voltd-manual only") {
    for (const char* page : {"voltctl.1", "voltd.yaml.5", "voltd-settings.5"}) {
        CAPTURE(page);
        const std::string name = std::string(page).substr(0, std::string(page).rfind('.'));
        CHECK(shell(VOLT_BINARY_DIR "/voltd-manual " + name).out ==
              read_file(VOLT_SOURCE_DIR "/daemon/man/" + std::string(page)));
    }
    CHECK(shell(VOLT_BINARY_DIR "/voltd-manual nonsense").code == 2);
    CHECK(shell(VOLTCTL " manual voltctl").code == exit_usage);
}

TEST_CASE("converts a manual page to Markdown") {
    CHECK(
        markdown_of(".\\\" by hand\n.TH VOLT 1 2026-01-01 voltd \"Commands\"\n.SH NAME\nvolt \\- a_b\n.PP\n.BR volt (8),\nand\n"
                    ".RB ( status \", \" watch )\n.SH OPTIONS\n.TP\n\\fB\\-\\-to\\fP \\fITIME\\fP\nthe end\nof it\n.TP\n.B x\ny\n"
                    ".PP\n.RS 4\n.nf\nvolt *\\-a\n.fi\n.RE\nlast\n") ==
        "# VOLT(1)\n\n## NAME\n\nvolt - a\\_b\n\n**volt**(8),\nand\n(**status**, **watch**)\n\n## OPTIONS\n\n"
        "- **--to** *TIME*\\\n  the end\n  of it\n\n- **x**\\\n  y\n\n```\nvolt *-a\n```\n\nlast\n");
    CHECK_THROWS(markdown_of(".ce\nx\n"));
    for (const char* file : {"voltctl.1", "voltd.8", "voltd.yaml.5", "voltd-settings.5", "voltsim.1"}) {
        CAPTURE(file);
        const std::string page = read_file(VOLT_SOURCE_DIR "/daemon/man/" + std::string(file)), text = markdown_of(page);
        CHECK(options_in(text) == options_in(page));
        CHECK_FALSE(has(text, "\\f"));
        CHECK_FALSE(has(text, "\n."));
    }
}

TEST_CASE("makes Markdown headings from a file's keys") {
    CHECK(markdown_of(".TH X 5\n.SH KEYS\n.TP\n\\fBtoo_hot\\fP\nIt is\nhot.\n.br\ndefault 1\n.PP\nlast\n") ==
          "# X(5)\n\n## KEYS\n\n### too_hot\n\nIt is\nhot.\\\ndefault 1\n\nlast\n");
}

TEST_CASE("adds questions below a heading or anchored paragraph") {
    const std::string page = "# x\n\n## a\n\ntext one\nmore\n\n- item\n- last\n\n```\ncode\n\nend\n```\n\n| a |\n|---|\n| b |\n";
    const auto with = [&](const std::string& lines) {
        return with_answers(page, "p", "# q\n\n## o\n- `code`: o?\n## p\n" + lines);
    };
    CHECK(with("") == page);
    CHECK(has(with("- `## a`: why? how?\n"), "## a\n\nAnswers: why? how?\n\ntext one"));
    CHECK(has(with("- `one`: why?\n"), "more\nAnswers: why?\n\n- item"));
    CHECK(has(with("- `item`: why?\n"), "- last\nAnswers: why?\n\n```"));
    CHECK(has(with("- `code`: why?\n"), "end\n```\n\nAnswers: why?\n\n| a |"));
    CHECK(has(with("- `| b |`: why?\n"), "| b |\nAnswers: why?\n"));
    CHECK_THROWS(with("- `nothing`: why?\n"));
    CHECK_THROWS(with("- `t`: why?\n"));
}

TEST_CASE("makes headings from a section's terms") {
    const std::string readme =
        "# x\n\n## A\n\n| a | b |\n| --- | --- |\n| c | d |\n\n## Terms\n\nThey are:\n\n"
        "| term | meaning |\n| --- | --- |\n| lease, timer | its own |\n| trip | a | b |\n\n## End\n\nlast\n";
    CHECK(terms_page(readme, "Terms") == "# Terms\n\nThey are:\n\n## lease, timer\n\nits own\n\n## trip\n\na | b\n\n");
    CHECK_THROWS(terms_page(readme, "Nothing"));
    CHECK_THROWS(terms_page("## Terms\n| one |\n", "Terms"));
}

TEST_CASE("has questions for each command, alarm and reason") {
    const std::string source = VOLT_SOURCE_DIR "/daemon/", questions = read_file(source + "agent/manual/questions.md");
    const std::string commands = markdown_of(read_file(source + "man/voltctl.1")),
                      alarms = read_file(source + "agent/manual/alarms.md"),
                      reasons = read_file(source + "agent/manual/reasons.md");
    for (const auto& [page, name, mark] : {std::tuple{commands, "voltctl.1", "\n### voltctl "},
                                           std::tuple{alarms, "alarms", "\n## "}, std::tuple{reasons, "reasons", "\n## "}}) {
        const std::string text = with_answers(page, name, questions);
        int sections = 0;
        for (std::size_t at = text.find(mark), end = 0; at != std::string::npos; at = end, ++sections) {
            end = text.find(mark, at + 1);
            const std::string section = text.substr(at, end - at);
            CHECK_MESSAGE(has(section, "\nAnswers: "), section.substr(0, section.find('\n')));
        }
        CHECK(sections > 20);
    }
}

TEST_CASE("names the options of voltd and voltsim in their pages") {
    for (const auto& [program, file] : {std::pair{"voltd", "voltd.8"}, std::pair{"voltsim", "voltsim.1"}}) {
        const std::string page = file;
        CAPTURE(page);
        const Ended help = shell(VOLT_BINARY_DIR "/" + std::string(program) + " --help");
        REQUIRE(help.code == 0);
        CHECK(options_in(help.out) == options_in(read_file(VOLT_SOURCE_DIR "/daemon/man/" + std::string(file))));
    }
}

TEST_CASE("formats pages with troff without warnings") {
    for (const char* file : {"voltctl.1", "voltd.8", "voltd.yaml.5", "voltd-settings.5", "voltsim.1", "volt-agent.1"}) {
        CAPTURE(file);
        const std::string path = VOLT_SOURCE_DIR "/daemon/man/" + std::string(file);
        const Ended man = shell("command -v man >/dev/null || exit 0; man --warnings -l " + path + " 2>&1 >/dev/null");
        CHECK(man.code == 0);
        CHECK(man.out == "");
        const Ended lint = shell("command -v mandoc >/dev/null || exit 0; mandoc -Tlint " + path);
        CHECK(lint.code == 0);
        CHECK(lint.out == "");
    }
}

TEST_CASE("completes in bash, also after = and :") {
    if (shell("command -v bash").code != 0) return;
    const std::string source = "cd " VOLT_BINARY_DIR " && . " VOLT_SOURCE_DIR "/daemon/ctl/docs/completion/voltctl.bash && ";
    const auto asked = [&](const std::string& line) {
        return shell("bash -c '" + source + "compopt() { :; }; COMP_LINE=\"" + line +
                     "\"; COMP_POINT=${#COMP_LINE}; _voltctl; echo ${COMPREPLY[*]}'")
            .out;
    };
    CHECK(asked("./voltctl out") == "outputs\n");
    CHECK(has(asked("./voltctl mode "), "balanced"));
    CHECK(asked("./voltctl miners set x enabled=t") == "true\n");
    CHECK(asked("./voltctl config check ./vo") == "\n");
}

TEST_CASE("loads the completion file in zsh") {
    if (shell("command -v zsh").code != 0) return;
    CHECK(shell("zsh -n " VOLT_SOURCE_DIR "/daemon/ctl/docs/completion/_voltctl").code == 0);
}

}  // namespace help_test
