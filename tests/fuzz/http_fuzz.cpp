// The local API with arbitrary bytes: a request as bytes on a socket, or its parts passed to the router directly. Any answer
// except 500 is correct; aborts if a requirement fails.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "daemon/api/server/server.hpp"
#include "drivers/store/store.hpp"

using namespace volt;

namespace {

constexpr std::size_t most_bytes = 8192;
const std::string token = "0123456789abcdef0123456789abcdef";  // replaces `%T` in a request
const std::string cookie_mark = "%C";                          // replaced by the cookie of a browser that may operate

void require(bool promise, const char* what) {
    if (promise) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

/// A server on a fresh database, without a loop: requests that need one get 503 at once.
struct Served {
    std::string directory;
    OpenedStore opened;
    ApiServer server;
    int port = 0;
    std::string cookie;

    Served() {
        std::string pattern = (std::filesystem::temp_directory_path() / "volt-fuzz-XXXXXX").string();
        directory = ::mkdtemp(pattern.data());
        auto store = open_store(directory + "/voltd.db");
        require(store.ok(), "a database");
        opened = std::move(store.value());
        server.serve_database(directory + "/voltd.db", *opened.store);
        const auto started = server.start("127.0.0.1", 0, directory + "/token");
        require(started.ok(), "a server");
        port = started.value();
        std::ofstream(directory + "/token") << token;
        require(server.take_token(directory + "/token").empty(), "a token");
        cookie = sign_in();
    }
    std::string sign_in() const {
        const api::HttpAnswer made = server.router().answer(
            {.method = "POST", .path = "/api/sessions/code", .body = "{}", .caller = {api::Role::owner, false, "owner"}});
        require(made.status == 200, "a code");
        const std::string code = nlohmann::json::parse(made.body)["code"];
        const api::HttpAnswer entered =
            server.router().answer({.method = "POST", .path = "/session", .body = R"({"name":"Phone","code":")" + code + "\"}"});
        require(entered.status == 200, "a session");
        return entered.cookie.substr(0, entered.cookie.find(';'));
    }
    ~Served() {
        server.stop();
        opened.store->close(Duration{2000});
        std::filesystem::remove_all(directory);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
};

Served& served() {
    static Served one;
    return one;
}

std::string take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

/// Parses lines: method, path, query as `key=value&…`, then the body.
void ask_router(std::string_view rest) {
    api::HttpRequest request;
    request.method = take_line(rest);
    request.path = take_line(rest);
    std::string query = take_line(rest);
    while (!query.empty()) {
        const std::string pair = query.substr(0, query.find('&'));
        query.erase(0, pair.size() + 1);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        request.query.emplace(pair.substr(0, equals), equals < pair.size() ? pair.substr(equals + 1) : "");
    }
    request.body = rest;
    request.caller = {api::Role::owner, false, "owner"};
    const api::HttpAnswer answer = served().server.router().answer(request);
    require(answer.status >= 200 && answer.status < 600 && answer.status != 500, "an answer, and no fault of ours");
    if (answer.type != "application/json" || answer.status == 204) return;
    const auto object = nlohmann::json::parse(answer.body, nullptr, false);
    require(!object.is_discarded(), "JSON");
    if (answer.status >= 400 && request.path != "/health") require(object.contains("error"), "an error with words");
}

void ask_socket(std::string_view bytes) {
    std::string text(bytes);
    const std::string& cookie = served().cookie;
    for (std::size_t at = 0; (at = text.find("%T", at)) != std::string::npos; at += token.size()) text.replace(at, 2, token);
    for (std::size_t at = 0; (at = text.find(cookie_mark, at)) != std::string::npos; at += cookie.size())
        text.replace(at, cookie_mark.size(), cookie);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(served().port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "a listening server");
    [[maybe_unused]] const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    std::string answer;
    char room[4096];
    pollfd watched{fd, POLLIN, 0};
    while (::poll(&watched, 1, 8000) > 0) {
        const ssize_t got = ::recv(fd, room, sizeof room, 0);
        if (got <= 0) break;
        answer.append(room, static_cast<std::size_t>(got));
    }
    ::close(fd);
    require(!answer.starts_with("HTTP/1.1 500"), "no fault of ours");
    const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    const bool file = answer.find("\r\nVary: Accept-Encoding\r\n") != std::string::npos;
    const bool may = has(token) || has(cookie) || has("/health") || has("/session") || file;
    const bool done = answer.starts_with("HTTP/1.1 2");
    require(may || !done, "nothing without the token or a cookie");
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool changes = !text.starts_with("GET") && !text.starts_with("HEAD");
    require(!done || !changes || has(token) || has("/session") || lower.find("x-voltd") != std::string::npos,
            "no change by a cookie alone");
}

}  // namespace

/// Chooses by the first byte: even for the router, odd for a socket.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > most_bytes) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    data[0] % 2 == 0 ? ask_router(rest) : ask_socket(rest);
    return 0;
}
