#include "daemon/ctl/commands/history_source.hpp"

#include <nlohmann/json.hpp>

#include "daemon/config/config.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/explain/history_json.hpp"
#include "daemon/explain/topics.hpp"

namespace volt::ctl {

namespace {

class FromDatabase : public HistorySource {
public:
    FromDatabase(Connection db, const Program& program) : db_(std::move(db)), program_(program) {
        use_zone(db_.text("SELECT timezone FROM user_preferences LIMIT 1").value_or(""));
    }

    std::optional<std::vector<std::string>> series() override { return taken(list_series(db_)); }

    std::optional<History> history(const HistoryQuery& given, Utc now) override {
        HistoryQuery query = given;
        query.sources = sources();
        auto history = read_history(db_, query, now);
        if (history) return std::move(history.value());
        refuse(program_.json, Refusal{history.failure().text, "'voltctl history --list' shows all"});
        return std::nullopt;
    }

    std::optional<std::vector<DecisionRow>> decisions(const DecisionQuery& query) override {
        return taken(read_decisions(db_, query));
    }

private:
    template <class T>
    std::optional<T> taken(Result<T> result) const {
        if (result) return std::move(result.value());
        refuse(program_.json, result.failure().text);
        return std::nullopt;
    }

    /// Which sources make `battery` and `power`: of the configuration where it can be read.
    SeriesSources sources() const {
        const ParsedConfig parsed = load_config(program_.address.config.value_or(default_config));
        return parsed.config ? series_sources(*parsed.config) : SeriesSources{};
    }

    Connection db_;
    const Program& program_;
};

std::string moment_query(const char* key, const std::optional<Utc>& at) {
    return at ? std::string("&") + key + "=" + iso_utc(*at) : "";
}

std::string word_query(const char* key, const std::string& value) {
    return value.empty() ? "" : std::string("&") + key + "=" + encoded_segment(value);
}

class FromVoltd : public HistorySource {
public:
    explicit FromVoltd(ApiAddress address) : address_(std::move(address)) {}

    /// The site's time zone; false: not reached, and complained of.
    bool find_zone() {
        const auto preferences = answer(get(address_, "/api/preferences"));
        if (preferences) use_zone(word(*preferences, "timezone"));
        return preferences.has_value();
    }

    /// A series there is none of is answered with those there are.
    std::optional<std::vector<std::string>> series() override {
        const ApiReply reply = get(address_, "/api/history?series=none");
        if (!reply.known.empty()) return reply.known;
        answer(reply);
        return std::nullopt;
    }

    std::optional<History> history(const HistoryQuery& query, Utc) override {
        const auto object =
            answer(get(address_, "/api/history?series=" + encoded_segment(query.series) + moment_query("from", query.from) +
                                     moment_query("to", query.to) + "&resolution=" + name_of(query.resolution)),
                   query.series);
        return object ? std::optional(history_of(*object)) : std::nullopt;
    }

    std::optional<std::vector<DecisionRow>> decisions(const DecisionQuery& query) override {
        const auto list = answer(get(address_, "/api/decisions?limit=" + std::to_string(query.limit) +
                                                   word_query("load", query.load) + word_query("reason", query.reason) +
                                                   moment_query("from", query.from) + moment_query("to", query.to)),
                                 query.load);
        if (!list) return std::nullopt;
        std::vector<DecisionRow> rows;
        for (const Json& it : *list) rows.push_back(decision_of(it));
        return rows;
    }

private:
    std::optional<Json> answer(const ApiReply& reply, const std::string& asked = {}) {
        Json object = Json::parse(reply.body, nullptr, false);
        if (reply.ok() && object.is_structured()) return object;
        code_ = reply.ok() ? refuse(address_.json, "the answer of " + address_.url + " is not JSON; is it voltd?")
                           : complain(address_, reply, asked);
        return std::nullopt;
    }

    ApiAddress address_;
};

std::unique_ptr<HistorySource> open_database_history(const Program& program, const DatabaseChoice& choice) {
    const auto path = find_database(choice, program.address);
    if (!path) return nullptr;
    Result<Connection> db = open_reader(*path);
    if (db) return std::make_unique<FromDatabase>(std::move(db.value()), program);
    refuse(program.json, db.failure().text);
    return nullptr;
}

}  // namespace

std::unique_ptr<HistorySource> open_history(const Program& program, const DatabaseChoice& choice, int& code) {
    code = exit_failed;
    if (!program.address.url) return open_database_history(program, choice);
    auto source = std::make_unique<FromVoltd>(find_address(program.address));
    if (source->find_zone()) return source;
    code = source->code();
    return nullptr;
}

}  // namespace volt::ctl
