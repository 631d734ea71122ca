// Tests of the API's doors: the Unix socket, compressed bodies, and exhausted places or descriptors.
#include "daemon/api/server/door.hpp"

#include <doctest/doctest.h>
#include <grp.h>
#include <httplib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <future>
#include <list>
#include <thread>

#include "daemon/api/server/connection.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::fixture;

namespace {

struct Both : Served {
    std::string socket = directory.path + "/api.sock";
    Site site;
    Both() {
        if (const std::string why = server.open_socket(socket); !why.empty()) FAIL(why);
        show(server, site);
    }
    std::string bearer() const { return "Authorization: Bearer " + token + "\r\n"; }
};

std::string request(const std::string& method, const std::string& path, const std::string& more = "",
                    const std::string& body = "") {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n" + body;
}

template <class Where>
std::string answer(const Where& where, const std::string& text) {
    const RawClient client(where);
    client.say(text);
    return client.hear();
}

std::string sized(const std::string& body) { return "Content-Length: " + std::to_string(body.size()) + "\r\n"; }

/// Returns 300 MB of spaces, compressed.
std::string folded() {
    std::string out;
    httplib::detail::brotli_compressor compressor;
    const std::string piece(1 << 20, ' ');
    for (int i = 0; i < 300; ++i)
        compressor.compress(piece.data(), piece.size(), i == 299, [&](const char* bytes, std::size_t size) {
            out.append(bytes, size);
            return true;
        });
    return out;
}

long peak_kb() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    return 0;
}

struct stat about(const std::string& path) {
    struct stat it {};
    ::lstat(path.c_str(), &it);
    return it;
}

}  // namespace

TEST_CASE("treats a socket client as owner and ignores X-Volt-Who elsewhere") {
    const Both at;
    CHECK(answer(at.socket, request("GET", "/api/status")).starts_with("HTTP/1.1 200"));
    CHECK(answer(at.socket, request("POST", "/db/nothing")).starts_with("HTTP/1.1 404"));
    CHECK(answer(at.port, request("GET", "/api/status", "X-Volt-Who: pi\r\n")).starts_with("HTTP/1.1 401"));
}

TEST_CASE("names the author by socket name or token") {
    TempDir directory;
    ApiServer server;
    server.add({{"GET", "/who", [](const api::HttpRequest& it) { return api::HttpAnswer{200, it.caller.who}; }}});
    REQUIRE(server.start("127.0.0.1", 0, directory.path + "/token"));
    REQUIRE(server.open_socket(directory.path + "/s") == "");
    std::string token;
    std::ifstream(directory.path + "/token") >> token;
    const auto body = [](const std::string& text) { return text.substr(text.find("\r\n\r\n") + 4); };
    const auto named = [&](const std::string& who) {
        return body(answer(directory.path + "/s", request("GET", "/who", "X-Volt-Who: " + who + "\r\n")));
    };
    CHECK(named("pi") == "voltctl pi");
    CHECK(named("pi for agent:claude") == "voltctl pi for agent:claude");
    CHECK(named(std::string(64, 'x')) == "voltctl " + std::string(64, 'x'));
    CHECK(named(std::string(65, 'x')) == "owner");
    CHECK(named("p\xc3\xa4") == "owner");
    CHECK(body(answer(server.port(), request("GET", "/who", "Authorization: Bearer " + token + "\r\nX-Volt-Who: pi\r\n"))) ==
          "owner");
}

TEST_CASE("limits the socket to owner and group despite umask") {
    for (const mode_t mask : {mode_t{0}, mode_t{0022}, mode_t{0077}, mode_t{0777}}) {
        TempDir directory;
        ApiServer server;
        const mode_t before = ::umask(mask);
        const std::string why = server.open_socket(directory.path + "/s");
        ::umask(before);
        CHECK(why == "");
        const struct stat it = about(directory.path + "/s");
        CHECK(S_ISSOCK(it.st_mode));
        CHECK((it.st_mode & 07777) == 0660);
        if (const group* voltd = ::getgrnam("voltd"); voltd != nullptr && ::getuid() == 0) CHECK(it.st_gid == voltd->gr_gid);
        server.stop();
        CHECK_FALSE(std::filesystem::exists(directory.path + "/s"));
    }
}

TEST_CASE("replaces only a socket without a listener") {
    TempDir directory;
    const std::string path = directory.path + "/s";
    const pid_t dying = ::fork();
    if (dying == 0) {  // exits without cleanup
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        ::_exit(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(fd, 1) == 0 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(dying, &status, 0) == dying);
    REQUIRE(status == 0);
    ApiServer first, second;
    CHECK(first.open_socket(path) == "");
    CHECK(second.open_socket(path) == "cannot listen on " + path + ": another program is listening there");
    second.stop();
    CHECK(answer(path, request("GET", "/health")).starts_with("HTTP/1.1 503"));
    first.stop();
    std::ofstream(path) << "precious";
    CHECK(first.open_socket(path).starts_with("cannot listen on " + path + ": a file that is not a socket"));
    CHECK(first.open_socket(directory.path + "/" + std::string(120, 'x')).ends_with("the path is too long for a socket"));
}

TEST_CASE("reopens a socket whose file was removed") {
    TempDir directory;
    const std::string path = directory.path + "/s";
    ApiServer server;
    REQUIRE(server.open_socket(path) == "");
    std::filesystem::remove(path);
    CHECK(server.open_socket(path) == "");
    CHECK(answer(path, request("GET", "/health")).starts_with("HTTP/1.1 503"));
}

TEST_CASE("never decompresses a body") {
    const Both at;
    const std::string bomb = folded();
    REQUIRE(bomb.size() < 4000);
    std::ofstream("/proc/self/clear_refs") << "5";
    const long before = peak_kb();
    const std::string head = "Content-Encoding: br\r\n" + sized(bomb);
    CHECK(answer(at.port, request("POST", "/health", head, bomb)).starts_with("HTTP/1.1 405"));
    CHECK(answer(at.port, request("GET", "/health", head, bomb)).starts_with("HTTP/1.1 415"));
    CHECK(answer(at.port, request("PUT", "/api/preferences", head, bomb)).starts_with("HTTP/1.1 401"));
    for (const char* path : {"/api/mode", "/api/overrides/x"})
        CHECK(answer(at.port, request("POST", path, at.bearer() + head, bomb)).starts_with("HTTP/1.1 415"));
    CHECK(answer(at.socket, request("POST", "/api/mode", head, bomb)).starts_with("HTTP/1.1 415"));
    CHECK(answer(at.socket, request("POST", "/api/mode", "Content-Encoding: gzip\r\n" + sized("x"), "x"))
              .starts_with("HTTP/1.1 415"));
    CHECK(peak_kb() - before < 100'000);
}

TEST_CASE("never returns the token in an answer") {
    const Both at;
    for (const api::Route& route : at.server.router().routes()) {
        std::string path = route.pattern;
        if (const auto place = path.find("{}"); place != std::string::npos) path.replace(place, 2, "x");
        for (const char* method : {"GET", "OPTIONS"}) {
            CHECK(answer(at.port, request(method, path, at.bearer())).find(at.token) == std::string::npos);
            CHECK(answer(at.socket, request(method, path)).find(at.token) == std::string::npos);
        }
        CHECK(answer(at.port, request("GET", path, "Authorization: Bearer x" + at.token + "\r\n")).find(at.token) ==
              std::string::npos);
    }
}

TEST_CASE("ignores a body for a route that takes none") {
    const Both at;
    for (const char* path : {"/health", "/api/status", "/api/explain"})
        CHECK(answer(at.port, request("GET", path, at.bearer() + "Content-Length: 60000\r\n", "{")).starts_with("HTTP/1.1 200"));
    const std::string end = answer(at.socket, request("POST", "/api/outputs/x/test", "Content-Length: 60000\r\n"));
    CHECK(end.find("HTTP/1.1 4") == std::string::npos);  // the loop is asked, but does not run: 503
    CHECK(end.find("(silence)") == std::string::npos);
}

TEST_CASE("bounds endless heads and bodies and thirty of each") {
    const Both at;
    std::ofstream("/proc/self/clear_refs") << "5";
    const long before = peak_kb();
    std::list<RawClient> greedy;
    const std::string line = "X: " + std::string(4000, 'a') + "\r\n";
    for (int i = 0; i < 15; ++i) {
        greedy.emplace_back(at.port).say("GET /health HTTP/1.1\r\n");
        for (int k = 0; k < 500 && greedy.back().say(line); ++k) {}
        greedy.emplace_back(at.port).say(request("POST", "/api/mode", at.bearer() + "Transfer-Encoding: chunked\r\n"));
        for (int k = 0; k < 40 && greedy.back().say("10000\r\n" + std::string(0x10000, ' ') + "\r\n"); ++k) {}
    }
    for (const RawClient& client : greedy) client.hear();
    CHECK(peak_kb() - before < 100'000);
    CHECK(answer(at.socket, request("GET", "/health")).starts_with("HTTP/1.1 200"));
}

TEST_CASE("serves the socket while the port is crowded") {
    const Both at;
    std::list<RawClient> crowd;
    // With the token and a body that never arrives, each keeps a place for 10 s, until there are no more.
    for (int i = 0; i < 60; ++i)
        crowd.emplace_back(at.port).say(request("PUT", "/api/preferences", at.bearer() + "Content-Length: 9\r\n", "{"));
    for (int i = 0; i < 60; ++i) crowd.emplace_back(at.port).say("GET /api/sta");
    for (int i = 0; i < 10; ++i) CHECK(answer(at.socket, request("GET", "/api/status")).starts_with("HTTP/1.1 200"));
    // Idle clients on the socket itself do not matter either.
    for (int i = 0; i < 40; ++i) crowd.emplace_back(at.socket).say("GET /api/sta");
    bool served = false;
    for (int i = 0; i < 100 && !served; ++i)
        served = answer(at.socket, request("GET", "/api/status")).starts_with("HTTP/1.1 200");
    CHECK(served);
}

TEST_CASE("limits requests without credentials to half the places") {
    std::promise<void> end;
    const std::shared_future<void> ended = end.get_future().share();
    std::atomic<int> inside = 0;
    api::Router router;
    router.add({{"GET", "/health", [&](const api::HttpRequest&) {
                     ++inside;
                     ended.wait();
                     return api::HttpAnswer{200, "{}"};
                 }}});
    const api::Gate gate = [](const api::RequestHead& head) {
        return api::Admitted{.caller = {head.authorization.empty() ? api::Role::none : api::Role::view, false, ""}};
    };
    std::vector<api::Listening> listening;
    listening.push_back(std::move(api::listen_at("127.0.0.1", 0).value()));
    api::Door door(std::move(listening), router, gate, 8);
    REQUIRE(door.open());
    std::list<RawClient> clients;
    const auto ask = [&](const std::string& headers) {
        clients.emplace_back(door.port()).say(request("GET", "/health", headers));
    };
    for (int i = 0; i < 4; ++i) ask("");
    while (inside < 4) std::this_thread::yield();
    const std::string refused = answer(door.port(), request("GET", "/health"));
    CHECK(refused.starts_with("HTTP/1.1 503"));
    CHECK(refused.find("Retry-After: 1\r\n") != std::string::npos);
    for (int i = 0; i < 4; ++i) ask("Authorization: x\r\n");
    while (inside < 8) std::this_thread::yield();
    end.set_value();
    for (const RawClient& client : clients) CHECK(client.hear().starts_with("HTTP/1.1 200"));
    clients.clear();
}

TEST_CASE("keeps the last descriptors from HTTP") {
    const Both at;
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int first = ::dup(0), second = ::dup(0);  // for client and server, with possible others in between
    ::close(first);
    ::close(second);
    const rlimit tight{static_cast<rlim_t>(second) + 1, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
    const std::string by_port = answer(at.port, request("GET", "/health")),
                      by_socket = answer(at.socket, request("GET", "/health"));
    std::list<int> all;  // now nothing is left, and the accepting threads must survive
    for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) all.push_back(fd);
    ::close(all.back());
    all.pop_back();
    {
        const RawClient client(at.port);
        std::this_thread::sleep_for(50ms);
    }
    for (const int fd : all) ::close(fd);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(by_port.starts_with("HTTP/1.1 503"));
    CHECK(by_socket.starts_with("HTTP/1.1 503"));
    CHECK(answer(at.port, request("GET", "/health")).starts_with("HTTP/1.1 200"));
    CHECK(answer(at.socket, request("GET", "/health")).starts_with("HTTP/1.1 200"));
}

TEST_CASE("sends files whole and compresses long answers with gzip") {
    fixture::TempDir directory;
    std::string bytes(200'000, 'x');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 % 251);
    std::ofstream(directory.path + "/file", std::ios::binary) << bytes;
    ApiServer server;
    const auto gives = [](api::HttpAnswer answer) { return [answer](const api::HttpRequest&) { return answer; }; };
    api::HttpAnswer file{.type = "application/vnd.sqlite3", .download = directory.path + "/file"};
    server.add({{"GET", "/test/file", gives(file)},
                {"GET", "/test/short", gives({.body = std::string(1000, ' ')})},
                {"GET", "/test/long", gives({.body = std::string(10'000, ' ')})}});
    const auto port = server.start("127.0.0.1", 0, directory.path + "/token");
    REQUIRE(port);
    std::string token;
    std::ifstream(directory.path + "/token") >> token;
    httplib::Client client("127.0.0.1", port.value());
    client.set_decompress(false);
    const auto get = [&](const char* path) {
        return client.Get(path, {{"Authorization", "Bearer " + token}, {"Accept-Encoding", "gzip, deflate, br"}});
    };
    const auto whole = get("/test/file");
    REQUIRE(whole);
    CHECK(whole->status == 200);
    CHECK(whole->get_header_value("Content-Type") == "application/vnd.sqlite3");
    CHECK((whole->body == bytes));
    CHECK(get("/test/short")->get_header_value("Content-Encoding") == "");
    CHECK(get("/test/long")->get_header_value("Content-Encoding") == "gzip");
}
