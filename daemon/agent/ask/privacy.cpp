#include "daemon/agent/ask/privacy.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "drivers/host_address.hpp"
#include "drivers/http/model_client.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char *no_mail = "[e-mail]", *no_id = "[id]", *no_token = "[key]", *no_address = "[address]",
                     *no_topic = "[topic]", *no_place = "[place]", *no_member = "[removed]";
/// Letters and digits in one piece that no word has: keys, hashes.
constexpr std::size_t shortest_token = 20, shortest_hex_token = 16;
constexpr std::string_view token_ends = " \t\n\r\"'`<>()[]{},;|=";

bool is_hex(char byte) { return std::isxdigit(static_cast<unsigned char>(byte)) != 0; }

bool is_uuid(const std::string& text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (const bool dash = i == 8 || i == 13 || i == 18 || i == 23; dash ? text[i] != '-' : !is_hex(text[i])) return false;
    return true;
}

bool is_mail(const std::string& text) {
    const std::size_t at = text.find('@');
    return at != std::string::npos && at > 0 && text.find('.', at) != std::string::npos;
}

bool is_mac(const std::string& text) {
    if (text.size() != 17) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i % 3 == 2 ? text[i] != ':' && text[i] != '-' : !is_hex(text[i])) return false;
    return true;
}

bool is_network_address(const std::string& text) {
    const std::string host = text.substr(0, text.find('/'));
    if (scope_of(host) || scope_of(host.substr(0, host.rfind(':'))) || is_mac(text)) return true;
    const std::string name = host.substr(0, host.find(':'));
    for (const char* end : {".local", ".lan", ".home", ".internal", ".fritz.box"})
        if (name.ends_with(end)) return true;
    return text.find("://") != std::string::npos && !text.starts_with("volt://");
}

bool is_topic(const std::string& text) {
    const bool letters = std::any_of(text.begin(), text.end(), [](unsigned char byte) { return std::isalpha(byte) != 0; });
    return letters && text.find("://") == std::string::npos &&
           (std::count(text.begin(), text.end(), '/') >= 2 || text.starts_with("$SYS/"));
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

/// A degree of latitude or longitude: with three digits or more behind the point.
bool is_degree(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const std::size_t point = text.find('.');
    const std::string behind = end;
    const bool known_end =
        behind.empty() || behind.starts_with("°") || behind == "N" || behind == "S" || behind == "E" || behind == "W";
    return end != text.c_str() && point != std::string::npos && known_end && std::abs(value) <= 180 &&
           text.size() - behind.size() - point > 3;
}

/// What stands in place of a word of a text; empty: it stays.
std::string instead_of(const std::string& word, const Sharing& sharing) {
    if (is_mail(word)) return no_mail;
    if (is_uuid(word)) return no_id;
    if (!sharing.has("wiring") && is_network_address(word)) return no_address;
    if (!sharing.has("wiring") && is_topic(word)) return no_topic;
    return has_token(word) && !word.starts_with("volt://") ? no_token : "";
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
    std::string kept;
    std::size_t done = 0;
    for (WordPlace at = next_word(text, 0); at.from < at.to; at = next_word(text, at.to)) {
        const std::string word = text.substr(at.from, at.to - at.from);
        std::string instead = instead_of(word, sharing);
        if (!sharing.has("location") && is_degree(word)) {
            const WordPlace next = next_word(text, at.to);
            const bool pair = is_degree(text.substr(next.from, next.to - next.from));
            if (pair) instead = no_place, at.to = next.to;
            else if (!std::isdigit(static_cast<unsigned char>(word.back()))) instead = no_place;
        }
        if (instead.empty()) continue;
        kept += text.substr(done, at.from - done) + instead;
        done = at.to;
    }
    return kept + text.substr(done);
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
    for (auto it = kept.begin(); it != kept.end(); ++it)
        *it = value.is_object() && is_private_member(it.key(), sharing) ? Json(no_member) : without_private(Json(*it), sharing);
    return kept;
}

std::string sharing_notice(const ModelConfig& model) {
    const Sharing sharing = sharing_of(model);
    const std::string what = "Questions go to the model at " + host_of_model(model.url);
    if (sharing.everything) return what + ", which is on this network, with what the tools answer.";
    return what + ", a public address. Sent are the question, this conversation, and what these tools answer: " +
           comma_list(sharing.share) + ". Removed before: e-mail addresses, ids, keys" +
           (sharing.has("wiring") ? "" : ", topics, network addresses") + (sharing.has("location") ? "" : ", coordinates") +
           ". Names of loads and rooms are sent. To change it: agent.yaml, model.share.";
}

}  // namespace volt::agent
