#include "daemon/agent/kept_commands.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/agent/tools/kept_json.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/table.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "drivers/hidden.hpp"
#include "drivers/store/agent/agent_memory.hpp"
#include "drivers/store/agent/conversations.hpp"

namespace volt::agent {

namespace {

constexpr std::size_t most_read_messages = 1000, id_digits = 8;

/// Parsed command line.
struct KeptAsk {
    bool json = false, all = false;
    std::string id{}, kind{};
    std::vector<std::string> words{};
    std::size_t limit = 20;
    double importance = 1;
    std::int64_t number = 0;
};

std::string text_of(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Prints lines of a text that may be external.
void print_text(const std::string& text) {
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        std::cout << without_hidden(text.substr(from, end - from), ' ') << '\n';
        from = end + 1;
    }
}

int list_kept(const AgentConfig& config, const KeptAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    const auto found = list_conversations(store, ask.limit, text_of(ask.words));
    if (!found) return ctl::refuse(ask.json, found.failure().text);
    Json list = Json::array();
    std::vector<ctl::Cells> rows{{"id", "last message (UTC)", "by", "messages", "title"}};
    for (const AgentConversation& it : found.value()) {
        list.push_back(conversation_json(it));
        rows.push_back({it.id.substr(0, id_digits), utc_text(it.updated_ms), it.agent_role + ":" + without_hidden(it.client, '?'),
                        std::to_string(it.message_count), without_hidden(it.title, ' ')});
    }
    if (ask.json) return ctl::print(list), ctl::exit_ok;
    if (rows.size() == 1) std::cout << "no conversations are stored" << (ask.words.empty() ? "\n" : " with these words\n");
    else ctl::print(ctl::table_lines(rows, ctl::table_width(), ctl::paint_for_output()));
    return rows.size() > 1 || ask.words.empty() ? ctl::exit_ok : ctl::exit_failed;
}

/// Returns the conversation that an id or its first characters mean, or nothing after printing an error.
std::optional<AgentConversation> meant_conversation(AgentStore& store, const KeptAsk& ask) {
    const auto found = find_conversation(store, ask.id);
    if (found && found.value()) return found.value();
    ctl::refuse(ask.json, found ? "there is no conversation " + ask.id + "; voltctl conversations list shows their ids"
                                : found.failure().text);
    return std::nullopt;
}

void print_message(const AgentMessage& it) {
    std::cout << '\n' << utc_text(it.created_ms) << "  " << it.role;
    if (it.duration_ms) std::cout << "  " << *it.duration_ms << " ms";
    std::cout << '\n';
    print_text(it.content);
    if (it.tool_calls) print_text("  called " + *it.tool_calls);
    if (it.tool_results) print_text("  result " + *it.tool_results);
}

int show_kept(const AgentConfig& config, const KeptAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    const auto one = meant_conversation(store, ask);
    if (!one) return ctl::exit_failed;
    Json shown = Json::array();
    if (!ask.json) print_text(one->title + "  (" + one->agent_role + ":" + one->client + ", " + one->id + ")");
    // Page by page; keep.megabytes bounds the total.
    for (std::int64_t after = 0;;) {
        const auto messages = messages_of(store, one->id, after, most_read_messages);
        if (!messages) return ctl::refuse(ask.json, messages.failure().text);
        if (messages.value().empty()) break;
        after = messages.value().back().id;
        for (const AgentMessage& it : messages.value()) ask.json ? shown.push_back(message_json(it)) : print_message(it);
    }
    if (!ask.json) return ctl::exit_ok;
    Json object = conversation_json(*one);
    object["messages"] = std::move(shown);
    ctl::print(object);
    return ctl::exit_ok;
}

int remove_kept(const AgentConfig& config, const KeptAsk& ask) {
    if (ask.all != ask.id.empty()) return ctl::refuse(ask.json, "name one conversation, or use --all", ctl::exit_usage);
    AgentStore store(config.agent_database(), config.keep);
    std::string id;
    if (!ask.all) {
        const auto one = meant_conversation(store, ask);
        if (!one) return ctl::exit_failed;
        id = one->id;
    }
    const auto removed = remove_conversations(store, id);
    if (!removed) return ctl::refuse(ask.json, removed.failure().text);
    if (ask.json) return ctl::print(Json{{"removed", removed.value()}}), ctl::exit_ok;
    std::cout << "removed " << removed.value() << (removed.value() == 1 ? " conversation\n" : " conversations\n");
    return ctl::exit_ok;
}

int print_memory(const Result<std::vector<MemoryEntry>>& found, bool json) {
    if (!found) return ctl::refuse(json, found.failure().text);
    Json list = Json::array();
    std::vector<ctl::Cells> rows{{"id", "kind", "since (UTC)", "importance", "text"}};
    for (const MemoryEntry& it : found.value()) {
        list.push_back(memory_json(it));
        rows.push_back({std::to_string(it.id), it.memory_type + (it.tainted ? ", tainted" : ""), utc_text(it.created_ms),
                        Json(it.importance).dump(), without_hidden(it.content, ' ')});
    }
    if (json) return ctl::print(list), ctl::exit_ok;
    if (rows.size() == 1) std::cout << "nothing is remembered yet\n";
    else ctl::print(ctl::table_lines(rows, ctl::table_width(), ctl::paint_for_output()));
    return ctl::exit_ok;
}

int list_entries(const AgentConfig& config, const KeptAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    return print_memory(list_memory(store, ask.kind, ask.limit), ask.json);
}

int search_entries_of(const AgentConfig& config, const KeptAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    return print_memory(search_memory(store, text_of(ask.words), ask.kind, ask.limit, false, agent_now().wall_ms), ask.json);
}

int add_entry(const AgentConfig& config, const KeptAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    const std::string text = text_of(ask.words);
    const MemoryEntry entry{.agent_role = "owner",
                            .memory_type = ask.kind.empty() ? "fact" : ask.kind,
                            .content = text,
                            .importance = ask.importance};
    if (first_characters(text, most_memory_characters) != text || text.empty())
        return ctl::refuse(ask.json, "the text must have 1 to " + std::to_string(most_memory_characters) + " characters");
    const auto id = remember(store, entry, agent_now().wall_ms);
    if (!id) return ctl::refuse(ask.json, id.failure().text);
    if (ask.json) return ctl::print(Json{{"id", id.value()}}), ctl::exit_ok;
    std::cout << "remembered as " << id.value() << '\n';
    return ctl::exit_ok;
}

int remove_entry(const AgentConfig& config, const KeptAsk& ask) {
    AgentStore store(config.agent_database(), config.keep);
    const auto removed = forget(store, ask.number);
    if (!removed) return ctl::refuse(ask.json, removed.failure().text);
    if (!removed.value()) return ctl::refuse(ask.json, "there is no entry " + std::to_string(ask.number));
    if (ask.json) return ctl::print(Json{{"removed", 1}}), ctl::exit_ok;
    std::cout << "forgotten\n";
    return ctl::exit_ok;
}

using KeptCommand = int (*)(const AgentConfig&, const KeptAsk&);

/// Adds a word below another one, which runs `command`.
CLI::App* leaf(CLI::App* parent, const char* word, const char* about, const std::shared_ptr<KeptAsk>& ask, AgentJob& job,
               KeptCommand command) {
    CLI::App* sub = parent->add_subcommand(word, about)->fallthrough();
    sub->add_flag("--json", ask->json, "as JSON");
    sub->callback([ask, &job, command] { job = [ask, command](const AgentConfig& config) { return command(config, *ask); }; });
    return sub;
}

void add_limit(CLI::App* sub, const std::shared_ptr<KeptAsk>& ask) {
    sub->add_option("--limit", ask->limit, "maximum number of rows")->check(CLI::Range(1, 1000));
}

void add_kind(CLI::App* sub, const std::shared_ptr<KeptAsk>& ask) {
    sub->add_option("--kind", ask->kind, "fact, insight, preference or context")
        ->check(CLI::IsMember({"fact", "insight", "preference", "context"}));
}

}  // namespace

void add_kept_commands(CLI::App& app, AgentJob& job) {
    const auto ask = std::make_shared<KeptAsk>();
    CLI::App* talks =
        app.add_subcommand("conversations", "show past questions and answers")->require_subcommand(1)->fallthrough();
    add_limit(leaf(talks, "list", "list them, latest first", ask, job, list_kept), ask);
    CLI::App* show = leaf(talks, "show", "show the messages of one conversation", ask, job, show_kept);
    show->add_option("id", ask->id, "its id, or the first 8 digits")->required();
    CLI::App* search = leaf(talks, "search", "list conversations with these words", ask, job, list_kept);
    search->add_option("words", ask->words, "words")->required();
    add_limit(search, ask);
    CLI::App* rm = leaf(talks, "rm", "delete one or all for good", ask, job, remove_kept);
    rm->add_option("id", ask->id, "its id, or the first 8 digits");
    rm->add_flag("--all", ask->all, "all of them");
    CLI::App* memory = app.add_subcommand("memory", "show and edit what is remembered")->require_subcommand(1)->fallthrough();
    CLI::App* list = leaf(memory, "list", "list entries, most important first", ask, job, list_entries);
    add_limit(list, ask);
    add_kind(list, ask);
    CLI::App* find = leaf(memory, "search", "search entries", ask, job, search_entries_of);
    find->add_option("words", ask->words, "words")->required();
    add_limit(find, ask);
    add_kind(find, ask);
    CLI::App* add = leaf(memory, "add", "remember a text", ask, job, add_entry);
    add->add_option("text", ask->words, "the text")->required();
    add_kind(add, ask);
    add->add_option("--importance", ask->importance, "0 to 1 (default 1)")->check(CLI::Range(0.0, 1.0));
    leaf(memory, "rm", "forget an entry", ask, job, remove_entry)->add_option("id", ask->number, "its number")->required();
}

}  // namespace volt::agent
