// Served page of the worked case, a token file in a private directory, and raw sockets for requests that no client would send.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "daemon/api/server/server.hpp"
#include "tests/daemon/site_fixture.hpp"

namespace volt::fixture {

/// Temporary directory, removed with the test.
struct TempDir {
    std::string path;
    TempDir() {
        std::string pattern = (std::filesystem::temp_directory_path() / "volt-api-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~TempDir() { std::filesystem::remove_all(path); }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
};

inline StatusSnapshot page_of(Site& site, const EventTail& tail = {}) {
    const SiteView view = site.view();
    StatusSnapshot page = status_of_turn(view, state_topics(view), alarm_topics(view), tail, StoreHealth{});
    page.posted = monotonic_now();
    return page;
}

/// Returns a page that does not expire while a busy machine is slow.
inline StatusSnapshot lasting_page(Site& site, const EventTail& tail = {}) {
    StatusSnapshot page = page_of(site, tail);
    page.good_for = 1h;
    return page;
}

inline void show(ApiServer& server, const StatusSnapshot& page) {
    server.boards().status.post(std::make_shared<const StatusSnapshot>(page));
}

/// Posts everything that the loop makes for readers. It does not expire.
inline void show(ApiServer& server, Site& site, const EventTail& tail = {}, std::uint64_t turn = 0) {
    StatusSnapshot page = lasting_page(site, tail);
    Explanations why = explanations_of_turn(site.view());
    why.posted = page.posted;
    why.good_for = page.good_for;
    page.turn = why.turn = turn;
    show(server, page);
    server.boards().explanations.post(std::make_shared<const Explanations>(std::move(why)));
}

struct Served {
    TempDir directory;
    ApiServer server;
    std::string token_file = directory.path + "/token";
    std::string token;
    int port = 0;

    Served() {
        const auto started = server.start("127.0.0.1", 0, token_file);
        if (!started) std::abort();
        port = started.value();
        std::ifstream(token_file) >> token;
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
};

/// Raw connection that can violate the protocol.
struct RawClient {
    int fd;
    explicit RawClient(int port) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
    }
    explicit RawClient(const std::string& path) : fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
    }
    ~RawClient() { ::close(fd); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool say(const std::string& text) const {
        return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    /// Returns everything up to and including this text, or an empty string after `limit_ms` of silence or when the server
    /// closes.
    std::string hear_until(const std::string& end, int limit_ms = 60'000) const {
        std::string text;
        char byte = 0;
        pollfd watched{fd, POLLIN, 0};
        while (!text.ends_with(end)) {
            if (::poll(&watched, 1, limit_ms) <= 0 || ::recv(fd, &byte, 1, 0) <= 0) return {};
            text += byte;
        }
        return text;
    }
    /// Returns everything until the server closes, or `limit_ms` of silence.
    std::string hear(int limit_ms = 5000) const {
        std::string text;
        char room[4096];
        pollfd watched{fd, POLLIN, 0};
        while (::poll(&watched, 1, limit_ms) > 0) {
            const ssize_t got = ::recv(fd, room, sizeof room, 0);
            if (got <= 0) return text;
            text.append(room, static_cast<std::size_t>(got));
        }
        return text + "(silence)";
    }
};

}  // namespace volt::fixture
