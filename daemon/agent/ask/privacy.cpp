#include "daemon/agent/ask/privacy.hpp"

#include <algorithm>
#include <cctype>

#include "daemon/agent/tools/places.hpp"
#include "drivers/host_address.hpp"
#include "drivers/http/model_client.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char *no_mail = "[e-mail]", *no_id = "[id]", *no_token = "[key]", *no_address = "[address]",
                     *no_topic = "[topic]", *no_member = "[removed]";
constexpr const char* by_command = "voltctl ";  ///< text before a login
/// Minimum lengths of letters and digits without a break that no word has: keys, hashes.
constexpr std::size_t shortest_token = 20, shortest_hex_token = 16, uuid_size = 36;
/// Prefixes of keys of known services, which contain dashes.
constexpr const char* key_beginnings[] = {"sk-", "ghp_", "glpat-", "xox", "AKIA"};
/// First parts of topics of firmware that voltd knows.
constexpr const char* topic_beginnings[] = {"$SYS/", "cmnd/", "stat/", "tele/", "zigbee2mqtt/", "shellies/", "homeassistant/"};
constexpr std::string_view token_ends = " \t\n\r\"'`<>()[]{},;|=";

bool is_hex(char byte) { return std::isxdigit(static_cast<unsigned char>(byte)) != 0; }

bool is_ascii_letter(char byte) { return std::isalpha(static_cast<unsigned char>(byte)) != 0; }
bool is_ascii_digit(char byte) { return std::isdigit(static_cast<unsigned char>(byte)) != 0; }
bool is_ascii_alnum(char byte) { return is_ascii_letter(byte) || is_ascii_digit(byte); }

bool is_uuid_at(const std::string& text, std::size_t at) {
    if (text.size() - at < uuid_size) return false;
    for (std::size_t i = 0; i < uuid_size; ++i)
        if (const bool dash = i == 8 || i == 13 || i == 18 || i == 23; dash ? text[at + i] != '-' : !is_hex(text[at + i]))
            return false;
    return true;
}

bool is_mail(const std::string& text) {
    const std::size_t at = text.find('@');
    return at != std::string::npos && at > 0 && at + 1 < text.size() && is_ascii_letter(text[at + 1]);
}

bool is_mac(const std::string& text) {
    if (text.size() != 17) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i % 3 == 2 ? text[i] != ':' && text[i] != '-' : !is_hex(text[i])) return false;
    return true;
}

/// Returns true for `gx.example.com`: two or more dots between letters and digits, and letters at the end.
bool is_full_name(const std::string& name) {
    const auto is_of_name = [](char byte) { return is_ascii_alnum(byte) || byte == '-' || byte == '.'; };
    const std::size_t last = name.rfind('.');
    return std::count(name.begin(), name.end(), '.') >= 2 && name.find("..") == std::string::npos && name.size() - last > 2 &&
           std::all_of(name.begin(), name.end(), is_of_name) &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(last) + 1, name.end(), is_ascii_letter);
}

bool is_network_address(const std::string& text) {
    const std::string host = text.substr(0, text.find('/'));
    if (scope_of(host) || scope_of(host.substr(0, host.rfind(':'))) || is_mac(text)) return true;
    const std::string name = host.substr(0, host.find(':'));
    if (is_full_name(name)) return true;
    for (const char* end : {".local", ".lan", ".home", ".internal", ".fritz.box"})
        if (name.ends_with(end)) return true;
    return text.find("://") != std::string::npos && !text.starts_with("volt://");
}

bool is_topic(const std::string& text) {
    const auto begins = [&](const char* it) { return text.starts_with(it); };
    return std::any_of(text.begin(), text.end(), is_ascii_letter) && text.find("://") == std::string::npos &&
           (std::count(text.begin(), text.end(), '/') >= 2 ||
            std::any_of(std::begin(topic_beginnings), std::end(topic_beginnings), begins));
}

bool is_key(const std::string& text) {
    const auto begins = [&](const char* it) { return text.starts_with(it); };
    return text.size() >= shortest_hex_token && std::any_of(text.begin(), text.end(), is_ascii_digit) &&
           std::any_of(std::begin(key_beginnings), std::end(key_beginnings), begins);
}

bool has_token(const std::string& text) {
    std::size_t run = 0, digits = 0, hexes = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0) {
            ++run;
            digits += std::isdigit(static_cast<unsigned char>(text[i])) != 0 ? 1U : 0U;
            hexes += is_hex(text[i]) ? 1U : 0U;
            continue;
        }
        if (digits > 0 && (run >= shortest_token || (run >= shortest_hex_token && hexes == run && digits < run))) return true;
        run = digits = hexes = 0;
    }
    return false;
}

/// Returns the replacement for a word of a text, or an empty string to keep it.
std::string instead_of(const std::string& word, const Sharing& sharing) {
    if (!sharing.has("wiring") && is_network_address(word)) return no_address;
    if (is_mail(word)) return no_mail;
    if (!sharing.has("wiring") && is_topic(word)) return no_topic;
    return (has_token(word) || is_key(word)) && !word.starts_with("volt://") ? no_token : "";
}

struct WordPlace {
    std::size_t from = 0, to = 0;
};

WordPlace next_word(const std::string& text, std::size_t at) {
    const std::size_t from = std::min(text.find_first_not_of(token_ends, at), text.size());
    std::size_t to = std::min(text.find_first_of(token_ends, from), text.size());
    while (to > from + 1 && std::string_view(".:!?").find(text[to - 1]) != std::string::npos) --to;
    return {from, to};
}

bool is_named(const std::string& name, std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* it) { return name == it; });
}

bool is_private_member(const std::string& name, const Sharing& sharing) {
    if (is_named(name, {"email", "user_id", "who", "token", "key", "password", "username", "serial", "client_id"})) return true;
    const bool wiring = is_named(name, {"topic", "host", "address", "ip", "mac", "url"}) || name.ends_with("_topic");
    if (wiring && !sharing.has("wiring")) return true;
    return is_named(name, {"latitude", "longitude", "lat", "lon"}) && !sharing.has("location");
}

/// Replaces `word` unless a letter, digit, `_` or `-` is next to it.
std::string replace_word(const std::string& text, const std::string& word, const char* instead) {
    const auto joins = [](char byte) { return is_ascii_alnum(byte) || byte == '_' || byte == '-'; };
    std::string kept;
    std::size_t done = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if (at < done || (at > 0 && joins(text[at - 1])) || (end < text.size() && joins(text[end]))) continue;
        kept += text.substr(done, at - done) + instead;
        done = end;
    }
    return kept + text.substr(done);
}

/// Removes the author from the text of an event: `voltctl pi`, or `by pi`.
std::string without_author(const std::string& text, const std::string& who) {
    const std::string login = who.substr(who.starts_with(by_command) ? std::string_view(by_command).size() : 0);
    return replace_word(replace_word(text, who, no_member), "by " + login, "by [removed]");
}

std::string without_ids(const std::string& text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        const bool begins = at == 0 || !is_ascii_alnum(text[at - 1]);
        if (begins && is_uuid_at(text, at)) {
            kept += no_id;
            at += uuid_size;
        } else {
            kept += text[at++];
        }
    }
    return kept;
}

}  // namespace

bool Sharing::has(const std::string& group) const {
    return everything || std::find(share.begin(), share.end(), group) != share.end();
}

Sharing sharing_of(const ModelConfig& model) { return {!is_public_model(model.url), model.share}; }

std::vector<ToolGroup> shared_groups(const std::vector<ToolGroup>& listed, const Sharing& sharing) {
    std::vector<ToolGroup> shared;
    for (const auto& [name, group] : group_names)
        if (sharing.has(name) && std::find(listed.begin(), listed.end(), group) != listed.end()) shared.push_back(group);
    return shared;
}

std::string without_private(const std::string& text, const Sharing& sharing) {
    if (sharing.everything) return text;
    std::string clear = without_ids(text);
    if (!sharing.has("location")) clear = without_places(clear);
    if (!sharing.has("wiring"))
        for (const std::string& it : sharing.wiring)
            clear = replace_word(clear, it, it.find('/') == std::string::npos ? no_address : no_topic);
    std::string kept;
    std::size_t done = 0;
    for (WordPlace at = next_word(clear, 0); at.from < at.to; at = next_word(clear, at.to)) {
        const std::string instead = instead_of(clear.substr(at.from, at.to - at.from), sharing);
        if (instead.empty()) continue;
        kept += clear.substr(done, at.from - done) + instead;
        done = at.to;
    }
    return kept + clear.substr(done);
}

Json without_private(const Json& value, const Sharing& sharing) {
    if (sharing.everything) return value;
    if (value.is_string()) return without_private(value.get_ref<const std::string&>(), sharing);
    if (!value.is_structured()) return value;
    if (value.is_object())
        if (const auto uri = value.find("uri");
            uri != value.end() && uri->is_string() && uri->get<std::string>().starts_with(manual_uri))
            return value;
    Json kept = value;
    const std::string who =
        value.is_object() && value.contains("who") && value["who"].is_string() ? value["who"].get<std::string>() : "";
    for (auto it = kept.begin(); it != kept.end(); ++it) {
        if (!who.empty() && it->is_string()) *it = without_author(it->get<std::string>(), who);
        *it = value.is_object() && is_private_member(it.key(), sharing) ? Json(no_member) : without_private(Json(*it), sharing);
    }
    return kept;
}

std::vector<std::string> wiring_words(const std::string& yaml) {
    constexpr std::size_t shortest = 4, most = 500;
    std::vector<std::string> found;
    for (std::size_t colon = yaml.find(": "); colon != std::string::npos && found.size() < most;
         colon = yaml.find(": ", colon + 1)) {
        std::size_t from = colon;
        while (from > 0 && (is_ascii_alnum(yaml[from - 1]) || yaml[from - 1] == '_')) --from;
        const std::string key = yaml.substr(from, colon - from);
        const bool host = key == "host" || key == "url", topic = key == "topic" || key.ends_with("_topic");
        if (!host && !topic) continue;
        const std::size_t begin = std::min(yaml.find_first_not_of(" \"'", colon + 1), yaml.size());
        std::string value = yaml.substr(begin, std::min(yaml.find_first_of(" \"',}#\n", begin), yaml.size()) - begin);
        if (const std::size_t scheme = value.find("://"); scheme != std::string::npos) value = value.substr(scheme + 3);
        if (host) value = value.substr(0, value.find(':'));
        const bool plain = topic && value.find('/') == std::string::npos;
        if (value.size() >= shortest && !plain && !value.ends_with("/fan") && !value.ends_with("/heat")) found.push_back(value);
    }
    return found;
}

std::string sharing_notice(const ModelConfig& model) {
    const Sharing sharing = sharing_of(model);
    const std::string what = "Questions go to the model at " + host_of_model(model.url);
    if (sharing.everything) return what + ", which is on this network, with the results of the tools.";
    return what + ", a public address. It receives the question, this conversation and the results of these tools: " +
           comma_list(sharing.share) + ". These are removed first: e-mail addresses, ids, keys" +
           (sharing.has("wiring") ? "" : ", topics, network addresses") + (sharing.has("location") ? "" : ", coordinates") +
           ". Names of loads and rooms are sent. To change it: agent.yaml, model.share.";
}

}  // namespace volt::agent
