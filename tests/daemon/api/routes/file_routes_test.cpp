// Tests of the page's files over a real port, without credentials. Names are compared with the table.
#include "daemon/api/routes/file_routes.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include "daemon/web/files.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::fixture;

namespace {

const std::string hash(web::hash());

/// Returns status line, head and body of a request.
std::string asked(const Served& served, const std::string& path, const std::string& headers = "Accept-Encoding: gzip\r\n",
                  const std::string& method = "GET") {
    const RawClient client(served.port);
    client.say(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    return client.hear();
}

int status_of(const std::string& answer) { return std::stoi(answer.substr(answer.find(' ') + 1, 3)); }
bool says(const std::string& answer, const std::string& line) { return answer.find(line + "\r\n") != std::string::npos; }

}  // namespace

TEST_CASE("serves the packed page to anyone with revalidation") {
    const Served served;
    const std::string page = asked(served, "/");
    CHECK(status_of(page) == 200);
    for (const char* line : {"Content-Encoding: gzip", "Cache-Control: no-cache", "Content-Type: text/html; charset=utf-8",
                             "Vary: Accept-Encoding", "X-Content-Type-Options: nosniff"})
        CHECK(says(page, line));
    CHECK(says(page, "ETag: \"" + hash + "\""));
    CHECK_FALSE(says(page, "Cache-Control: no-store"));
    const std::string known = asked(served, "/", "Accept-Encoding: gzip\r\nIf-None-Match: \"" + hash + "\"\r\n");
    CHECK(status_of(known) == 304);
    CHECK(known.ends_with("\r\n\r\n"));
    CHECK(status_of(asked(served, "/", "Accept-Encoding: gzip\r\nIf-None-Match: \"00000000\"\r\n")) == 200);
    httplib::Client browser("127.0.0.1", served.port);
    browser.set_default_headers({{"Accept-Encoding", "gzip"}});
    const auto unpacked = browser.Get("/");
    REQUIRE(unpacked);
    CHECK(unpacked->body.starts_with("<!doctype html>"));
    CHECK(unpacked->body.find("HASH") == std::string::npos);
}

TEST_CASE("compresses files only with gzip") {
    const Served served;
    CHECK(status_of(asked(served, "/", "")) == 406);
    CHECK(status_of(asked(served, "/ui/" + hash + "/dygraph.js", "Accept-Encoding: br\r\n")) == 406);
    for (const char* taken : {"gzip", "deflate, GZIP;q=0.5", "br,gzip", "*", "gzip; q=1"}) CHECK(api::accepts_gzip(taken));
    for (const char* refused : {"", "br", "gzip;q=0", "gzip; q=0.000", "x, *;q=0", "identity"})
        CHECK_FALSE(api::accepts_gzip(refused));
}

TEST_CASE("gives each file a permanent address, type and length") {
    const Served served;
    REQUIRE(hash.size() == 8);
    REQUIRE(web::files().size() > 2);
    httplib::Client browser("127.0.0.1", served.port);
    browser.set_default_headers({{"Accept-Encoding", "gzip"}});
    for (const web::File& file : web::files()) {
        CAPTURE(file.name);
        const auto answer = browser.Get("/ui/" + hash + "/" + std::string(file.name));
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(answer->body.size() == file.size);
        CHECK(answer->get_header_value("Content-Type") == file.type);
        CHECK_FALSE(file.type.empty());
        CHECK(answer->get_header_value("Cache-Control") == "public, max-age=31536000, immutable");
    }
}

TEST_CASE("compares names with the table and builds no path") {
    const Served served;
    const std::vector<std::string> paths = {"/ui/",
                                            "/ui/../../etc/passwd",
                                            "/ui/%2e%2e/%2e%2e/etc/passwd",
                                            "/ui/" + hash + "/../files.hpp",
                                            "/ui/" + hash + "/%2e%2e/files.hpp",
                                            "/ui/" + hash + "/",
                                            "/ui/" + hash,
                                            "/ui/00000000/index.html",
                                            "/ui//index.html",
                                            "/ui/index.html",
                                            "/ui/" + hash + "/index.html%00",
                                            "/ui/" + hash + "/INDEX.HTML"};
    for (const std::string& path : paths) {
        CAPTURE(path);
        CHECK(status_of(asked(served, path)) == 404);
    }
    CHECK(status_of(asked(served, "/?code=K7QX4M2P")) == 400);
    CHECK(status_of(asked(served, "/", "Accept-Encoding: gzip\r\nContent-Type: text/plain\r\n", "POST")) == 405);
    CHECK(status_of(asked(served, "/etc/passwd")) == 401);
}

TEST_CASE("serves a development directory only to this machine") {
    const TempDir directory;
    std::ofstream(directory.path + "/index.html") << "<!doctype html><script src=/ui/HASH/app.js>";
    api::Router router;
    router.add(api::file_routes(directory.path));
    const auto get = [&](const std::string& path, const std::string& peer) {
        return router.answer({.method = "GET", .path = path, .accept_encoding = "gzip", .peer = peer});
    };
    CHECK(get("/", "127.0.0.1").body == "<!doctype html><script src=/ui/" + hash + "/app.js>");
    CHECK(get("/", "127.0.0.1").encoding.empty());
    CHECK(get("/", "192.168.1.7").status == 404);
    CHECK(get("/ui/" + hash + "/dygraph.js", "127.0.0.1").encoding == "gzip");
    std::ofstream(directory.path + "/new_view.js") << "export {};";
    CHECK(get("/ui/" + hash + "/new_view.js", "127.0.0.1").body == "export {};");
    CHECK(get("/ui/" + hash + "/new_view.js", "127.0.0.1").type == "text/javascript; charset=utf-8");
    std::filesystem::create_directory(directory.path + "/in");
    for (const char* secret : {"secret", ".js", "a.key", "in/a.js", "a-b.js"}) {
        std::ofstream(directory.path + "/" + secret) << "s";
        CHECK_MESSAGE(get("/ui/" + hash + "/" + secret, "127.0.0.1").status == 404, secret);
    }
    CHECK(get("/ui/" + hash + "/in/../new_view.js", "127.0.0.1").status == 404);
}
