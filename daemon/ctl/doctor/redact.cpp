#include "daemon/ctl/doctor/redact.hpp"

#include <regex>
#include <sstream>

namespace volt::ctl::doctor {

namespace {

constexpr std::size_t longest_line = 16 * 1024;
constexpr std::size_t least_secret = 4;  // a shorter one would take out every second word

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// Lines one by one, since a regular expression over a long text needs much stack; a longer one is left out.
template <class Edit>
std::string by_line(const std::string& text, const Edit& edit) {
    std::istringstream lines(text);
    std::string made, line;
    while (std::getline(lines, line))
        made += (line.size() > longest_line ? "(a line of " + std::to_string(line.size()) + " bytes was removed)" : edit(line)) +
                "\n";
    if (!text.empty() && text.back() != '\n') made.pop_back();
    return made;
}

bool is_loopback_text(const std::string& address) { return address.starts_with("127.") || address == "0.0.0.0"; }

/// IPv4 addresses but those of this machine alone.
std::string without_addresses(const std::string& line) {
    static const std::regex v4(R"(\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b)");
    std::string made;
    auto from = line.cbegin();
    for (std::sregex_iterator it(line.begin(), line.end(), v4), end; it != end; ++it) {
        made.append(from, (*it)[0].first);
        made += is_loopback_text(it->str()) ? it->str() : "ADDRESS";
        from = (*it)[0].second;
    }
    return made.append(from, line.cend());
}

std::string without_identities(const std::string& line) {
    static const std::regex v6(
        R"re(\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b|\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*::[0-9a-fA-F:]*[0-9a-fA-F])re");
    static const std::regex mac(R"(\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b)");
    static const std::regex serial(
        R"re(\bHQ[A-Z0-9]{8,}\b|("[^"]*[Ss]erial[^"]*"\s*:\s*)"[^"]*"|\b[Ss]erial( number)?:? \w{6,})re");
    std::string text = std::regex_replace(line, mac, "MAC");
    text = std::regex_replace(text, v6, "ADDRESS");
    text = std::regex_replace(text, serial, "$1SERIAL");
    return without_addresses(text);
}

}  // namespace

std::string without_passwords(const std::string& yaml) {
    static const std::regex key(R"(((?:^|[\s{,])["']?(?:password|token)\w*["']?\s*:\s*)("[^"]*"|'[^']*'|[^,}#\s][^,}#]*))");
    return by_line(yaml, [](const std::string& line) { return std::regex_replace(line, key, "$1REDACTED"); });
}

std::string redacted(std::string text, const Secrets& secrets, bool full) {
    static const std::regex login(R"(\b([a-zA-Z][a-zA-Z0-9+.-]*://)[^/\s@"]+@)");
    static const std::regex mail(R"([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+)");
    static const std::regex bearer(R"((Bearer\s+)[A-Za-z0-9._~+/=-]+)");
    for (const std::string& secret : secrets.always)
        if (secret.size() >= least_secret) replace_all(text, secret, "REDACTED");
    text = by_line(text, [](const std::string& line) {
        return std::regex_replace(std::regex_replace(std::regex_replace(line, login, "$1REDACTED@"), bearer, "$1REDACTED"), mail,
                                  "MAIL");
    });
    if (full) return text;
    for (const std::string& host : secrets.hosts)
        if (host.size() >= least_secret && !is_loopback_text(host) && host != "localhost") replace_all(text, host, "HOST");
    return by_line(text, without_identities);
}

}  // namespace volt::ctl::doctor
