#include "daemon/agent/ask/ask.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "daemon/agent/ask/check_citations.hpp"
#include "daemon/agent/ask/check_numbers.hpp"
#include "daemon/agent/ask/command_answer.hpp"
#include "daemon/agent/ask/prompt.hpp"
#include "daemon/agent/tools/kept_call.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

using AskClock = std::chrono::steady_clock;

const NoModel no_model{"No model", "No model is configured (agent.yaml, model.url)"};
/// Maximum bytes of a tool result to show if the model gave no answer.
constexpr std::size_t most_shown_result = 1500;
constexpr const char* shared_everything = "everything";

/// Returns the model's key. systemd provides a credential as a file that only the service may read.
std::string model_key(const ModelConfig& model) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    std::string key;
    if (folder != nullptr) std::ifstream(std::string(folder) + "/model.key") >> key;
    if (key.empty()) std::ifstream(model.key_file) >> key;
    return key;
}

std::vector<const Tool*> offered_tools(const AskPlace& place, const Sharing& sharing) {
    std::vector<const Tool*> offered;
    const auto groups = shared_groups(place.groups, sharing);
    // Keep SQL results in this network: SQL can spell an id so that nothing recognizes it.
    const bool sql = sharing.everything && !place.site.database().empty();
    for (const Tool& tool : tool_table())
        if ((!tool.needs_database || sql) && std::find(groups.begin(), groups.end(), tool.group) != groups.end())
            offered.push_back(&tool);
    return offered;
}

/// Question in progress.
struct Way {
    const AskPlace& place;
    const std::string& question;
    AskClock::time_point end;
    KeptConversation& kept;
    AskAnswer& answer;
    std::vector<ToolUse> uses{};
    ModelSays says{};
};

ModelAsk model_ask(Way& way, const ModelConfig& model) {
    Sharing sharing = sharing_of(model);
    if (!sharing.everything) sharing.wiring = wiring_words(way.place.site.yaml());
    const bool location = sharing.has("location");
    return {.endpoint = {model.url, model_key(model)},
            .model = model.name,
            .timeout = std::chrono::seconds{model.timeout_s},
            .end = way.end,
            .sharing = sharing,
            .tools = offered_tools(way.place, sharing),
            .run =
                [&way, &model, location](const Tool& tool, const Json& arguments, const CallTime& time) {
                    CallOrigin origin = way.kept.origin(model.name);
                    origin.location = location;
                    const std::string over = limit_of_call(tool.name, {.store = &way.place.store}, origin.client);
                    if (!over.empty()) return ToolOutcome{{}, over, true};
                    CallTime of_origin = time;
                    of_origin.client = origin.client;
                    of_origin.origin = &origin;
                    return run_tool(tool, way.place.site, arguments, of_origin);
                },
            .used =
                [&way](const ToolUse& use) {
                    way.kept.add_tool(use);
                    if (!use.unknown) way.answer.tools.push_back(use.name);
                    if (use.answer.is_object() && use.answer.value("state", "") == "waiting")
                        way.answer.waiting.push_back(use.answer.value("proposal", ""));
                    way.uses.push_back(use);
                }};
}

/// Replaces messages that no longer fit with a summary, from the model if there is one.
void shorten_past(Way& way, const ModelAsk* ask) {
    const auto past = way.kept.past(ask != nullptr && !ask->sharing.everything);
    const std::size_t count = older_messages(past);
    if (count > 0) {
        const std::vector<PastMessage> older(past.begin(), past.begin() + static_cast<std::ptrdiff_t>(count));
        std::string summary;
        if (ask != nullptr) {
            ModelAsk plain = *ask;
            plain.tools.clear();
            summary =
                cut_text(ask_in_turns(plain, summary_messages(way.kept.summary(), older, ask->sharing)).text, most_summary_bytes);
        }
        if (summary.empty()) summary = plain_summary(way.kept.summary(), older);
        way.kept.summarize(summary, older.back().id);
    }
    if (!way.kept.summary().empty()) way.answer.notes.emplace_back("Earlier messages of this conversation were summarized.");
}

/// Returns the tools' answers if the model gave none.
std::string results_text(const std::vector<ToolUse>& uses) {
    std::string text;
    for (const ToolUse& use : uses)
        text += "\n" + use.name + ": " + (use.error.empty() ? cut_text(json_text(use.answer), most_shown_result) : use.error);
    return text;
}

std::vector<std::string> source_ids(const Documents& documents) {
    std::vector<std::string> ids;
    for (const DocumentSource& it : documents.sources()) ids.push_back(it.id);
    return ids;
}

void take_model_answer(Way& way) {
    std::vector<Json> results = way.kept.results();
    CheckedCitations checked = check_citations(way.says.text, results, source_ids(way.place.site.documents()));
    AskAnswer& answer = way.answer;
    answer.response = std::move(checked.text);
    answer.sources = std::move(checked.sources);
    answer.unchecked = unknown_numbers(answer.response, results);
    for (const std::string& uri : checked.removed) answer.unchecked.push_back(uri + " (removed: no tool returned this source)");
    answer.answered_by = "model";
    if (way.kept.is_partly_known() && !answer.unchecked.empty())
        answer.notes.emplace_back(
            "An earlier result was too long to keep in full, so this list may include valid numbers and sources from it.");
    if (way.says.cut) answer.notes.emplace_back("The answer was truncated.");
}

/// Records the executed command as a tool call.
void take_command_answer(Way& way, const NoModel& why, const CallTime& time) {
    const auto ran = answer_without_model(way.place, way.question, why, time, way.answer);
    if (ran) way.kept.add_tool(*ran);
}

void take_model_trouble(Way& way, const CallTime& time) {
    const std::string why = "The model did not answer: " + way.says.trouble;
    way.kept.log("error", "error", why);
    const auto useful = [](const ToolUse& use) { return use.error.empty(); };
    if (std::none_of(way.uses.begin(), way.uses.end(), useful)) {
        way.answer.tools.clear();
        return take_command_answer(way, {why, why}, time);
    }
    way.answer.answered_by = "model";
    way.answer.code = ctl::exit_failed;
    way.answer.response = why + ". Tool results so far:" + results_text(way.uses);
}

void answer_with_model(Way& way, const ModelConfig& model) {
    const ModelAsk ask = model_ask(way, model);
    shorten_past(way, &ask);
    Json messages = prompt_messages(way.place, way.kept, way.question, ask.sharing,
                                    {.deadline = std::min(way.end, AskClock::now() + call_limit)});
    way.kept.add_question(way.question);
    way.says = ask_in_turns(ask, std::move(messages));
    // A command does not need the time that the model left.
    if (way.says.trouble.empty()) take_model_answer(way);
    else take_model_trouble(way, {});
}

/// Returns who reads a conversation. With another public model, or other groups, it is not continued.
std::string shared_with(const std::optional<ModelConfig>& model) {
    if (!model || sharing_of(*model).everything) return shared_everything;
    return host_of_model(model->url) + ": " + comma_list(model->share);
}

/// Returns the reason the question is rejected, or an empty string if it is valid.
std::string question_refusal(const std::string& text) {
    if (text.find_first_not_of(" \t\n\r") == std::string::npos) return "the question is empty";
    if (text.size() > most_asked_bytes) return "the question is too long; at most " + std::to_string(most_asked_bytes) + " bytes";
    return {};
}

void keep_answer(Way& way) {
    const AskAnswer& answer = way.answer;
    // Tool results instead of an answer are unfiltered, so a later turn does not send them to a model.
    const Json facts{{"answered_by", way.says.trouble.empty() ? answer.answered_by : "command"},
                     {"tools", answer.tools},
                     {"sources", answer.sources},
                     {"unchecked", answer.unchecked},
                     {"waiting", answer.waiting}};
    way.kept.add_answer(answer.response, facts, answer.duration_ms, way.says.tokens_in, way.says.tokens_out);
    way.kept.log("info", "task_complete", answer.answered_by,
                 {{"answered_by", answer.answered_by},
                  {"ms", answer.duration_ms},
                  {"tools", answer.tools.size()},
                  {"unchecked", answer.unchecked.size()},
                  {"code", answer.code},
                  {"requests", way.says.requests}});
}

}  // namespace

AskAnswer answer_question(const AskPlace& place, const AskQuestion& question) {
    AskAnswer answer;
    answer.refusal = question_refusal(question.text);
    Json cleaned = question.text;
    clean_texts(cleaned);
    answer.query = cleaned;
    answer.code = ctl::exit_failed;
    if (!answer.refusal.empty()) return answer;
    const auto begin = AskClock::now();
    const auto& model = place.model;
    KeptConversation kept(place.store, question.client);
    answer.refusal = kept.open(question.conversation, question.last, shared_with(model), answer.query);
    if (!answer.refusal.empty()) return answer;
    answer.conversation = kept.id();
    answer.code = ctl::exit_ok;
    kept.log("info", "task_start", "ask");
    const auto limit = std::chrono::seconds{model ? 2 * model->timeout_s : 0} + (model ? std::chrono::seconds{0} : call_limit);
    Way way{place, answer.query, begin + limit, kept, answer};
    if (model) {
        answer_with_model(way, *model);
    } else {
        shorten_past(way, nullptr);
        kept.add_question(answer.query);
        take_command_answer(way, no_model, {});
    }
    answer.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(AskClock::now() - begin).count();
    keep_answer(way);
    if (kept.was_moved())
        answer.notes.emplace_back("The earlier conversation is not shared with this model, so this is a new one.");
    if (std::string moved = place.store.take_note(); !moved.empty()) answer.notes.push_back(std::move(moved));
    if (!kept.not_kept().empty()) answer.notes.push_back(kept.not_kept());
    return answer;
}

Json answer_json(const AskAnswer& answer) {
    if (!answer.refusal.empty()) return {{"error", answer.refusal}};
    Json json{{"response", answer.response}, {"conversation", answer.conversation}, {"query", answer.query}};
    json.update(Json{{"agent_role", "ask"},
                     {"answered_by", answer.answered_by},
                     {"tools", answer.tools},
                     {"sources", answer.sources},
                     {"unchecked", answer.unchecked},
                     {"notes", answer.notes},
                     {"waiting", answer.waiting},
                     {"duration_ms", answer.duration_ms}});
    return json;
}

std::string answer_text(const AskAnswer& answer) {
    std::string text = answer.response;
    if (!text.ends_with('\n')) text += '\n';
    if (!answer.unchecked.empty()) text += "\nNot from the site's data: " + comma_list(answer.unchecked) + "\n";
    if (!answer.sources.empty() && answer.answered_by == "model") text += "\nSources: " + comma_list(answer.sources) + "\n";
    if (answer.answered_by == "model" && !answer.tools.empty()) text += "\nTools: " + comma_list(answer.tools) + "\n";
    if (!answer.waiting.empty()) text += "\nA proposal is waiting for you: voltctl proposals\n";
    for (const std::string& note : answer.notes) text += note + "\n";
    return text;
}

}  // namespace volt::agent
