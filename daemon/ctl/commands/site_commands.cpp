// outputs and alarms on the command line.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/site_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/loop/lease_trials.hpp"

namespace volt::ctl {

namespace {

int list_outputs(const Program& program, const ApiAddress& address) {
    int code = exit_ok;
    auto status = ask(address, "/api/status", code);
    if (!status) return code;
    for (const Json& output : Json::parse(get(address, "/api/outputs").body, nullptr, false))
        if (const auto shown = status->find("output/" + word(output, "id")); shown != status->end())
            (*shown)["proven"] = output.value("proven", Json());
    program.json ? print(list_under(*status, "output/", "id")) : print(output_table(*status, table_width(), paint_for_output()));
    return exit_ok;
}

int show_alarms(const Program& program, const ApiAddress& address) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    program.json ? print(list_under(*status, "alarm/", "alarm")) : print(alarm_table(*status, table_width(), paint_for_output()));
    return exit_ok;
}

/// Returns the device's report: "off", "5, 12 W; lease armed".
std::string report_text(const Json& answer) {
    const auto level = number(answer, "level"), power = number(answer, "measured_w");
    std::string text = level && *level > 0 ? std::to_string(static_cast<long>(*level)) : word(answer, "reported");
    if (power) text += ", " + watts(power);
    const std::string lease = word(answer, "lease");
    return text + (lease.empty() || lease == "none" ? "" : "; lease " + lease);
}

int test_output(const Program& program, const ApiAddress& address, const std::string& id) {
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    std::vector<std::string> known;
    for (const auto& [name, output] : under(*status, "output/")) known.push_back(name);
    if (std::find(known.begin(), known.end(), id) == known.end())
        return refuse(program.json, Refusal{"unknown output: " + id, {}, nearest_first(id, known)});
    const ApiReply reply = post(address, "/api/outputs/" + encoded(id) + "/test", "{}", {confirmed_limit});
    if (!reply.ok()) return complain(address, reply, id);
    const Json answer = Json::parse(reply.body, nullptr, false);
    if (program.json) {
        print(answer);
        return exit_ok;
    }
    const auto took = number(answer, "confirmed_ms");
    const std::string order = word(answer, "commanded");
    const bool proven = !answer.contains("hears") || flag(answer, "hears");
    const std::string obeys = is_shadow(*status) ? "; shadow mode sends it no commands, so this does not show whether it obeys"
                              : order.empty()    ? "; no command was sent to it yet, so this does not show whether it obeys"
                                                 : "; it reports " + order + ", as commanded";
    const std::string caveat =
        proven ? ""
               : "; its answers look like its regular reports, so only a command that it obeys shows that it receives "
                 "messages";
    std::cout << id << (proven ? ": answered" : ": reports")
              << (took ? " after " + std::to_string(static_cast<long>(*took)) + " ms" : "") << ": " << report_text(answer)
              << obeys << caveat << '\n';
    return exit_ok;
}

constexpr std::chrono::milliseconds proof_poll{500};
constexpr Duration proof_seen_within = 15s;  // also covers a restart of voltd
constexpr Duration proof_limit = LeaseProof::armed_within + LeaseProof::starts_within + LeaseProof::off_within +
                                 LeaseTrials::longest * LeaseProof::longest_percent / 100 + proof_seen_within;

/// Returns the proof of this output as voltd shows it, or null if there is none.
Json shown_proof(const Json& outputs, const std::string& id) {
    for (const Json& output : outputs)
        if (word(output, "id") == id) return part(output, "proof");
    return {};
}

volatile std::sig_atomic_t ended_by = 0;

void note_end(int signal) { ended_by = signal; }

/// Catches signals that would end this program, including a closed terminal and a closed pipe, while it exists.
class EndWatch {
public:
    EndWatch() {
        ended_by = 0;
        struct sigaction noted {};
        noted.sa_handler = note_end;
        noted.sa_flags = SA_RESTART;
        for (std::size_t i = 0; i < signals.size(); ++i) {
            ::sigaction(signals[i], nullptr, &before_[i]);
            if (before_[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &noted, nullptr);  // respects nohup
        }
    }
    ~EndWatch() {
        for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
    }
    EndWatch(const EndWatch&) = delete;
    EndWatch& operator=(const EndWatch&) = delete;

private:
    static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    std::array<struct sigaction, 4> before_{};
};

/// Returns the load of an output, or an empty string if voltd shows none.
std::string load_of(const Json& outputs, const std::string& id) {
    for (const Json& output : outputs)
        if (word(output, "id") == id) return word(output, "load");
    return {};
}

/// Ends the override of a proof. A proof that no one watches must not start a miner.
int withdraw(const Program& program, const ApiAddress& address, const std::string& id) {
    constexpr int tries = 3;
    ApiReply reply;
    std::string load;
    for (int i = 0; i < tries && !reply.ok(); ++i) {
        load = load_of(Json::parse(get(address, "/api/outputs").body, nullptr, false), id);
        reply = post(address, "/api/overrides/" + encoded(load), R"({"override":"auto"})");
    }
    if (reply.ok()) return refuse(program.json, "not proven: interrupted; override auto was sent to " + load);
    return refuse(program.json,
                  Refusal{"not proven: interrupted, and the override of " + load + " could not be ended (" + reply.error + ")",
                          "voltctl override " + load + " auto"});
}

/// Follows the proof to its end. Returns nothing if voltd stopped answering or forgot it (already printed).
std::optional<Json> proof_of(const Program& program, const ApiAddress& address, const std::string& id, int& code) {
    const auto begun = std::chrono::steady_clock::now();
    auto seen = begun;
    for (std::string printed; seen - begun < proof_limit; std::this_thread::sleep_for(proof_poll)) {
        if (ended_by != 0) {
            code = withdraw(program, address, id);
            return std::nullopt;
        }
        const auto now = std::chrono::steady_clock::now();
        const ApiReply reply = get(address, "/api/outputs");
        const Json proof = reply.ok() ? shown_proof(Json::parse(reply.body, nullptr, false), id) : Json();
        const std::string state = word(proof, "state");
        if (state == "running") seen = now;
        else if (!state.empty()) return proof;
        if (const std::string text = word(proof, "text"); !program.json && text != printed && !text.empty())
            std::cout << (printed = text) << std::endl;
        if (now - seen < proof_seen_within) continue;
        code = reply.ok() ? refuse(program.json, "not proven: voltd was restarted meanwhile") : complain(address, reply);
        return std::nullopt;
    }
    code = refuse(program.json, "the proof did not end; see `voltctl explain`");
    return std::nullopt;
}

int prove_output(const Program& program, const ApiAddress& address, const std::string& id, std::optional<int> lease_s, bool yes) {
    const std::string question = fmt::format(
        "voltd switches {} on once and does not renew it: its lease timer must switch it off again.\n"
        "Its miner runs during the test; every rule can still stop it. Type the id of the output to continue: ",
        id);
    if (!yes && !typed(question, id))
        return refuse(program.json, Refusal{"nothing was done: not confirmed", "in scripts, use --yes"});
    const Json body = lease_s ? Json{{"lease_s", *lease_s}} : Json::object();
    const EndWatch watch;
    const ApiReply reply = post(address, "/api/outputs/" + encoded(id) + "/prove", body.dump());
    if (!reply.ok()) return complain(address, reply, id);
    int code = exit_ok;
    const auto proof = proof_of(program, address, id, code);
    if (!proof) return code;
    const bool proven = word(*proof, "state") == "proven";
    if (program.json) print(Json{{"proven", proven}, {"text", word(*proof, "text")}});
    else std::cout << word(*proof, "text") << '\n';
    return proven ? exit_ok : exit_failed;
}

constexpr const char* outputs_examples = R"(
Examples:
  voltctl outputs list
  voltctl outputs list --json
  voltctl outputs test primary-s21     does the device receive and answer?
  voltctl outputs prove primary-s21    does its lease timer switch it off when voltd is silent?

Ctrl-C or closing the terminal ends the proof; voltctl then cancels its override.)";

constexpr const char* alarms_examples = R"(
Critical ones first. An alarm clears by itself once its cause is gone; database_restored waits for
'voltctl db acknowledge'.

Examples:
  voltctl alarms
  voltctl alarms --json)";

void add_prove(CLI::App& group, Program& program) {
    CLI::App* part =
        add_shown(group, program, "prove", "switch a miner's relay on once and check that its lease timer switches it off");
    const auto id = std::make_shared<std::string>();
    const auto lease_s = std::make_shared<std::optional<int>>();
    const auto yes = std::make_shared<bool>(false);
    part->add_option("id", *id, "an output's id in voltd.yaml")->type_name("OUTPUT")->required();
    part->add_option("--lease", *lease_s,
                     "lease timer to use for the proof (default: 60, or lease_s if voltd cannot set the timer)")
        ->type_name("SECONDS")
        ->check(CLI::Range(LeaseTrials::shortest.count() / 1000, LeaseTrials::longest.count() / 1000));
    part->add_flag("--yes", *yes, "do not ask");
    on(part, program, [&program, id, lease_s, yes] {
        return with_address(program, [&](const ApiAddress& at) { return prove_output(program, at, *id, *lease_s, *yes); });
    });
}

void add_outputs(Program& program) {
    CLI::App* group = add_plain(program.app, "outputs", "list, test and prove relays, fans and heaters");
    group->require_subcommand(1);
    group->footer(outputs_examples);
    on(add_shown(*group, program, "list", "list each output: commanded, reported, measured, lease"), program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return list_outputs(program, at); }); });
    CLI::App* test = add_shown(*group, program, "test", "query a device for its state and wait for the answer; switches nothing");
    const auto id = std::make_shared<std::string>();
    test->add_option("id", *id, "an output's id in voltd.yaml")->type_name("OUTPUT")->required();
    on(test, program,
       [&program, id] { return with_address(program, [&](const ApiAddress& at) { return test_output(program, at, *id); }); });
    add_prove(*group, program);
}

void add_alarms(Program& program) {
    CLI::App* part = add_shown(program.app, program, "alarms", "show active alarms");
    part->footer(alarms_examples);
    on(part, program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return show_alarms(program, at); }); });
}

}  // namespace

void add_site_commands(Program& program) {
    add_outputs(program);
    add_alarms(program);
}

}  // namespace volt::ctl
