// charge prove: whether what should stop the charging does.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "daemon/ctl/talk/api_errors.hpp"

namespace volt::ctl {

namespace {

/// Longer than a proof and its release can take.
constexpr std::chrono::seconds proof_limit{300};
constexpr std::chrono::milliseconds look_again{500};

constexpr const char* prove_question =
    "voltd stops charging for 60 s, checks that the battery current falls below 2 A within 30 s, and restores the previous "
    "setting.\n"
    "If voltd or this computer dies meanwhile, charging stays stopped until voltd runs again. Continue?";

constexpr const char* prove_examples = R"(
The battery must be charging with more than 10 A and must not be cold. The result is stored: `voltctl status` shows the date, and
the warning about an unproven charge guard ends. Repeat this after a change of the inverter, its firmware or the wiring.

Examples:
  voltctl charge prove
  voltctl charge prove --yes        without the question, for scripts)";

/// The result; nothing: voltd stopped answering, or it took too long (already printed).
std::optional<Json> outcome(const ApiAddress& address, bool json, int& code) {
    std::string said;
    for (const auto end = std::chrono::steady_clock::now() + proof_limit; std::chrono::steady_clock::now() < end;) {
        const auto charge = ask(address, "/api/explain/charge", code);
        if (!charge) {
            std::cerr << "voltctl: the test ends by itself; voltd restores the previous limit, also after a restart\n";
            return std::nullopt;
        }
        const Json& proof = part(*charge, "proof");
        if (word(proof, "state") != "running") return proof;
        if (const std::string text = word(proof, "text"); !json && text != said) std::cout << (said = text) << std::endl;
        std::this_thread::sleep_for(look_again);
    }
    code = refuse(json, "the test did not end within 300 s; see `voltctl explain charge`");
    return std::nullopt;
}

int prove(const Program& program, const ApiAddress& address, bool yes) {
    if (!yes && !confirmed(prove_question))
        return refuse(program.json, Refusal{"nothing was done: not confirmed", "in scripts, use --yes"});
    const ApiReply reply = post(address, "/api/charge/prove", "{}");
    if (!reply.ok()) return complain(address, reply);
    int code = exit_ok;
    const auto proof = outcome(address, program.json, code);
    if (!proof) return code;
    const bool proven = word(*proof, "state") == "proven";
    if (program.json) print(Json{{"proven", proven}, {"text", word(*proof, "text")}});
    else std::cout << word(*proof, "text") << '\n';
    return proven ? exit_ok : exit_failed;
}

}  // namespace

void add_charge_commands(Program& program) {
    CLI::App* group = add_plain(program.app, "charge", "prove that voltd can stop charging");
    group->require_subcommand(1);
    group->footer("\nExamples:\n  voltctl charge prove");
    CLI::App* part = add_shown(*group, program, "prove", "stop charging for a minute and check that the current falls");
    const auto yes = std::make_shared<bool>(false);
    part->add_flag("--yes", *yes, "do not ask");
    part->footer(prove_examples);
    on(part, program,
       [&program, yes] { return with_address(program, [&](const ApiAddress& at) { return prove(program, at, *yes); }); });
}

}  // namespace volt::ctl
