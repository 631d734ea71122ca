// charge prove: tests whether voltd can stop the charging. charge accept: accepts a temperature that was checked by hand.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/explain/phrase.hpp"
#include "daemon/site/charge_proof.hpp"

namespace volt::ctl {

namespace {

/// Longer than a proof and its release can take.
constexpr Duration charge_proof_limit = ChargeProof::block_lasts + ChargeProof::released_within + 60s;
constexpr std::chrono::milliseconds poll_gap{500};

std::string prove_question() {
    return fmt::format(
        "voltd stops charging for {}, checks that the battery current falls below {} A within {}, and restores the previous "
        "setting.\n"
        "If voltd or this computer dies meanwhile, charging stays stopped until voltd runs again. Continue?",
        phrase(ChargeProof::block_lasts), ChargeProof::under.steps / 100, phrase(ChargeProof::falls_within));
}

constexpr const char* prove_examples = R"(
The battery must be charging with more than {} A and must not be cold. The result is stored: `voltctl status` shows the date, and
the warning about an unproven charge guard ends. Repeat this after a change of the inverter, its firmware or the wiring.

Examples:
  voltctl charge prove
  voltctl charge prove --yes        without the question, for scripts)";

/// Returns the result, or nothing if voltd stopped answering or it took too long (already printed).
std::optional<Json> outcome(const ApiAddress& address, bool json, int& code) {
    std::string printed;
    for (const auto end = std::chrono::steady_clock::now() + charge_proof_limit; std::chrono::steady_clock::now() < end;) {
        const auto charge = ask(address, "/api/explain/charge", code);
        if (!charge) {
            std::cerr << "voltctl: the proof ends by itself; voltd restores the previous limit, also after a restart\n";
            return std::nullopt;
        }
        const Json& proof = part(*charge, "proof");
        if (word(proof, "state") != "running") return proof;
        if (const std::string text = word(proof, "text"); !json && text != printed) std::cout << (printed = text) << std::endl;
        std::this_thread::sleep_for(poll_gap);
    }
    code = refuse(json, "the proof did not end within " + phrase(charge_proof_limit) + "; see `voltctl explain charge`");
    return std::nullopt;
}

int prove(const Program& program, const ApiAddress& address, bool yes) {
    if (!yes && !confirmed(prove_question()))
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

int accept(const Program& program, const ApiAddress& address, const std::string& source) {
    const ApiReply reply = post(address, "/api/charge/accept/" + source, "{}");
    if (!reply.ok()) return complain(address, reply);
    if (program.json) print(Json{{"ok", true}});
    else std::cout << "voltd uses the temperature of " << source << " again\n";
    return exit_ok;
}

void add_accept(Program& program, CLI::App& group) {
    CLI::App* part = add_shown(group, program, "accept",
                               "use a battery temperature again after it rose faster than a battery "
                               "can");
    const auto source = std::make_shared<std::string>();
    part->add_option("SOURCE", *source, "name of the sensor, as in the alarm temperature_disagreement")->required();
    part->footer("\nMeasure the battery by hand first.\n\nExamples:\n  voltctl charge accept victron.battery");
    on(part, program,
       [&program, source] { return with_address(program, [&](const ApiAddress& at) { return accept(program, at, *source); }); });
}

}  // namespace

void add_charge_commands(Program& program) {
    CLI::App* group = add_plain(program.app, "charge", "prove that voltd can stop charging; accept a temperature");
    group->require_subcommand(1);
    group->footer("\nExamples:\n  voltctl charge prove\n  voltctl charge accept victron.battery");
    CLI::App* part = add_shown(*group, program, "prove", "stop charging for a moment and check that the current falls");
    const auto yes = std::make_shared<bool>(false);
    part->add_flag("--yes", *yes, "do not ask");
    part->footer(fmt::format(prove_examples, ChargeProof::least.steps / 100));
    on(part, program,
       [&program, yes] { return with_address(program, [&](const ApiAddress& at) { return prove(program, at, *yes); }); });
    add_accept(program, *group);
}

}  // namespace volt::ctl
