#include "daemon/ctl/talk/voltd.hpp"

#include <atomic>
#include <ctime>
#include <memory>

#include "daemon/api/routes/history_routes.hpp"
#include "daemon/api/routes/settings_routes.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/explain/history_json.hpp"

namespace volt::ctl {

namespace {

constexpr const char* preferences = "/api/preferences";

/// Handlers on a database file.
struct InProcess {
    std::atomic<bool> give_up = false;
    api::Router router;
};

/// Returns the configuration, or nothing if it cannot be read; then nothing is checked against it.
std::optional<Config> readable_config(const AddressOptions& options) {
    return load_config(options.config.value_or(default_config)).config;
}

}  // namespace

std::optional<Json> Voltd::read(const ApiReply& reply, int& code, const std::string& word) const {
    code = reply.ok() ? exit_ok : complain(address_, reply, word);
    if (!reply.ok()) return std::nullopt;
    Json answer = Json::parse(reply.body, nullptr, false);
    if (answer.is_structured()) return answer;
    code = refuse(address_.json, "the answer of " + address_.url + " is not JSON; is it voltd?");
    return std::nullopt;
}

bool Voltd::use_site_zone(int& code) const {
    const ApiReply reply = send({"GET", preferences});
    if (!reply.reached) code = complain(address_, reply);
    if (reply.ok()) use_zone(word(Json::parse(reply.body, nullptr, false), "timezone"));
    return reply.reached;
}

std::int64_t Voltd::now_s() const {
    const ApiReply reply = send({"GET", "/api/status"});
    const auto at = reply.ok() ? seconds_of(word(Json::parse(reply.body, nullptr, false), "at")) : std::nullopt;
    return at.value_or(std::time(nullptr));
}

Voltd voltd_of_file(const std::string& path, const AddressOptions& options) {
    const auto handlers = std::make_shared<InProcess>();
    const auto config = [options] { return readable_config(options); };
    const auto history = [config] {
        const auto known = config();
        return api::HistoryContext{std::nullopt, known ? series_sources(*known) : SeriesSources{}};
    };
    handlers->router.add(api::settings_routes(path, {{}, {}, config}, handlers->give_up));
    handlers->router.add(api::history_routes(path, history, nullptr, handlers->give_up));
    const auto send = [handlers](api::HttpRequest request) {
        request.caller = {api::Role::owner, false, "voltctl " + operator_name()};
        const api::HttpAnswer answer = handlers->router.answer(std::move(request));
        return reply_of(answer.status, answer.body);
    };
    ApiAddress address;
    address.url = path;
    address.json = options.json;
    return {address, send};
}

ApiReply known_series(const Voltd& voltd) {
    return voltd.send({.method = "GET", .path = "/api/history", .query = {{"series", "none"}}});
}

std::optional<Voltd> open_voltd(const Program& program, const DatabaseChoice& choice, int& code) {
    if (program.address.url || !choice.database) {
        const ApiAddress address = find_address(program.address);
        const Voltd running{address, [address](const api::HttpRequest& it) { return send(address, it); }};
        if (program.address.url || running.send({"GET", preferences}).ok()) return running;
    }
    code = exit_failed;
    const auto path = find_database(choice, program.address);
    return path ? std::optional(voltd_of_file(*path, program.address)) : std::nullopt;
}

}  // namespace volt::ctl
