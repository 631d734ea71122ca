#include "daemon/ctl/init/init_command.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/conversation.hpp"
#include "daemon/ctl/init/summary.hpp"
#include "daemon/ctl/init/terminal_console.hpp"
#include "daemon/ctl/init/writing.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/whole_file.hpp"
#include "daemon/ctl/views/settings_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "drivers/iso_time.hpp"

namespace volt::ctl::init {

namespace {

constexpr const char* kept_answers = "./voltd-init.answers.yaml";
constexpr const char* password_variable = "VOLT_MQTT_PASSWORD";
constexpr std::size_t most_answers_bytes = std::size_t{256} * 1024;

struct InitArguments {
    std::optional<std::string> output, answers, database;
    std::vector<std::string> subnets;
    InitOptions options;
    bool no_scan = false, print = false;
};

/// Returns the service's paths for root, or the current directory for anyone else.
Targets targets_of(const InitArguments& arguments, const Json& answers) {
    Targets targets;
    targets.as_service = ::geteuid() == 0;
    if (!targets.as_service) {
        targets.output = "./voltd.yaml";
        targets.draft_database = "./voltd.db";
    }
    if (arguments.output) targets.output = *arguments.output;
    const std::string named = arguments.database.value_or(word(answers, "database"));
    if (named.empty()) return targets;
    use_database(targets, named);
    return targets;
}

/// Returns this program's name as its user would type it.
std::string own_name() {
    std::error_code wrong;
    const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", wrong);
    if (wrong || here.parent_path() == "/usr/bin") return "voltctl";
    const std::filesystem::path near = here.lexically_relative(std::filesystem::current_path(wrong));
    if (near.empty() || near.native().starts_with("..")) return here.string();
    return near.has_parent_path() ? near.string() : "./" + near.string();
}

FileHead head_now(FileHead head) {
    head.version = VOLT_VERSION;
    head.date = iso_date(static_cast<std::int64_t>(std::time(nullptr)));
    return head;
}

void print_all(const std::vector<std::string>& lines) {
    for (const std::string& it : lines) std::cout << it << '\n';
}

/// Writes everything and prints the next steps. Returns the exit code.
int write_and_end(const Draft& draft, const Targets& targets, const std::string& password) {
    const Written written = write_site(draft, targets);
    if (!written.failure.empty()) return refuse(false, written.failure + "; nothing was written");
    print_all(written.notes);
    if (!password.empty()) std::cout << store_password(password, targets) << '\n';
    std::cout << "Written: " << written.path << ", in shadow mode: voltd will decide and explain, and switch nothing.\n";
    if (written.beside) return exit_ok;
    std::cout << "Next:\n";
    for (const std::string& it : next_commands(targets, own_name())) std::cout << "  " << it << '\n';
    return exit_ok;
}

/// Prints `FILE:LINE:COL: key: …`, one per line.
int refuse_problems(const std::vector<Problem>& problems) {
    std::vector<std::string> texts;
    for (const Problem& it : problems) texts.push_back(text_of(it));
    return refuse_all(false, texts, "every question needs an answer; use none for what the site does not have");
}

int replay_answers(const InitArguments& arguments) {
    std::ifstream in(*arguments.answers, std::ios::binary);
    std::string text(most_answers_bytes + 1, '\0');
    if (!in) return refuse(false, *arguments.answers + " cannot be read");
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_answers_bytes) return refuse(false, *arguments.answers + " is too large for answers");
    const AnswersRead read = read_answers(text, *arguments.answers);
    if (!read.problems.empty()) return refuse_problems(read.problems);
    const Targets targets = targets_of(arguments, read.answers);
    const Draft draft = draft_of(read.answers, head_now({}), targets, guard_may_end(read.answers));
    if (!draft.problems.empty()) return refuse_all(false, draft.problems, "correct the answers; nothing was written");
    for (const std::string& it : draft.warnings) std::cerr << "warning: " << it << '\n';
    for (const std::string& it : draft.notes) std::cerr << "note: " << it << '\n';
    if (arguments.print) {
        std::cout << draft.file;
        return exit_ok;
    }
    const char* const password = std::getenv(password_variable);
    return write_and_end(draft, targets, password == nullptr ? "" : password);
}

/// Shows the file, and the settings that differ from voltd's defaults.
void show_all(Conversation& c, const Draft& draft) {
    c.talk.print(draft.file);
    c.talk.print("Settings that differ from voltd's defaults:");
    for (const std::string& it : change_lines(draft.changes, paint_for_output())) c.talk.print(it);
}

/// Shows what will be written. Returns true if the user agrees. Throws GoBack to return to the last step.
bool agreed(Conversation& c, const Draft& draft, const Targets& targets) {
    c.talk.print("\nThis is the site:");
    for (const std::string& it : summary_lines(c.answers, draft.settings)) c.talk.print("  " + it);
    for (const std::string& it : draft.warnings) c.talk.print("warning: " + it);
    for (const std::string& it : draft.notes) c.talk.print("note: " + it);
    for (const std::string& it : draft.problems) c.talk.print("problem: " + it);
    if (!draft.problems.empty()) c.talk.print("voltd would refuse this file. b goes back; Ctrl-C keeps the answers.");
    for (int tries = 0; tries < Talk::most_tries; ++tries) {
        Question question{"write", "Write " + targets.output + "? Enter: yes, p: show it and every setting, n: no"};
        question.optional = true;
        question.remembered = false;
        question.wrong = [&](const std::string& answer) {
            return answer == "p" || answer == "n" || answer == "y" ? "" : "Enter, p, n or b";
        };
        const std::string answer = c.talk.ask(question);
        if (answer == "n") throw Ended{};
        if (answer == "p") show_all(c, draft);
        else if (draft.problems.empty()) return true;
        else c.talk.print("  not with these problems");
    }
    throw Ended{};
}

/// Saves the answers so far after Ctrl-C or n, without any password.
int keep_answers(TerminalConsole& console, const Json& answers) {
    console.forget();
    console.write("\nNothing was written.\n");
    if (answers.empty()) return exit_failed;
    console.write(std::string("Keep the answers in ") + kept_answers + "? [Y/n] ");
    const std::optional<std::string> line = console.read_line(false, {});
    if (!line || line->starts_with("n") || line->starts_with("N")) return exit_failed;
    const std::string failure = write_file_whole(kept_answers, answers_text(answers), 0600);
    console.write(failure.empty() ? std::string("Kept. Replay them: voltctl init --answers ") + kept_answers + "\n"
                                  : failure + "\n");
    return exit_failed;
}

int talk_it_over(InitArguments arguments) {
    TerminalConsole console;
    const auto world = make_world([&console] { return !console.interrupted(); });
    Talk talk(console);
    const std::string output = targets_of(arguments, Json::object()).output;
    if (::access(output.c_str(), F_OK) == 0)
        talk.print(output + " already exists and will not be changed; the new file goes to " + output +
                   ".new or, if there is one, .new.2 to .new.9.");
    Conversation conversation{talk, *world, arguments.options};
    try {
        for (int from = 0;; from = last_step) {
            converse(conversation, from);
            const Targets targets = targets_of(arguments, conversation.answers);
            const Draft draft = draft_of(conversation.answers, head_now(conversation.head), targets, conversation.end_guard);
            try {
                if (arguments.print) return std::cout << draft.file, draft.problems.empty() ? exit_ok : exit_failed;
                if (agreed(conversation, draft, targets)) return write_and_end(draft, targets, conversation.password);
            } catch (const GoBack&) { talk.print("Back to the last questions."); }
        }
    } catch (const Ended&) { return keep_answers(console, conversation.answers); }
}

int init_site(InitArguments arguments) {
    const std::vector<modbus::Subnet> connected =
        arguments.subnets.empty() ? std::vector<modbus::Subnet>() : modbus::connected_subnets();
    for (const std::string& text : arguments.subnets) {
        const auto subnet = modbus::chosen_subnet(text, connected);
        if (!subnet) return refuse(false, "--subnet: " + subnet.failure().text + "; nothing was sent");
        arguments.options.subnets.push_back(subnet.value());
    }
    arguments.options.may_scan = !arguments.no_scan;
    if (arguments.answers) return replay_answers(arguments);
    if (::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) return talk_it_over(std::move(arguments));
    return refuse(false, Refusal{"init asks questions and needs a terminal", "in scripts, use --answers FILE"}, exit_usage);
}

constexpr const char* init_examples = R"(
Examples:
  sudo voltctl init                              scans, asks, writes /etc/voltd/voltd.yaml
  voltctl init --no-scan --output ./voltd.yaml   does not scan the network
  voltctl init --answers site.yaml --print       print the file that these answers make

It switches nothing and changes no device; nothing is written before the end, and never over an existing file. The
broker's password for --answers is taken from VOLT_MQTT_PASSWORD.)";

}  // namespace

void add_init(Program& program) {
    CLI::App* part = add_plain(program.app, "init", "set up a site: scans the network, asks, writes voltd.yaml in shadow mode");
    part->footer(init_examples);
    const auto arguments = std::make_shared<InitArguments>();
    part->add_option("--output", arguments->output, "the file to write (root: /etc/voltd/voltd.yaml, else ./voltd.yaml)")
        ->type_name("FILE");
    part->add_option("--database", arguments->database, "the database to make (root: /var/lib/voltd/voltd.db, else ./voltd.db)")
        ->type_name("FILE");
    part->add_option("--answers", arguments->answers, "replay answers from this YAML file; asks nothing")->type_name("FILE");
    part->add_option("--broker", arguments->options.broker, "the broker to offer first")->type_name("URL")->capture_default_str();
    part->add_option("--subnet", arguments->subnets, "scan only this private network of this machine, such as 192.168.1.0/24")
        ->type_name("CIDR")
        ->allow_extra_args(false);
    part->add_flag("--no-scan", arguments->no_scan, "do not scan; you type the addresses");
    part->add_option("--listen", arguments->options.listen_s, "seconds to listen on the broker")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 600))
        ->capture_default_str();
    part->add_flag("--print", arguments->print, "print the file on standard output and write nothing");
    on(part, program, [arguments] { return init_site(*arguments); });
}

}  // namespace volt::ctl::init
