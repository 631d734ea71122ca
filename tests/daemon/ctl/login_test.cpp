// Tests of voltctl login, key and users as a process, against a real server with its database.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::fixture;

namespace login_test {

using nlohmann::json;
using volt::testing::Ended;
using volt::testing::shell;

namespace {

struct Access {
    TempDir directory;
    std::string path = directory.path + "/voltd.db", file = directory.path + "/voltd.yaml";
    OpenedStore opened = std::move(open_store(path).value());
    ApiServer server;
    int port = 0;

    Access() {
        server.serve_database(path, *opened.store);
        const std::string token_file = directory.path + "/token";
        port = server.start("127.0.0.1", 0, token_file).value();
        if (const std::string why = server.open_socket(directory.path + "/api.sock"); !why.empty()) FAIL(why);
        std::ofstream(file) << "site: test\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\ndatabase: "
                            << path << "\napi: { listen: 127.0.0.1:1, token_file: " << token_file << " }\n";
    }
    ~Access() {
        server.stop();
        opened.store->close(Duration{2000});
    }
    Ended call(const std::string& arguments) const { return shell(VOLTCTL " --config " + file + " " + arguments); }
    json ask(const std::string& arguments) const {
        const Ended ended = call(arguments + " --json");
        CHECK_MESSAGE(ended.code == 0, ended.out);
        return json::parse(ended.out, nullptr, false);
    }
    int answered(const std::string& request) const {
        const RawClient client(port);
        client.say(request);
        const std::string answer = client.hear();
        return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
    }
    int status(const std::string& where, const std::string& key) const {
        return answered("GET " + where + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n");
    }
    int sign_in(const std::string& code, const std::string& name) const {
        const std::string body = json{{"code", code}, {"name", name}}.dump();
        return answered("POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
                        "\r\n\r\n" + body);
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("prints a code and signs a browser out by name") {
    const Access at;
    const json code = at.ask("login --view --days 30 --name Tablet");
    CHECK(code["role"] == "view");
    CHECK(code["days"] == 30);
    CHECK(code["url"] == "http://127.0.0.1:" + std::to_string(at.port) + "/#" + code["code"].get<std::string>());
    const Ended plain = at.call("login");
    CHECK(plain.code == 0);
    CHECK(has(plain.out, "Open http://127.0.0.1:"));
    CHECK(has(plain.out, "████ ▄▄▄▄▄ █"));  // corner of the QR code
    CHECK(has(plain.out, "admin@wildfireranch.us (operate), once, until 20"));
    CHECK(at.sign_in(code["code"], "Wall") == 200);
    CHECK(at.sign_in(code["code"], "Wall") == 401);
    CHECK(has(at.call("key list").out, "Wall"));
    const Ended unknown = at.call("key rm Wal");
    CHECK(unknown.code == 1);
    CHECK(has(unknown.out, "Wall"));
    CHECK(at.call("key rm Wall").code == 0);
    CHECK(at.ask("key list").empty());
    CHECK(at.call("login --days 0").code == 2);
    CHECK(at.call("login --user nobody@example.org").code == 1);
}

TEST_CASE("shows a key once and honors its role until removal") {
    const Access at;
    const json made = at.ask("key add prometheus");
    const std::string key = made["key"];
    CHECK(made["role"] == "view");
    CHECK(at.status("/metrics", key) != 401);
    CHECK(at.status("/api/users", key) == 403);
    const Ended plain = at.call("key add script --role operate --days 2");
    CHECK(has(plain.out, "Key of script (operate) until 20"));
    CHECK(has(plain.out, "not shown again"));
    CHECK(at.call("key add script").code == 1);
    CHECK(at.call("key add x --role owner").code == 2);
    CHECK_FALSE(has(at.call("key list").out, key));
    CHECK(at.ask("key list").size() == 2);
    CHECK(at.call("key rm prometheus").code == 0);
    CHECK(at.status("/metrics", key) == 401);
    CHECK(at.call("key rm prometheus").code == 1);
}

TEST_CASE("adds, lists and removes users but not the owner") {
    const Access at;
    CHECK(has(at.call("users add guest@example.org").out, "guest@example.org (user) added"));
    CHECK(at.call("users add guest@example.org").code == 1);
    CHECK(at.call("users add nonsense").code == 1);
    CHECK(at.ask("users add second@example.org --admin")["role"] == "admin");
    const json users = at.ask("users list");
    REQUIRE(users.size() == 3);
    CHECK(users[2]["email"] == "guest@example.org");
    CHECK(has(at.call("users list").out, "guest@example.org"));
    CHECK(at.ask("login --user guest@example.org")["role"] == "view");
    CHECK(at.call("users rm guest@example.org").code == 0);
    const Ended owner = at.call("users rm admin@wildfireranch.us");
    CHECK(owner.code == 1);
    CHECK(has(owner.out, "belong to this user"));
    CHECK(at.call("users rm guest@example.org").code == 1);
}

TEST_CASE("reports a missing voltd") {
    const TempDir directory;
    const std::string file = directory.path + "/voltd.yaml";
    std::ofstream(file) << "site: test\nvictron: { host: 127.0.0.1 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\napi: { token_file: "
                        << directory.path << "/token }\n";
    for (const char* command : {"login", "key list", "key add x", "users list"})
        CHECK_MESSAGE(shell(VOLTCTL " --config " + file + " " + command).code == 3, command);
}

}  // namespace login_test
