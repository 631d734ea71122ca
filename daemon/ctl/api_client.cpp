// The one file that asks with cpp-httplib.
#include "daemon/ctl/api_client.hpp"

#include <httplib.h>

#include <nlohmann/json.hpp>

namespace volt::ctl {

namespace {

constexpr std::chrono::seconds connect_limit{3}, answer_limit{10};

/// The words of an error answer, with the loads there are where it lists them.
std::string error_of(const std::string& body, int status) {
    const auto object = nlohmann::json::parse(body, nullptr, false);
    if (!object.is_object() || !object.contains("error") || !object["error"].is_string())
        return "voltd answered " + std::to_string(status);
    std::string text = object["error"].get<std::string>();
    if (!object.contains("known") || !object["known"].is_array()) return text;
    text += "; there are:";
    for (const auto& name : object["known"])
        if (name.is_string()) text += " " + name.get<std::string>();
    return text;
}

ApiReply asked(const ApiAddress& address, const std::string& path) {
    httplib::Client client(address.url);
    if (!client.is_valid()) return {false, 0, "", "not an address: " + address.url};
    client.set_connection_timeout(connect_limit);
    client.set_read_timeout(answer_limit);
    httplib::Headers headers;
    if (!address.token.empty()) headers.emplace("Authorization", "Bearer " + address.token);
    const auto answer = client.Get(path, headers);
    if (!answer) return {false, 0, "", "voltd is not reachable at " + address.url + ": " + to_string(answer.error())};
    ApiReply reply{true, answer->status, answer->body, ""};
    if (reply.status != 200) reply.error = error_of(reply.body, reply.status);
    return reply;
}

}  // namespace

ApiReply get(const ApiAddress& address, const std::string& path) {
    try {
        return asked(address, path);
    } catch (const std::exception& error) { return {false, 0, "", address.url + ": " + error.what()}; }
}

}  // namespace volt::ctl
