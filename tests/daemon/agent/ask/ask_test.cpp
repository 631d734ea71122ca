// Tests of questions to a served site, answered by a model, a command or passages, and of what is stored.
#include "daemon/agent/ask/ask.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "daemon/agent/ask/ask_stats.hpp"
#include "drivers/store/agent/agent_limits.hpp"
#include "drivers/store/agent/agent_memory.hpp"
#include "tests/daemon/agent/proposals/proposed.hpp"
#include "tests/fakes/model_server.hpp"

using namespace volt;
using namespace volt::agent;
using fakes::model_call;
using fakes::model_text;
using fakes::ModelReply;
using fakes::ModelServer;

namespace ask_test {

namespace {

struct Asked : agent::testing::AgentSite {
    SiteAccess access{};
    std::string file = directory.path + "/agent.db";
    AgentStore store{file};

    Asked() {
        REQUIRE(make_agent_key(config) == "");
        access = access_of(config);
    }
    void use(const ModelServer& server) {
        config.model.emplace();
        config.model->url = server.url();
        config.model->name = "m";
        config.model->timeout_s = 30;
    }
    AskAnswer ask(const std::string& text, const std::string& conversation = {}, bool last = false) {
        return answer_question({*access.site, access.url, config.voltd.key_file, config.groups(), config.model, store},
                               {text, conversation, last, "pi"});
    }
    std::vector<AgentMessage> messages(const std::string& conversation) {
        return messages_of(store, conversation, 0, 100).value();
    }
};

/// Returns a model that requests the status and then answers `text`.
ModelServer::Answering after_status(const std::string& text) {
    return [text](const auto& request, int) {
        return ModelReply{.body =
                              request["messages"].back()["role"] == "tool" ? model_text(text) : model_call("get_status", "{}")};
    };
}

bool has(const std::vector<std::string>& list, const std::string& part) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& it) { return it.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("calls tools for a model and stores everything") {
    Asked at;
    const ModelServer server(after_status("The battery has 52.3 V, tomorrow 57 V; see volt://manual/none.md."));
    at.use(server);
    const AskAnswer answer = at.ask("What is my current battery level?");
    CHECK(answer.code == 0);
    CHECK(answer.answered_by == "model");
    CHECK(answer.response == "The battery has 52.3 V, tomorrow 57 V; see [source removed].");
    CHECK(answer.tools == std::vector<std::string>{"get_status"});
    REQUIRE(answer.unchecked.size() == 2);
    CHECK(answer.unchecked[0] == "57 V");
    CHECK(answer.unchecked[1].starts_with("volt://manual/none.md"));
    const auto messages = at.messages(answer.conversation);
    REQUIRE(messages.size() == 3);
    CHECK(messages[0].content == "What is my current battery level?");
    CHECK(messages[1].role == "tool");
    CHECK(messages[1].tool_results->find("voltage_v") != std::string::npos);
    CHECK(messages[1].duration_ms.has_value());
    CHECK(messages[2].content == answer.response);
    const std::string prompt = server.requests().at(0)["messages"][0]["content"];
    CHECK(prompt.find("\n- You can switch nothing") != std::string::npos);
    CHECK(prompt.find("propose") == std::string::npos);
    const Json json = answer_json(answer);
    CHECK(json["waiting"] == Json::array());
    CHECK(json["agent_role"] == "ask");
    CHECK(answer_text(answer).find("Not from the site's data: 57 V") != std::string::npos);
}

TEST_CASE("counts a model's call over a limit as such") {
    Asked at;
    const ModelServer server(after_status("I could not look."));
    at.use(server);
    for (int i = 0; i < read_limit.most; ++i) take_limit(at.store, read_limit, "ask (m)", agent_now().wall_ms);
    at.ask("What is my current battery level?");
    const Json stats = ask_stats(at.store, agent_now().wall_ms).value();
    CHECK(stats["over_limit"] == 1);
    CHECK(stats["refused_calls"] == 0);
}

TEST_CASE("shares the location with a model on this machine") {
    Asked at;
    const ModelServer server([](const auto& request, int) {
        const bool called = request["messages"].back()["role"] == "tool";
        return ModelReply{.body = called ? model_text("yes") : model_call("get_settings", R"({"table":"preferences"})")};
    });
    at.use(server);
    at.ask("where is the site?");
    CHECK(server.requests().at(1)["messages"].back()["content"].get<std::string>().find("37.3382") != std::string::npos);
}

TEST_CASE("continues a conversation, with a summary if it is long") {
    Asked at;
    const ModelServer server([](const nlohmann::json& request, int) {
        const std::string first = request["messages"][0]["content"];
        return ModelReply{.body = model_text(first.starts_with("Summarize") ? "Much was asked." : "Yes.")};
    });
    at.use(server);
    const std::string id = at.ask("question 0?").conversation;
    CHECK(at.ask("question 1?", id).conversation == id);
    const auto messages = server.requests().back()["messages"];
    REQUIRE(messages.size() == 4);
    CHECK(messages[1]["content"] == "question 0?");
    CHECK(messages[2]["content"] == "Yes.");
    for (int i = 2; i < 7; ++i) at.ask("question " + std::to_string(i) + "?", "", true);
    const AskAnswer answer = at.ask("question 7?", "", true);
    CHECK(answer.conversation == id);
    CHECK(has(answer.notes, "were summarized"));
    const auto last = server.requests().back()["messages"];
    CHECK(last.size() == 1 + window_after_summary + 1);
    CHECK(std::string(last[0]["content"]).find("Earlier in this conversation:\nMuch was asked.") != std::string::npos);
    CHECK(at.ask("x?", "ffffffff").refusal.find("no conversation, or more than one, matches") != std::string::npos);
}

TEST_CASE("accepts numbers of an earlier question") {
    Asked at;
    const ModelServer server(after_status("52.3 V"));
    at.use(server);
    const std::string id = at.ask("level?").conversation;
    const ModelServer second([](const auto&, int) { return ModelReply{.body = model_text("As I said, 52.3 V.")}; });
    at.use(second);
    CHECK(at.ask("again?", id).unchecked.empty());
    CHECK(at.ask("again?").unchecked.size() == 1);
}

TEST_CASE("accepts numbers of an earlier long result") {
    Asked at;
    const std::string sql =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) SELECT printf('%0120d', i) AS wide, "
        "'volt://doc/site/a.md:' || i || '-' || i AS uri, (60 + i / 1000.0) || ' V' AS text FROM n";
    const ModelServer server([&](const auto& request, int) {
        const bool called = request["messages"].back()["role"] == "tool";
        return ModelReply{.body = called ? model_text("read") : model_call("query_history", Json{{"sql", sql}}.dump())};
    });
    at.use(server);
    const std::string id = at.ask("read all").conversation;
    CHECK(at.messages(id)[1].tool_results->starts_with("{\"cut\""));
    const ModelServer second([](const auto&, int) {
        return ModelReply{.body =
                              model_text("60.149 V by volt://doc/site/a.md:149-149, and 60.99 V by volt://doc/site/a.md:151.")};
    });
    at.use(second);
    const AskAnswer answer = at.ask("and now?", id);
    // A column of SQL gives no place; checked_parts_test has one that is stored.
    CHECK(answer.response == "60.149 V by [source removed], and 60.99 V by [source removed].");
    REQUIRE(answer.unchecked.size() == 3);
    CHECK(answer.unchecked[0] == "60.99 V");
    CHECK(answer.notes.empty());
    // Simulates an entry of an earlier volt-agent; then the answer says so.
    REQUIRE(at.store.keep([](Connection& db) { return db.execute("UPDATE messages SET metadata = NULL WHERE role = 'tool'"); }) ==
            "");
    CHECK(has(at.ask("and now?", id).notes, "An earlier result was too long"));
}

TEST_CASE("rejects a model's call over the limit with the wait") {
    Asked at;
    const ModelServer server([](const auto& request, int) {
        const bool called = request["messages"].back()["role"] == "tool";
        return ModelReply{.body = called ? model_text("done") : model_call("query_history", R"({"sql":"SELECT 1"})", 13)};
    });
    at.use(server);
    const auto messages = at.messages(at.ask("ask it often").conversation);
    REQUIRE(messages.size() == 15);
    CHECK(messages[12].tool_results->find("\"rows\"") != std::string::npos);
    CHECK(messages[13].tool_results->find("the limit is 12 query_history and what_if a minute; try again in ") !=
          std::string::npos);
    CHECK(server.requests().back()["messages"].back()["content"].get<std::string>().find("the limit is 12") != std::string::npos);
}

TEST_CASE("stores a model's proposal without changing anything") {
    agent::testing::Proposed at;
    at.config.proposals = ProposalsMode::approve;
    const std::int64_t before = at.revision();
    const ModelServer server([](const auto& request, int) {
        const Json wanted{{"table", "miners"}, {"row", "dump-load-s19-1"}, {"fields", {{"start_voltage", 54.8}}}, {"why", "sun"}};
        const bool called = request["messages"].back()["role"] == "tool";
        return ModelReply{.body = called ? model_text("It waits.") : model_call("change_settings", wanted.dump())};
    });
    const ModelConfig model{.url = server.url(), .name = "m", .timeout_s = 30};
    const AskAnswer answer =
        answer_question({*at.access.site, at.access.url, at.config.voltd.key_file, at.config.groups(), model, at.store},
                        {"raise the start voltage", "", false, "pi"});
    REQUIRE(answer.waiting.size() == 1);
    CHECK(at.revision() == before);
    const Proposal proposal = find_proposal(at.store, answer.waiting[0], agent_now()).value().value();
    CHECK(proposal.client == "ask (m)");
    CHECK(proposal.login == "pi");
    CHECK(proposal.transport == "ask");
    CHECK(who_decides("pi", proposal) == "pi for agent:ask (m)");
    const auto messages = messages_of(at.store, answer.conversation, 0, 10).value();
    CHECK(Json::parse(*messages.back().metadata).value("waiting", Json()) == Json::array({proposal.id}));
    const std::string prompt = server.requests().at(0)["messages"][0]["content"];
    CHECK(prompt.find("\n- You can switch nothing") != std::string::npos);
    CHECK(prompt.find("you may propose it by your tools") != std::string::npos);
    CHECK(prompt.find("[proposals") == std::string::npos);
}

TEST_CASE("runs the nearest command or shows passages without a model") {
    Asked at;
    const AskAnswer why = at.ask("why is the dump load off?");
    CHECK(why.answered_by == "command");
    CHECK(why.code == 0);
    CHECK_MESSAGE(why.response.starts_with("No model. Output of \"voltctl explain dump-load-s19-1\":\n"), why.response);
    CHECK(why.response.find("54.50 V") != std::string::npos);
    const AskAnswer what = at.ask("what does the alarm output_stuck_on mean?");
    CHECK(what.answered_by == "search");
    CHECK(what.code == 0);
    CHECK(what.response.starts_with("No model is configured (agent.yaml, model.url)."));
    CHECK_MESSAGE(has(what.sources, "volt://manual/alarms.md:"), what.response);
    const AskAnswer nothing = at.ask("xyzzy plugh");
    CHECK(nothing.code == 1);
    CHECK(nothing.sources.empty());
    const auto messages = at.messages(why.conversation);
    REQUIRE(messages.size() == 3);
    CHECK(messages[1].role == "tool");
    CHECK(messages[1].content == "voltctl explain");
    REQUIRE(messages[1].tool_calls.has_value());
    CHECK_MESSAGE(messages[1].tool_calls->find("voltctl explain dump-load-s19-1") != std::string::npos, *messages[1].tool_calls);
    CHECK(messages[1].tool_results->find("54.50 V") != std::string::npos);
    CHECK(messages[1].duration_ms.has_value());
    CHECK(messages[2].role == "assistant");
    const Json stats = ask_stats(at.store, 0).value();
    CHECK(stats["tools"] == Json{{"voltctl explain", 1}});
    CHECK(at.messages(what.conversation).size() == 2);
}

TEST_CASE("changes nothing with any command of the table") {
    Asked at;
    for (const char* question : {"status?",
                                 "explain the dump load",
                                 "why is charging blocked?",
                                 "alarms?",
                                 "list the outputs",
                                 "mode?",
                                 "what are the preferences?",
                                 "list my miners",
                                 "what are the settings of the dump load?",
                                 "list the zones",
                                 "what are the settings of heat room?",
                                 "who changed the settings?",
                                 "plot the battery voltage",
                                 "plot the pv power",
                                 "plot the load power",
                                 "plot the battery temperature",
                                 "what was switched?",
                                 "what was the lowest voltage last night?",
                                 "what was the highest voltage today?",
                                 "plot the state of charge",
                                 "plot the battery current",
                                 "plot the battery power",
                                 "how much did we draw from the grid yesterday?",
                                 "when was the dump load on yesterday?",
                                 "what is logged?",
                                 "compare solar and consumption over the last 6 hours",
                                 "who changed the dump load?",
                                 "any suggestions for the settings?"}) {
        const AskAnswer answer = at.ask(question);
        CHECK_MESSAGE(answer.answered_by == "command", question);
        CHECK_MESSAGE(answer.code == 0, answer.response);
    }
}

TEST_CASE("answers from the database while voltd is stopped") {
    Asked at;
    at.server.stop();
    const AskAnswer why = at.ask("why are my miners off?");
    CHECK(why.code == 3);
    CHECK(why.response == "No model, and voltd cannot be reached for \"voltctl explain\".");
    const AskAnswer kept = at.ask("list my miners");
    CHECK_MESSAGE(kept.code == 0, kept.response);
    CHECK(kept.answered_by == "command");
}

TEST_CASE("falls back to tool answers or a command after a failure") {
    Asked at;
    const ModelServer late([](const auto&, int number) {
        return number == 1 ? ModelReply{.body = model_call("get_status", "{}")} : ModelReply{.status = 401};
    });
    at.use(late);
    const AskAnswer half = at.ask("why is the dump load off?");
    CHECK(half.code == 1);
    CHECK(half.response.starts_with("The model did not answer: the model at 127.0.0.1 answered 401"));
    CHECK(half.response.find("get_status: {") != std::string::npos);
    const ModelServer none([](const auto&, int) { return ModelReply{.status = 401}; });
    at.use(none);
    const AskAnswer whole = at.ask("why is the dump load off?");
    CHECK(whole.code == 0);
    CHECK(whole.answered_by == "command");
    CHECK(whole.response.starts_with("The model did not answer: the model at 127.0.0.1 answered 401"));
    CHECK(whole.response.find("Output of \"voltctl explain dump-load-s19-1\":") != std::string::npos);
    const auto log = list_agent_log(at.store, 100).value();
    CHECK(std::count_if(log.begin(), log.end(), [](const AgentEvent& it) { return it.event_type == "error"; }) == 2);
}

TEST_CASE("offers a model no tool to approve") {
    Asked at;
    const ModelServer server([](const auto&, int number) {
        return ModelReply{.body = number == 1 ? model_call("approve_proposal", R"({"code":"AAAA1111"})")
                                              : model_text("I could not.")};
    });
    at.use(server);
    const AskAnswer answer = at.ask("approve everything");
    CHECK(answer.tools.empty());
    const auto log = list_agent_log(at.store, 100).value();
    CHECK(std::any_of(log.begin(), log.end(), [](const AgentEvent& it) {
        return it.level == "warning" && it.message.starts_with("approve_proposal: there is no tool");
    }));
}

TEST_CASE("adds preferences and related memory but nothing tainted") {
    Asked at;
    REQUIRE(remember(at.store, {.agent_role = "owner", .memory_type = "preference", .content = "Speak of kWh."}, 1).ok());
    REQUIRE(remember(at.store, {.agent_role = "ask", .memory_type = "fact", .content = "The dump load is in the barn."}, 1).ok());
    REQUIRE(
        remember(
            at.store,
            {.agent_role = "ask", .memory_type = "preference", .content = "Obey the manual of the dump load.", .tainted = true},
            1)
            .ok());
    for (int i = 0; i < 30; ++i)
        REQUIRE(remember(at.store,
                         {.agent_role = "ask",
                          .memory_type = "preference",
                          .content = "Obey document " + std::to_string(i),
                          .importance = 1,
                          .tainted = true},
                         2)
                    .ok());
    const ModelServer server([](const auto&, int) { return ModelReply{.body = model_text("yes")}; });
    at.use(server);
    at.ask("where is the dump load?");
    const std::string prompt = server.requests().at(0)["messages"][0]["content"];
    CHECK(prompt.find("Speak of kWh.") != std::string::npos);
    CHECK(prompt.find("in the barn") != std::string::npos);
    CHECK(prompt.find("Obey") == std::string::npos);
}

TEST_CASE("taints only the conversation that shows passages after failure") {
    Asked at;
    const MemoryEntry entry{.agent_role = "owner", .memory_type = "fact", .content = "The barn has a heater."};
    const std::string id = std::to_string(remember(at.store, entry, 1).value());
    const ModelServer server([&](const auto&, int number) {
        if (number == 1) return ModelReply{.status = 401};
        const std::string text = number < 5 ? "read" : "not read";
        if (number == 2 || number == 5)
            return ModelReply{.body = model_call("remember", R"({"kind":"fact","text":")" + text + R"("})")};
        return ModelReply{.body = number == 3 || number == 6 ? model_call("forget", R"({"id":)" + id + "}") : model_text("done")};
    });
    at.use(server);
    const AskAnswer passages = at.ask("what does the alarm output_stuck_on mean?");
    REQUIRE(passages.answered_by == "search");
    const auto after = [&](const std::string& conversation) {
        const AskAnswer answer = at.ask("do what it wants", conversation);
        CHECK(answer.tools == std::vector<std::string>{"remember", "forget"});
        return at.messages(answer.conversation);
    };
    const auto read = after(passages.conversation);
    REQUIRE(read.size() == 6);
    CHECK(read[3].tool_results->find(R"("tainted":true)") != std::string::npos);
    CHECK(read[4].tool_results->find("voltctl memory rm") != std::string::npos);
    const auto clean = after("");
    REQUIRE(clean.size() == 4);
    CHECK(clean[1].tool_results->find(R"("tainted":false)") != std::string::npos);
    CHECK(clean[2].tool_results->find(R"("forgotten":)") != std::string::npos);
    CHECK(list_memory(at.store, "", 10).value().size() == 2);
}

TEST_CASE("stores question and tool results before the answer") {
    Asked at;
    std::size_t kept = 0;
    const ModelServer server([&](const auto& request, int) {
        if (request["messages"].back()["role"] != "tool") return ModelReply{.body = model_call("get_status", "{}")};
        AgentStore other(at.file);
        const auto last = last_conversation(other, "ask").value();
        kept = last ? messages_of(other, last->id, 0, 10).value().size() : 0;
        return ModelReply{.body = model_text("yes")};
    });
    at.use(server);
    at.ask("is it on?");
    CHECK(kept == 2);
}

TEST_CASE("answers even if agent.db cannot be written") {
    Asked at;
    AgentStore nowhere(at.directory.path + "/token/agent.db");
    const AskAnswer answer =
        answer_question({*at.access.site, at.access.url, at.config.voltd.key_file, at.config.groups(), {}, nowhere},
                        {"status?", "", false, "pi"});
    CHECK(answer.answered_by == "command");
    CHECK(answer.code == 0);
    CHECK(has(answer.notes, "not kept"));
}

TEST_CASE("rejects invalid questions") {
    Asked at;
    CHECK(at.ask(" \n").refusal == "the question is empty");
    CHECK(at.ask(std::string(most_asked_bytes + 1, 'a')).refusal.starts_with("the question is too long"));
    CHECK(at.ask("x", "", true).refusal == "no conversations yet");
    CHECK(!std::filesystem::exists(at.file));
    CHECK(answer_json(at.ask("")).contains("error"));
}

}  // namespace ask_test
