// The one file that asks with cpp-httplib.
#include "daemon/ctl/api_client.hpp"

#include <httplib.h>

#include <cctype>
#include <nlohmann/json.hpp>

namespace volt::ctl {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds connect_limit{3};

std::string member(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// The words of an error answer: what, then what would be right, where the words do not tell it already.
void read_error(ApiReply& reply) {
    const json object = json::parse(reply.body, nullptr, false);
    if (object.is_object()) reply.error = member(object, "error");
    if (reply.error.empty()) {
        reply.error = "voltd answered " + std::to_string(reply.status);
        return;
    }
    const std::string need = member(object, "need"), nearest = member(object, "nearest");
    if (!need.empty() && reply.error.find(need) == std::string::npos) reply.error += "; need " + need;
    if (!nearest.empty() && reply.error.find("nearest") == std::string::npos) reply.error += "; nearest allowed " + nearest;
    const auto known = object.find("known");
    if (known == object.end() || !known->is_array()) return;
    for (const json& name : *known)
        if (name.is_string()) reply.known.push_back(name.get<std::string>());
}

template <class Ask>
ApiReply asked(const ApiAddress& address, std::chrono::milliseconds limit, Ask ask) {
    httplib::Client client(address.url);
    if (!client.is_valid()) return {false, 0, "", "not an address: " + address.url, {}};
    client.set_connection_timeout(std::min<std::chrono::milliseconds>(connect_limit, limit));
    client.set_read_timeout(limit);
    httplib::Headers headers;
    if (!address.token.empty()) headers.emplace("Authorization", "Bearer " + address.token);
    const auto answer = ask(client, headers);
    if (!answer)
        return {false, 0, "", "voltd is not reachable at " + address.url + ": " + to_string(answer.error()), {}};
    ApiReply reply{true, answer->status, answer->body, "", {}};
    if (!reply.ok()) read_error(reply);
    return reply;
}

}  // namespace

ApiReply get(const ApiAddress& address, const std::string& path, std::chrono::milliseconds limit) {
    try {
        return asked(address, limit, [&](httplib::Client& client, const httplib::Headers& headers) {
            return client.Get(path, headers);
        });
    } catch (const std::exception& error) { return {false, 0, "", address.url + ": " + error.what(), {}}; }
}

ApiReply post(const ApiAddress& address, const std::string& path, const std::string& body,
              std::chrono::milliseconds limit) {
    try {
        return asked(address, limit, [&](httplib::Client& client, const httplib::Headers& headers) {
            return client.Post(path, headers, body, "application/json");
        });
    } catch (const std::exception& error) { return {false, 0, "", address.url + ": " + error.what(), {}}; }
}

std::string encoded(const std::string& name) {
    static constexpr const char* hex = "0123456789ABCDEF";
    std::string text;
    for (const char byte : name) {
        const auto value = static_cast<unsigned char>(byte);
        const bool plain = std::isalnum(value) != 0 || byte == '-' || byte == '/' || byte == '.' || byte == '_';
        if (plain)
            text += byte;
        else
            text += {'%', hex[value >> 4], hex[value & 15]};
    }
    return text;
}

}  // namespace volt::ctl
