#include "daemon/agent/ask/model_turns.hpp"

#include <algorithm>
#include <thread>

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

using TurnTime = std::chrono::steady_clock;

/// Requests one answer of the model, with retries if they may help.
Result<ModelTurn> next_turn(const ModelAsk& ask, const std::string& request, int& requests) {
    Failure last;
    auto pause = first_retry_pause;
    for (int tries = 0; tries <= most_retries; ++tries, pause *= 2) {
        if (tries > 0 && TurnTime::now() + pause >= ask.end) break;
        if (tries > 0) std::this_thread::sleep_for(pause);
        ++requests;
        const auto answer = ask_model(ask.endpoint, request, std::min(ask.end, TurnTime::now() + ask.timeout));
        auto turn = answer ? read_turn(answer.value()) : Result<ModelTurn>(answer.failure());
        if (turn || turn.failure().fault == Fault::refused) return turn;
        last = turn.failure();
    }
    return last;
}

ToolUse used_tool(const ModelAsk& ask, const ModelCall& call) {
    ToolUse use{.name = call.name, .arguments = call.arguments, .error = call.wrong};
    const auto begin = TurnTime::now();
    const auto named = [&](const Tool* it) { return call.name == it->name; };
    const auto tool = std::find_if(ask.tools.begin(), ask.tools.end(), named);
    use.unknown = tool == ask.tools.end();
    if (use.unknown) {
        const auto name = [](const Tool* it) { return std::string(it->name); };
        use.error = "there is no tool '" + call.name + "'; valid tools: " + comma_list(ask.tools, name);
    }
    if (use.error.empty()) {
        const CallTime time{.deadline = std::min(ask.end, begin + call_limit)};
        try {
            ToolOutcome outcome = ask.run(**tool, call.arguments, time);
            use.answer = std::move(outcome.answer);
            use.error = std::move(outcome.error);
            use.over_limit = outcome.over_limit;
        } catch (const std::exception& error) { use.error = std::string("the tool failed: ") + error.what(); }
    }
    use.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(TurnTime::now() - begin).count();
    return use;
}

/// Returns the text of a call for the model.
std::string shown_to_model(const ToolUse& use, const Sharing& sharing) {
    return json_text(without_private(use.error.empty() ? use.answer : Json{{"error", use.error}}, sharing));
}

}  // namespace

ModelSays ask_in_turns(const ModelAsk& ask, Json messages) {
    ModelSays says;
    const Json tools = chat_tools(ask.tools);
    std::size_t calls = 0;
    for (int round = 1; round <= most_rounds; ++round) {
        Json request{{"model", ask.model}, {"messages", messages}, {"stream", false}};
        if (!tools.empty()) request["tools"] = tools;
        if (!tools.empty()) request["tool_choice"] = round < most_rounds && calls < most_calls ? "auto" : "none";
        auto turn = next_turn(ask, json_text(request), says.requests);
        if (!turn) {
            says.trouble = turn.failure().text;
            return says;
        }
        ModelTurn& it = turn.value();
        says.tokens_in += it.tokens_in;
        says.tokens_out += it.tokens_out;
        if (it.calls.empty()) {
            says.text = std::move(it.text);
            says.cut = it.cut;
            return says;
        }
        if (round == most_rounds || calls >= most_calls) break;
        it.calls.resize(std::min(it.calls.size(), most_calls - calls));
        messages.push_back(calls_message(it, calls));
        for (const ModelCall& call : it.calls) {
            const ToolUse use = used_tool(ask, call);
            if (ask.used) ask.used(use);
            messages.push_back(result_message(calls++, shown_to_model(use, ask.sharing)));
            if (TurnTime::now() < ask.end) continue;
            says.trouble = "the question timed out (agent.yaml, model.timeout_s)";
            return says;
        }
    }
    says.trouble = "the model called tools but gave no answer";
    return says;
}

}  // namespace volt::agent
