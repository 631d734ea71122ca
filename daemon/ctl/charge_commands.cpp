// charge prove: whether what should stop the charging does.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "daemon/ctl/asking.hpp"

namespace volt::ctl {

namespace {

/// Longer than a proof and its release can take.
constexpr std::chrono::seconds proof_limit{300};
constexpr std::chrono::milliseconds look_again{500};

constexpr const char* prove_question =
    "voltd stops the charging of the battery for 60 s, looks whether its current falls under 2 A within 30 s, and puts back what was\n"
    "set before. Should voltd or this computer die meanwhile, charging stays stopped until voltd runs again. Go on?";

constexpr const char* prove_examples = R"(
Only while the battery charges with more than 10 A and is not cold. What comes of it is stored: `voltctl status` shows the date, and
the warning of an unproven charge guard ends. Prove it again after a change of the inverter, its firmware or the wiring.

Examples:
  voltctl charge prove
  voltctl charge prove --yes        without the question, for scripts)";

/// What became of it; nothing: voltd does not answer any more, or it took too long (said already).
std::optional<Json> outcome(const ApiAddress& address, bool json, int& code) {
    std::string said;
    for (const auto end = std::chrono::steady_clock::now() + proof_limit; std::chrono::steady_clock::now() < end;) {
        const auto charge = ask(address, "/api/explain/charge", code);
        if (!charge) {
            std::cerr << "voltctl: the proof ends by itself; voltd puts the limit of before back, also after a restart\n";
            return std::nullopt;
        }
        const Json& proof = part(*charge, "proof");
        if (word(proof, "state") != "running") return proof;
        if (const std::string text = word(proof, "text"); !json && text != said) std::cout << (said = text) << std::endl;
        std::this_thread::sleep_for(look_again);
    }
    code = refuse(json, "the proof did not end within 300 s; `voltctl explain charge` tells how it stands");
    return std::nullopt;
}

int prove(const Program& program, const ApiAddress& address, bool yes) {
    if (!yes && !confirmed(prove_question)) return refuse(program.json, Refusal{"nothing was done: not confirmed", "say --yes in scripts"});
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
    CLI::App* group = add_plain(program.app, "charge", "the charging of the battery: prove that it can be stopped");
    group->require_subcommand(1);
    group->footer("\nExamples:\n  voltctl charge prove");
    CLI::App* part = add_shown(*group, program, "prove", "stop the charging for a minute and see whether the current falls");
    const auto yes = std::make_shared<bool>(false);
    part->add_flag("--yes", *yes, "do not ask");
    part->footer(prove_examples);
    on(part, program, [&program, yes] {
        return with_address(program, [&](const ApiAddress& at) { return prove(program, at, *yes); });
    });
}

}  // namespace volt::ctl
