#include "daemon/api/access/guard.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "daemon/api/http/answers.hpp"
#include "drivers/host_address.hpp"

namespace volt::api {

namespace {

// Domains of home networks. No page on the internet can have a name in them.
constexpr std::string_view home_domains[] = {".local", ".lan", ".home", ".home.arpa", ".internal", ".fritz.box"};
constexpr std::size_t most_shown = 64, most_address_characters = 53;  // [IPv6]:port

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool is_address(const std::string& text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> room{};
    return ::inet_pton(family, text.c_str(), room.data()) == 1;
}

/// Returns the name of `name[:port]` in lower case, or an empty string if it is neither a name, an IPv4 address nor an IPv6
/// address in brackets.
std::string name_of(std::string_view header) {
    const std::string text = lower(header);
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string::npos) return {};
    const std::size_t colon = text.find(':', bracket);
    const std::string port = colon == std::string::npos ? "0" : text.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) return {};
    std::string name = text.substr(0, colon);
    if (bracket == 0) return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == std::string::npos ? name : "";
    if (bracket + 1 != name.size() || !is_address(name.substr(1, bracket - 1), AF_INET6)) return {};
    return name;
}

/// Returns a header in a readable form.
std::string shown(const std::string& header) {
    std::string text = header.substr(0, most_shown);
    for (char& c : text)
        if (c < ' ' || c > '~') c = '?';
    return header.size() > most_shown ? text + "…" : text;
}

bool changes(const std::string& method) { return method != "GET" && method != "HEAD" && method != "OPTIONS"; }

/// Returns true for `application/json`, with or without parameters.
bool is_json(const std::string& type) {
    const std::string plain = lower(type.substr(0, type.find(';')));
    return plain.substr(0, plain.find_last_not_of(" \t") + 1) == "application/json";
}

HttpAnswer foreign_page(const std::string& what) {
    return error_answer(403, what + "; a browser may change something only from voltd's own page");
}

/// Rejects a change from another page. A browser sends Origin with every change, and cannot send JSON or custom headers to
/// another site unless that site agrees, which voltd never does.
std::optional<HttpAnswer> refuse_change(const RequestHead& head, const GuardSettings& settings, bool by_cookie) {
    const std::string own = (is_https(head, settings) ? "https://" : "http://") + lower(head.hosts.front());
    if (!head.origin.empty() && lower(head.origin) != own) return foreign_page("the Origin is not " + own);
    if (!head.fetch_site.empty() && head.fetch_site != "same-origin") return foreign_page("this request came from another page");
    if (!by_cookie) return std::nullopt;
    if (head.origin.empty()) return foreign_page("the Origin is missing (Firefox sends it from version 70 on)");
    if (!is_json(head.content_type)) return foreign_page("the Content-Type is not application/json");
    if (head.volt != "1") return foreign_page("the header X-Voltd: 1 is missing");
    return std::nullopt;
}

bool is_proxy(const RequestHead& head, const GuardSettings& settings) {
    return is_loopback_address(head.peer) ||
           std::find(settings.proxies.begin(), settings.proxies.end(), head.peer) != settings.proxies.end();
}

}  // namespace

bool is_own_host(std::string_view header, const GuardSettings& settings) {
    const std::string name = name_of(header);
    if (name.empty()) return false;
    if (name == "localhost" || name.starts_with('[') || is_address(name, AF_INET)) return true;
    const auto is_name = [&](const std::string& host) { return name == lower(host); };
    if (std::any_of(settings.hosts.begin(), settings.hosts.end(), is_name)) return true;
    const std::string machine = lower(settings.machine);
    if (machine.empty()) return false;
    const auto is_in = [&](std::string_view domain) { return name == machine + std::string(domain); };
    return name == machine || std::any_of(std::begin(home_domains), std::end(home_domains), is_in);
}

bool is_loopback_address(std::string_view address) { return scope_of(std::string(address)) == AddressScope::loopback; }

bool is_https(const RequestHead& head, const GuardSettings& settings) {
    return is_proxy(head, settings) && head.forwarded_proto == "https";
}

std::string client_text(const RequestHead& head, const GuardSettings& settings) {
    if (head.forwarded_for.empty() || !is_proxy(head, settings)) return head.peer;
    // The proxy appends the address that it sees. Anything before it is the client's own claim.
    std::string_view last = head.forwarded_for.back();
    last.remove_prefix(last.rfind(',') + 1);  // npos + 1 is 0
    last.remove_prefix(std::min(last.find_first_not_of(" \t"), last.size()));
    const bool is_written_so = last.find_first_not_of("0123456789abcdefABCDEF.:[]") == std::string_view::npos;
    if (last.empty() || last.size() > most_address_characters || !is_written_so) return head.peer;
    return fmt::format("{} (forwarded for {})", head.peer, last);
}

std::vector<std::string> session_cookies(const RequestHead& head) {
    std::vector<std::string> found;
    for (const std::string& header : head.cookies)
        for (std::size_t at = 0; at < header.size();) {
            const std::size_t end = std::min(header.find(';', at), header.size());
            std::string_view pair = std::string_view(header).substr(at, end - at);
            pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
            const std::size_t equal = pair.find('=');
            if (equal != std::string_view::npos && pair.substr(0, equal) == session_cookie)
                found.emplace_back(pair.substr(equal + 1));
            at = end + 1;
        }
    return found;
}

std::optional<HttpAnswer> refuse_foreign(const RequestHead& head, const GuardSettings& settings) {
    if (head.hosts.size() > 1) return error_answer(400, "the request has two Host headers");
    const std::string host = head.hosts.empty() ? "" : head.hosts.front();
    if (!is_own_host(host, settings)) {
        HttpAnswer answer{421, fmt::format("voltd does not answer to the name \"{0}\".\n"
                                           "If this is a name of this machine, add it to api.hosts in voltd.yaml:\n"
                                           "  api: {{ hosts: [{0}] }}\n",
                                           shown(host))};
        answer.type = "text/plain; charset=utf-8";
        return answer;
    }
    // A browser asks this before it sends another page's request. The answer is always no.
    if (head.method == "OPTIONS") {
        HttpAnswer answer = error_answer(405, "OPTIONS is not answered");
        answer.allow = "GET, POST, PUT, DELETE";
        return answer;
    }
    const std::size_t cookies = session_cookies(head).size();
    if (cookies > 1) return error_answer(400, fmt::format("the cookie {} is sent twice", session_cookie));
    return changes(head.method) ? refuse_change(head, settings, cookies > 0) : std::nullopt;
}

std::string content_policy(const std::string& frames) {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src "
           "'self'; base-uri 'none'; form-action 'self'; frame-ancestors " +
           (frames.empty() ? "'none'" : frames);
}

const std::vector<std::pair<const char*, const char*>>& security_headers() {
    static const std::vector<std::pair<const char*, const char*>> headers = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy",
         "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), "
         "gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), "
         "local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
         "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"},
        {"Cache-Control", "no-store"},
    };
    return headers;
}

}  // namespace volt::api
