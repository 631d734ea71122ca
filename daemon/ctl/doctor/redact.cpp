#include "daemon/ctl/doctor/redact.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <sstream>
#include <string_view>

namespace volt::ctl::doctor {

namespace {

constexpr std::size_t longest_line = 16 * 1024;
constexpr std::size_t least_secret = 4;  // a shorter one would redact every second word

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// Edits line by line, because a regular expression over a long text needs much stack. Drops longer lines.
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

/// Redacts IPv4 addresses except loopback.
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
    static const std::regex place(R"(([Ll]atitude|[Ll]ongitude))"), degrees(R"(-?\b\d+(\.\d+)?\b)");
    if (std::regex_search(text, place)) text = std::regex_replace(text, degrees, "0");
    return without_addresses(text);
}

/// Redacts the text between `://` and the last `@` of the word or of the line, because a password may contain any character.
std::string without_login(std::string line, bool word_only) {
    constexpr std::string_view mark = "://", by = "REDACTED";
    for (auto at = line.find(mark); at != std::string::npos; at = line.find(mark, at + mark.size())) {
        const auto begin = at + mark.size(), end = word_only ? line.find_first_of(" \t", begin) : line.size();
        const auto last = line.substr(begin, end == std::string::npos ? end : end - begin).rfind('@');
        if (last != std::string::npos) line.replace(begin, last, by);
    }
    return line;
}

bool names_secret(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto words = {"pass", "token", "secret", "key", "site_place"};
    return std::any_of(words.begin(), words.end(), [&](const char* it) { return text.find(it) != std::string::npos; });
}

/// Returns where the value of the first key with a secret begins, or nothing if the line has no such key.
std::optional<std::size_t> secret_begin(const std::string& line) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == ',' || line[i] == '{' || line[i] == '#') begin = i + 1;
        if ((line[i] == ':' || line[i] == '=') && names_secret(line.substr(begin, i - begin))) return i + 1;
    }
    // A comment needs no colon; nor does a key after `?`.
    const auto comment = line.find('#'), question = line.find_first_not_of(" \t");
    if (comment != std::string::npos && names_secret(line.substr(comment))) return comment + 1;
    if (question != std::string::npos && line[question] == '?' && names_secret(line)) return question + 1;
    return std::nullopt;
}

/// Redacts a text that may not be valid YAML, line by line. The value of a secret key extends to the end of its line, and
/// includes the lines below that are indented more, and those of an unfinished quote.
class Hiding {
public:
    std::string shown(const std::string& line) {
        if (goes_on(line)) return "REDACTED";
        const auto begin = secret_begin(line);
        if (!begin) return without_login(line, false);
        comment_ = line.find_first_not_of(" \t") == line.find('#');
        indent_ = indent_of(line);
        const auto value = line.find_first_not_of(" \t", *begin);
        const char first = value == std::string::npos ? ' ' : line[value];
        quote_ = (first == '"' || first == '\'') && line.find(first, value + 1) == std::string::npos ? first : ' ';
        return without_login(line.substr(0, *begin), false) + " REDACTED";
    }

private:
    bool goes_on(const std::string& line) {
        if (!indent_) return false;
        if (quote_ != ' ') {
            if (line.find(quote_) != std::string::npos) quote_ = ' ';
            return true;
        }
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin == std::string::npos || line[begin] == ':' || indent_of(line) > *indent_) return true;
        indent_.reset();
        return false;
    }
    /// Counts the indent of a comment after its sign.
    std::size_t indent_of(const std::string& line) const {
        const auto at = line.find_first_not_of(comment_ ? " \t#-" : " \t-");
        return at == std::string::npos ? 0 : at;
    }

    std::optional<std::size_t> indent_{};  ///< indent of the key whose value is hidden
    char quote_ = ' ';                     ///< quote that is still open
    bool comment_ = false;
};

}  // namespace

std::string without_passwords(const std::string& yaml) {
    Hiding hiding;
    return by_line(yaml, [&](const std::string& line) { return hiding.shown(line); });
}

std::string redacted(std::string text, const Secrets& secrets, bool full) {
    static const std::regex mail(R"([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+)");
    static const std::regex bearer(R"((Bearer\s+)[A-Za-z0-9._~+/=-]+)");
    for (const std::string& secret : secrets.always)
        if (secret.size() >= least_secret) replace_all(text, secret, "REDACTED");
    text = by_line(text, [](const std::string& line) {
        return std::regex_replace(std::regex_replace(without_login(line, true), bearer, "$1REDACTED"), mail, "MAIL");
    });
    if (full) return text;
    for (const std::string& host : secrets.hosts)
        if (host.size() >= least_secret && !is_loopback_text(host) && host != "localhost") replace_all(text, host, "HOST");
    return by_line(text, without_identities);
}

}  // namespace volt::ctl::doctor
