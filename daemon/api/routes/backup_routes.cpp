#include "daemon/api/routes/backup_routes.hpp"

#include <memory>

#include "daemon/api/backup.hpp"
#include "daemon/api/http/answers.hpp"
#include "daemon/api/settings_file.hpp"
#include "daemon/explain/topics.hpp"
#include "daemon/settings/settings_json.hpp"

namespace volt::api {

namespace {

constexpr std::chrono::seconds retry_after{2};
constexpr Duration copy_limit = 6s;  // below the 10 s of a request
constexpr const char* what_need = "settings, all, state";

HttpAnswer wait_answer(int status, const std::string& text, std::chrono::seconds after) {
    HttpAnswer answer = error_answer(status, text);
    answer.retry_after = after;
    return answer;
}

class BackupHandlers {
public:
    BackupHandlers(const std::string& path, std::function<Time()> now, const std::atomic<bool>& give_up)
        : settings_(path, give_up), maker_(path), now_(std::move(now)) {}

    HttpAnswer begin() {
        const std::string why = maker_.begin(now_());
        if (why.empty()) maker_.wait(copy_limit);
        const BackupMaker::Status status = maker_.status(now_());
        if (why.empty() && status.state == BackupMaker::State::failed) return error_answer(503, status.text);
        if (why.empty()) return ok_answer(shown(status), status.state == BackupMaker::State::making ? 202 : 200);
        if (status.state == BackupMaker::State::making) return wait_answer(409, why, retry_after);
        if (status.wait > Duration{}) return wait_answer(429, why, std::chrono::ceil<std::chrono::seconds>(status.wait));
        return error_answer(409, why);
    }

    HttpAnswer get(const HttpRequest& request) {
        const std::string what = value_of(request, "what");
        if (what == "settings") return all_settings();
        if (what == "state") return ok_answer(shown(maker_.status(now_())));
        if (what == "all") return whole();
        return field_error(400, "what: '" + what + "' is not a known value", "what", what_need);
    }

private:
    static Object shown(const BackupMaker::Status& status) {
        const bool ready = status.state == BackupMaker::State::ready;
        return {{"state", name_of(status.state)},
                {"text", status.text.empty() ? Object(nullptr) : Object(status.text)},
                {"bytes", ready ? Object(status.bytes) : Object(nullptr)},
                {"at", ready ? Object(iso_utc(status.made)) : Object(nullptr)},
                {"next_s", std::chrono::ceil<std::chrono::seconds>(status.wait).count()}};
    }

    HttpAnswer all_settings() {
        const auto seen = settings_.read();
        if (!seen) return {json::http_status(seen.failure().fault), json_text(json::failure(seen.failure()))};
        const SettingsState& rows = *seen.value().rows;
        return ok_answer({{"version", VOLT_VERSION},
                          {"preferences", json::records(rows.rows(SettingsTable::preferences))},
                          {"miners", json::records(rows.rows(SettingsTable::miners))},
                          {"hvac_zones", json::records(rows.rows(SettingsTable::zones))}});
    }

    HttpAnswer whole() {
        const BackupMaker::Status status = maker_.status(now_());
        if (status.state == BackupMaker::State::making) return wait_answer(409, "the copy is being made", retry_after);
        if (status.state == BackupMaker::State::failed) return error_answer(409, "the copy failed: " + status.text);
        if (status.state == BackupMaker::State::none)
            return error_answer(404, "there is no copy yet; POST /api/backup makes one");
        HttpAnswer answer;
        answer.type = "application/vnd.sqlite3";
        answer.download = status.file;
        return answer;
    }

    SettingsFile settings_;
    BackupMaker maker_;
    const std::function<Time()> now_;
};

}  // namespace

std::vector<Route> backup_routes(const std::string& path, std::function<Time()> now, const std::atomic<bool>& give_up) {
    const auto handlers = std::make_shared<BackupHandlers>(path, std::move(now), give_up);
    return {{"POST", "/api/backup", [handlers](const HttpRequest&) { return handlers->begin(); }},
            {"GET", "/api/backup", [handlers](const HttpRequest& it) { return handlers->get(it); }, Body::none, {"what"}}};
}

}  // namespace volt::api
