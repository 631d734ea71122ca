#include "daemon/agent/http/ask_routes.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <semaphore>

#include "daemon/agent/ask/ask_stats.hpp"
#include "daemon/agent/tools/kept_json.hpp"
#include "daemon/api/http/answers.hpp"
#include "drivers/store/telemetry/guarded_query.hpp"

namespace volt::agent {

namespace {

using api::HttpAnswer;
using api::HttpRequest;
using Slots = std::counting_semaphore<most_questions_at_once>;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t most_counted = 10'000;
/// Time after the model for a command instead of it, and to send the answer.
constexpr std::chrono::seconds after_model{90};
constexpr const char* snapshot_query =
    "SELECT count(*), strftime('%Y-%m-%dT%H:%M:%SZ', max(timestamp), 'unixepoch') FROM solark_minutes";

std::int64_t wall_clock_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Frees the slot in the destructor.
class Slot {
public:
    explicit Slot(Slots& all) : all_(all), taken_(all.try_acquire()) {}
    ~Slot() {
        if (taken_) all_.release();
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    bool taken() const { return taken_; }

private:
    Slots& all_;
    const bool taken_;
};

HttpAnswer answer_asked(const AskPlace& place, const HttpRequest& request, Slots& slots) {
    constexpr int bad_request = 400, unavailable = 503;
    api::Object body;
    if (auto wrong = api::read_body(request.body, body)) return *wrong;
    if (auto wrong = api::refuse_unknown(body, {"message", "conversation"})) return *wrong;
    if (!body.contains("message") || !body["message"].is_string())
        return api::field_error(bad_request, "message is missing", "message", "a question");
    AskQuestion question{.text = body["message"].get<std::string>(), .client = "http"};
    if (body.contains("conversation") && !body["conversation"].is_null()) {
        if (!body["conversation"].is_string())
            return api::field_error(bad_request, "conversation is wrong", "conversation", "the id of one");
        question.conversation = body["conversation"].get<std::string>();
    }
    const Slot slot(slots);
    if (!slot.taken()) {
        HttpAnswer busy = api::error_answer(unavailable, "other questions are being answered; try again later");
        busy.retry_after = std::chrono::seconds{5};
        return busy;
    }
    const AskAnswer answer = answer_question(place, question);
    return api::ok_answer(answer_json(answer), answer.refusal.empty() ? 200 : bad_request);
}

/// Adds minutes of power readings and the latest one, or null if the database is not on this machine.
void add_snapshots(Json& stats, const std::string& database) {
    stats["snapshots"] = stats["latest_snapshot"] = nullptr;
    if (database.empty()) return;
    const auto found = guarded_query(database, snapshot_query, 1);
    if (!found || found.value().rows.empty()) return;
    const GuardedRow& row = found.value().rows.front();
    if (const auto* count = std::get_if<std::int64_t>(&row.at(0))) stats["snapshots"] = *count;
    if (const auto* at = std::get_if<std::string>(&row.at(1))) stats["latest_snapshot"] = *at;
}

HttpAnswer stats_of(const AskPlace& place) {
    constexpr int unavailable = 503;
    const std::int64_t now = wall_clock_ms();
    const auto conversations = list_conversations(place.store, most_counted);
    if (!conversations) return api::error_answer(unavailable, conversations.failure().text);
    const auto events = count_log_rows(place.store, now - day_ms);
    if (!events) return api::error_answer(unavailable, events.failure().text);
    const auto asked = ask_stats(place.store, now);
    if (!asked) return api::error_answer(unavailable, asked.failure().text);
    Json stats = Json::object();
    add_snapshots(stats, place.site.database());
    stats["conversations"] = conversations.value().size();
    stats["conversations_today"] =
        std::count_if(conversations.value().begin(), conversations.value().end(),
                      [&](const AgentConversation& it) { return it.updated_ms >= now - now % day_ms; });
    stats["events_24h"] = events.value();
    stats["ask"] = asked.value();
    return api::ok_answer(stats);
}

}  // namespace

std::vector<api::Route> ask_routes(const AskPlace& place) {
    const auto slots = std::make_shared<Slots>(most_questions_at_once);
    const std::chrono::seconds model{place.model ? 2 * place.model->timeout_s : 0};
    api::Route question{"POST", "/ask", [place, slots](const HttpRequest& it) { return answer_asked(place, it, *slots); },
                        api::Body::json};
    question.time = model + after_model;
    return {std::move(question),
            {"GET", "/system/stats", [place](const HttpRequest&) { return stats_of(place); }},
            {"GET", "/health", [](const HttpRequest&) {
                 return api::ok_answer({{"status", "ok"}, {"version", VOLT_VERSION}});
             }}};
}

}  // namespace volt::agent
