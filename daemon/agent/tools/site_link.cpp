#include "daemon/agent/tools/site_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/views/text.hpp"
#include "daemon/host/clock.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

/// Maximum time for an answer, including retries while voltd is busy.
constexpr std::chrono::seconds longest_ask = ctl::answer_limit + std::chrono::seconds{5};
constexpr const char* no_time_text = "the time ran out";

/// Returns limits for an answer within the remaining time.
ctl::RequestLimits limits_in(const CallTime& time) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(time.deadline - std::chrono::steady_clock::now());
    return {.timeout = std::clamp<std::chrono::milliseconds>(left, std::chrono::milliseconds{1}, ctl::answer_limit),
            .retry = left >= longest_ask};
}

/// Paths whose data is in the database as soon as voltd has it, and those whose data is stored later.
constexpr const char* settings_paths[] = {"/api/preferences", "/api/miners", "/api/hvac/zones", "/api/settings/history"};
constexpr const char* record_paths[] = {"/api/decisions", "/api/events", "/api/runs", "/api/plot", "/api/history"};

template <std::size_t n>
bool is_in(const char* const (&paths)[n], const std::string& path) {
    return std::any_of(std::begin(paths), std::end(paths), [&](const char* it) { return path == it; });
}

SiteReply read_reply(const ctl::ApiReply& reply) {
    if (!reply.reached) return {{}, "cannot reach voltd: " + reply.error};
    if (!reply.ok()) return {{}, reply.error + ctl::choose_from("", reply.known)};
    SiteReply read{Json::parse(reply.body, nullptr, false), ""};
    if (!read.body.is_structured()) read.error = "the answer is not voltd's";
    return read;
}

/// Returns `+02:00` for seconds.
std::string offset_text(std::int64_t offset_s) {
    const std::int64_t minutes = std::abs(offset_s) / 60;
    return fmt::format("{}{:02}:{:02}", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::int64_t now_s() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

std::string local_with_offset(std::int64_t at_s, const std::string& zone) {
    const auto clock = ZoneClock::load(zone);
    if (!clock) return iso_time(at_s) + "Z";
    const LocalTime local = clock->local(Utc{std::chrono::seconds{at_s}});
    const std::int64_t wall_s = std::int64_t{86'400} * local.day + local.second_of_day;
    return iso_time(wall_s) + offset_text(wall_s - at_s);
}

}  // namespace

/// Reads settings from the database, which costs voltd nothing. Reads records from voltd, which has the newest, else from the
/// database.
ctl::ApiReply SiteLink::reply_to(const api::HttpRequest& request, const CallTime& time) const {
    const ctl::RequestLimits limits = limits_in(time);
    if (file_ && is_in(settings_paths, request.path))
        if (ctl::ApiReply kept = file_(request, limits); kept.ok()) return kept;
    ctl::ApiReply reply = voltd_(request, limits);
    return !reply.reached && file_ && is_in(record_paths, request.path) ? file_(request, limits) : reply;
}

SiteReply SiteLink::get(const std::string& path, const Query& query, const CallTime& time) const {
    if (time.is_over()) return {{}, no_time_text};
    return read_reply(reply_to({.method = "GET", .path = path, .query = query}, time));
}

std::vector<std::string> SiteLink::known_series(const CallTime& time) const {
    if (time.is_over()) return {};
    return ctl::known_series(ctl::Voltd({}, [&](const api::HttpRequest& request) { return reply_to(request, time); })).known;
}

SiteReply SiteLink::what_if(const Json& question, const CallTime& time) const {
    if (time.is_over()) return {{}, no_time_text};
    return read_reply(voltd_({.method = "POST", .path = "/api/whatif", .body = json_text(question)}, limits_in(time)));
}

ctl::ApiReply SiteLink::try_out(api::HttpRequest request, const CallTime& time) const {
    ctl::ApiReply none;
    none.error = no_time_text;
    if (time.is_over()) return none;
    if (request.method != "GET") request.query["dry_run"] = "1";
    return voltd_(request, limits_in(time));
}

SiteReply SiteLink::known_loads(const CallTime& time) const {
    const SiteReply miners = get("/api/miners", {}, time), zones = get("/api/hvac/zones", {}, time);
    if (!miners.error.empty()) return miners;
    if (!zones.error.empty()) return zones;
    SiteReply known{Json::object(), ""};
    for (const Json& miner : miners.body) known.body[ctl::word(miner, "slug")] = {{"name", ctl::word(miner, "name")}};
    for (const Json& zone : zones.body)
        for (const auto& [part, what] : {std::pair("fan", " fan"), std::pair("heat", " heater")})
            known.body[ctl::word(zone, "slug") + "/" + part] = {{"name", ctl::word(zone, "zone_name") + what}};
    known.body["charge"] = {{"name", "Battery charging"}};
    return known;
}

SiteLink::Loads SiteLink::loads_for(const std::string& word, const CallTime& time) const {
    const SiteReply known = known_loads(time);
    if (!known.error.empty()) return {{}, known.error};
    Loads loads{ctl::loads_for(word, known.body, Json::array()), ""};
    std::vector<std::string> names;
    for (const auto& [slug, load] : known.body.items()) names.push_back(slug);
    if (loads.slugs.empty()) loads.error = "there is no load '" + word + "'" + ctl::choose_from(word, names);
    return loads;
}

void SiteLink::stamp(Json& answer, const CallTime& time) const {
    const std::int64_t now = now_s();
    const SiteReply preferences = get("/api/preferences", {}, time);
    Json stamped{{"at", iso_time(now) + "Z"}, {"local", local_with_offset(now, ctl::word(preferences.body, "timezone"))}};
    stamped.update(answer);
    answer = std::move(stamped);
}

std::optional<std::int64_t> parse_iso_offset(const std::string& text) {
    if (text.ends_with('Z')) return parse_iso_utc(text);
    const std::size_t sign = text.find_last_of("+-");
    if (sign == std::string::npos || sign < std::string_view("2025-06-21T").size() || text.size() - sign != 6)
        return std::nullopt;
    const auto at = parse_iso_utc(text.substr(0, sign) + "Z");
    const auto offset = parse_iso_utc("1970-01-01T" + text.substr(sign + 1) + ":00Z");
    if (!at || !offset) return std::nullopt;
    return text[sign] == '+' ? *at - *offset : *at + *offset;
}

}  // namespace volt::agent
