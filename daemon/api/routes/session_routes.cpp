#include "daemon/api/routes/session_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "daemon/api/access/guard.hpp"
#include "daemon/api/access/listening.hpp"
#include "daemon/api/access/qr.hpp"
#include "daemon/api/http/answers.hpp"
#include "daemon/explain/phrase.hpp"
#include "daemon/web/files.hpp"
#include "drivers/hidden.hpp"
#include "drivers/host_address.hpp"
#include "drivers/source.hpp"

namespace volt::api {

namespace {

constexpr std::size_t most_name = 64, most_sign_in_bytes = 1024;
constexpr std::int64_t shortest_days = 1;
/// Minimum pause between event rows, so that an attack does not fill the events table.
constexpr Duration attack_log_pause = 1h;

constexpr const char* wrong_code = "this code is wrong, used or expired; make a new one with `voltctl login`";
constexpr const char* ended_session = "this session has ended: sign in again";
constexpr const char* not_stored =
    "the database cannot be written right now (retrying); a restart of voltd before that loses "
    "this change";

/// Reads a text of the body, without hidden characters. `need` describes the expected value. If missing, `into` is unchanged.
std::optional<HttpAnswer> read_text(const Object& body, const char* key, std::string& into, const char* need) {
    const auto given = body.find(key);
    if (given == body.end()) return std::nullopt;
    if (given->is_string()) into = given->get<std::string>();
    if (given->is_string() && !into.empty() && into.size() <= most_name && !has_hidden(into)) return std::nullopt;
    return field_error(400, std::string(key) + ": not a valid text", key, need);
}

std::optional<HttpAnswer> read_name(const Object& body, std::string& name) {
    return read_text(body, "name", name, "1 to 64 bytes without control or invisible characters");
}

std::optional<HttpAnswer> read_role(const Object& body, Role& role, bool key) {
    const char* need = key ? "view, propose, operate" : "view, operate";
    const auto given = body.find("role");
    if (given == body.end()) return std::nullopt;
    for (const Role known : {Role::view, Role::propose, Role::operate})
        if ((key || known != Role::propose) && *given == name_of(known)) {
            role = known;
            return std::nullopt;
        }
    return field_error(400, "role: " + json_text(*given) + " is not a known value", "role", need);
}

std::optional<HttpAnswer> read_days(const Object& body, int& days) {
    const auto given = body.find("days");
    if (given == body.end()) return std::nullopt;
    const std::int64_t number = given->is_number_unsigned() ? given->get<std::int64_t>() : 0;
    if (number < shortest_days || number > Sessions::most_days)
        return field_error(400, "days: " + json_text(*given) + " is out of range", "days", "a whole number from 1 to 400");
    days = static_cast<int>(number);
    return std::nullopt;
}

std::string cookie_of(const std::string& secret, std::int64_t seconds, bool https) {
    return fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}{}", session_cookie, secret, seconds,
                       https ? "; Secure" : "");
}

void add_stored(Object& answer, bool stored) {
    answer["stored"] = stored;
    if (!stored) answer["warning"] = not_stored;
}

bool is_browser(const Caller& caller) { return !caller.session.empty() && !caller.by_key; }

/// State that the handlers share. It lives as long as their rows.
class SessionHandlers {
public:
    SessionHandlers(Sessions& sessions, Access& access) : sessions_(sessions), access_(access) {}

    HttpAnswer who_am_i(const HttpRequest& request) {
        const Caller& caller = request.caller;
        const PageFacts facts = access_.page_facts();
        Object answer{{"role", caller.role == Role::none ? Object(nullptr) : Object(name_of(caller.role))},
                      {"name", nullptr},
                      {"expires", nullptr},
                      {"view_open", facts.view_open},
                      {"site", facts.site},
                      {"version", VOLT_VERSION},
                      {"ui", web::hash()}};
        for (const SessionRow& row : sessions_.list(wall_now()))
            if (row.id == caller.session) {
                answer["name"] = row.name;
                answer["expires"] = second_of(row.expires);
            }
        return ok_answer(answer);
    }

    HttpAnswer sign_in(const HttpRequest& request) {
        Object body;
        std::string code, name;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        if (auto wrong = refuse_unknown(body, {"code", "name"})) return *wrong;
        if (!body.contains("code")) return field_error(400, "missing: code", "code", "the code that voltctl login prints");
        if (auto wrong = read_text(body, "code", code, "the code that voltctl login prints")) return *wrong;
        if (auto wrong = read_name(body, name)) return *wrong;
        const auto redeemed = codes_.redeem(code, request.client, monotonic_now());
        if (redeemed.now_closed) log_attack(request);
        if (redeemed.closed_for > Duration{}) {
            HttpAnswer answer = error_answer(429, "too many wrong codes; wait " + phrase(LoginCodes::try_window));
            answer.retry_after = std::chrono::ceil<std::chrono::seconds>(redeemed.closed_for);
            return answer;
        }
        if (!redeemed.grant) {
            access_.refusals().note(RefusalKind::code, request.client);
            return error_answer(401, wrong_code);
        }
        return enter(*redeemed.grant, name, request);
    }

    HttpAnswer sign_out(const HttpRequest& request) {
        if (is_browser(request.caller)) {
            sessions_.remove(request.caller.session, wall_now());
            sessions_.log("info", fmt::format("Signed out: {} from {}", request.caller.who, request.client), wall_now());
        }
        HttpAnswer answer{204, ""};
        answer.cookie = cookie_of("", 0, request.https);
        return answer;
    }

    HttpAnswer list(const HttpRequest& request) {
        const Utc now = wall_now();
        const std::vector<UserRow> users = sessions_.users(now);
        Object all = Object::array();
        for (const SessionRow& row : sessions_.list(now)) {
            const auto user = std::find_if(users.begin(), users.end(), [&](const UserRow& it) { return it.id == row.user_id; });
            all.push_back({{"id", row.id},
                           {"kind", row.kind},
                           {"name", row.name},
                           {"role", row.role},
                           {"user", user == users.end() ? Object(nullptr) : Object(user->email)},
                           {"created", second_of(row.created)},
                           {"last_seen", row.last_seen_on},
                           {"expires", second_of(row.expires)},
                           {"own", row.id == request.caller.session}});
        }
        return ok_answer(all);
    }

    HttpAnswer remove(const HttpRequest& request) {
        if (!sessions_.remove(request.argument, wall_now())) return error_answer(404, "no such session or key");
        sessions_.log("info", fmt::format("Session or key removed by {}", request.caller.who), wall_now());
        return {204, ""};
    }

    HttpAnswer make_code(const HttpRequest& request) {
        Object body;
        CodeGrant grant{.days = Sessions::most_days};
        std::string email;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        if (auto wrong = refuse_unknown(body, {"role", "days", "name", "user"})) return *wrong;
        if (auto wrong = read_days(body, grant.days)) return *wrong;
        if (auto wrong = read_name(body, grant.name)) return *wrong;
        if (body.contains("user") && body["user"].is_string()) email = body["user"].get<std::string>();
        const auto user = user_for(request.caller, email);
        if (!user)
            return field_error(404, "no such user" + (email.empty() ? "" : ": " + email), "user", "see voltctl users list");
        // A browser may do this only for its own user.
        if (is_browser(request.caller) && user->id != request.caller.user)
            return error_answer(403, "a code for another user must be made by the owner: voltctl login --user");
        grant.user_id = user->id;
        grant.role = user->role == "admin" ? Role::operate : Role::view;
        if (auto wrong = read_role(body, grant.role, false)) return *wrong;
        if (grant.role == Role::operate && user->role != "admin")
            return field_error(400, "role: this user may only view", "role", "view");
        if (grant.name.empty()) grant.name = "Browser";
        if (is_browser(request.caller)) grant.maker = request.caller.session;
        const Utc now = wall_now();
        const auto latest = latest_for(grant.maker, now);
        if (!latest) return error_answer(401, ended_session);
        if (*latest - now < grant.days * 24h)
            grant.days = static_cast<int>(std::chrono::ceil<std::chrono::days>(*latest - now).count());
        const auto code = codes_.make(grant, monotonic_now());
        if (!code) return error_answer(503, "the system provides no random numbers for a code");
        const std::string url = page_of(request) + "/#" + *code;
        const auto qr = make_qr(url);
        return ok_answer({{"code", *code},
                          {"url", url},
                          {"svg", qr ? Object(svg_of(*qr)) : Object(nullptr)},
                          {"user", user->email},
                          {"role", name_of(grant.role)},
                          {"days", grant.days},
                          {"expires", second_of(now + LoginCodes::lifetime)}});
    }

    HttpAnswer make_key(const HttpRequest& request) {
        Object body;
        Role role = Role::view;
        std::string name, why;
        int days = Sessions::most_days;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        if (auto wrong = refuse_unknown(body, {"name", "role", "days"})) return *wrong;
        if (!body.contains("name")) return field_error(400, "missing: name", "name", "the program that uses this key");
        if (auto wrong = read_name(body, name)) return *wrong;
        if (auto wrong = read_role(body, role, true)) return *wrong;
        if (auto wrong = read_days(body, days)) return *wrong;
        const Utc now = wall_now();
        const auto latest = latest_for(is_browser(request.caller) ? request.caller.session : "", now);
        if (!latest) return error_answer(401, ended_session);
        const auto made = sessions_.add_key(role, name, days, now, why, *latest);
        if (!made) return field_error(409, why, "name", "");
        sessions_.log("info", fmt::format("Key {} ({}) made by {}", name, name_of(role), request.caller.who), now);
        Object answer{{"id", made->row.id},
                      {"key", made->secret},
                      {"name", name},
                      {"role", name_of(role)},
                      {"expires", second_of(made->row.expires)}};
        add_stored(answer, made->stored);
        return ok_answer(answer, 201);
    }

    HttpAnswer list_users() {
        Object all = Object::array();
        for (const UserRow& user : sessions_.users(wall_now())) all.push_back(user_json(user));
        return ok_answer(all);
    }

    HttpAnswer add_user(const HttpRequest& request) {
        Object body;
        if (auto wrong = read_body(request.body, body)) return *wrong;
        if (auto wrong = refuse_unknown(body, {"email", "role"})) return *wrong;
        const std::string email = body.value("email", Object()).is_string() ? body["email"].get<std::string>() : "";
        const Object role = body.value("role", Object("user"));
        if (role != "user" && role != "admin")
            return field_error(400, "role: " + json_text(role) + " is not a known value", "role", "user, admin");
        if (email.empty() || has_hidden(email)) return field_error(400, "missing: email", "email", "name@host.domain");
        if (user_named(email)) return field_error(409, "this user already exists", "email", "");
        if (const std::string why = sessions_.add_user(email, role.get<std::string>()); !why.empty())
            return field_error(400, why, "email", "name@host.domain");
        const auto user = user_named(email);
        return user ? ok_answer(user_json(*user), 201) : error_answer(503, not_stored);
    }

    HttpAnswer remove_user(const HttpRequest& request) {
        const auto user = user_named(request.argument);
        if (!user) return field_error(404, "no such user: " + request.argument, "email", "see voltctl users list");
        if (const std::string why = sessions_.remove_user(user->id); !why.empty()) return error_answer(409, why);
        return {204, ""};
    }

private:
    static Object user_json(const UserRow& user) {
        return {{"id", user.id},
                {"email", user.email},
                {"role", user.role},
                {"created", user.created_at},
                {"last_login", user.last_login.empty() ? Object(nullptr) : Object(user.last_login)}};
    }

    std::string page_of(const HttpRequest& request) const {
        const PageFacts facts = access_.page_facts();
        const auto begins = [&](const char* local) { return request.origin.starts_with(local); };
        const bool local = begins("http://127.") || begins("http://localhost") || begins("http://[::1]");
        const auto scope = scope_of(facts.host);
        const bool wider = scope == AddressScope::every || scope == AddressScope::home;
        // Prefer an address that a phone can also open, if a browser on this machine asks.
        if (!request.origin.empty() && !(local && wider)) return request.origin;
        return page_address(facts.host, facts.port);
    }

    /// Finds a user by email. Ignores case, as the database does.
    std::optional<UserRow> user_named(const std::string& email) {
        for (const UserRow& user : sessions_.users(wall_now()))
            if (user.email.size() == email.size() && ::strcasecmp(user.email.c_str(), email.c_str()) == 0) return user;
        return std::nullopt;
    }

    /// Returns the user with this email. Without one, the caller's own user, else the first admin.
    std::optional<UserRow> user_for(const Caller& caller, const std::string& email) {
        if (!email.empty()) return user_named(email);
        const std::vector<UserRow> users = sessions_.users(wall_now());
        if (!is_browser(caller)) return users.empty() ? std::nullopt : std::optional(users.front());
        const auto own = std::find_if(users.begin(), users.end(), [&](const UserRow& it) { return it.id == caller.user; });
        return own == users.end() ? std::nullopt : std::optional(*own);
    }

    /// Returns the latest end of anything that a browser creates: the end of its own session, or nothing if that has ended. The
    /// owner (no session) has no limit.
    std::optional<Utc> latest_for(const std::string& session, Utc now) {
        if (session.empty()) return Utc::max();
        for (const SessionRow& row : sessions_.list(now))
            if (row.id == session) return row.expires;
        return std::nullopt;
    }

    HttpAnswer enter(const CodeGrant& grant, const std::string& name, const HttpRequest& request) {
        const Utc now = wall_now();
        // An ended session cannot sign in another browser, nor can the code of a removed user.
        const auto latest = latest_for(grant.maker, now);
        const std::vector<UserRow> users = sessions_.users(now);
        if (!latest || std::none_of(users.begin(), users.end(), [&](const UserRow& it) { return it.id == grant.user_id; }))
            return error_answer(401, wrong_code);
        const auto made =
            sessions_.add_browser(grant.user_id, grant.role, name.empty() ? grant.name : name, grant.days, now, *latest);
        if (!made) return error_answer(503, "signing in failed; create a new code and try again");
        // Replace the session this browser had.
        if (is_browser(request.caller)) sessions_.remove(request.caller.session, now);
        sessions_.log("info", fmt::format("Signed in: {} ({}) from {}", made->row.name, made->row.role, request.client), now);
        Object answer{{"role", made->row.role}, {"name", made->row.name}, {"expires", second_of(made->row.expires)}};
        add_stored(answer, made->stored);
        HttpAnswer reply = ok_answer(answer);
        const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(made->row.expires - made->row.created);
        reply.cookie = cookie_of(made->secret, lasts.count(), request.https);
        return reply;
    }

    void log_attack(const HttpRequest& request) {
        const std::lock_guard lock(mutex_);
        const Time now = monotonic_now();
        if (attack_logged_ && now - *attack_logged_ < attack_log_pause) return;
        attack_logged_ = now;
        sessions_.log("warning",
                      fmt::format("Too many wrong codes within {}, last from {}; sign-in is blocked there for {}",
                                  phrase(LoginCodes::try_window), request.client, phrase(LoginCodes::try_window)),
                      wall_now());
    }

    Sessions& sessions_;
    Access& access_;
    LoginCodes codes_;
    std::mutex mutex_;
    std::optional<Time> attack_logged_;
};

}  // namespace

std::vector<Route> session_routes(Sessions& sessions, Access& access) {
    const auto all = std::make_shared<SessionHandlers>(sessions, access);
    Route sign_in{"POST", "/session", [all](const HttpRequest& it) { return all->sign_in(it); }, Body::json};
    sign_in.most_body = most_sign_in_bytes;
    return {sign_in,
            {"GET", "/session", [all](const HttpRequest& it) { return all->who_am_i(it); }},
            {"DELETE", "/session", [all](const HttpRequest& it) { return all->sign_out(it); }},
            {"GET", "/api/sessions", [all](const HttpRequest& it) { return all->list(it); }},
            {"DELETE", "/api/sessions/{}", [all](const HttpRequest& it) { return all->remove(it); }},
            {"POST", "/api/sessions/code", [all](const HttpRequest& it) { return all->make_code(it); }, Body::json},
            {"POST", "/api/sessions/key", [all](const HttpRequest& it) { return all->make_key(it); }, Body::json},
            {"GET", "/api/users", [all](const HttpRequest&) { return all->list_users(); }},
            {"POST", "/api/users", [all](const HttpRequest& it) { return all->add_user(it); }, Body::json},
            {"DELETE", "/api/users/{}", [all](const HttpRequest& it) { return all->remove_user(it); }}};
}

}  // namespace volt::api
