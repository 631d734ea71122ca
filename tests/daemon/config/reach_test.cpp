#include "daemon/config/reach.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace volt;

namespace {

struct File {
    std::string directory = "/var/tmp/volt-reach-XXXXXX", path;
    File() { path = std::string(::mkdtemp(directory.data())) + "/voltd.yaml"; }
    ~File() { std::filesystem::remove_all(directory); }
    Reach with(const std::string& text) const {
        std::ofstream(path) << text;
        return read_reach(path);
    }
};

constexpr const char* good = R"(site: shed
victron: { host: 127.0.0.1 }
mqtt: { url: "mqtt://127.0.0.1:1883" }
database: /tmp/shed.db
api:
  listen: 127.0.0.1:9000
  token_file: /run/shed/token
)";

}  // namespace

TEST_CASE("uses a valid file unchanged") {
    const Reach reach = File().with(good);
    CHECK(reach.trouble.empty());
    CHECK(reach.api.port == 9000);
    CHECK(reach.api.token_file == "/run/shed/token");
    CHECK(reach.database == "/tmp/shed.db");
    CHECK(reach.site == "shed");
}

TEST_CASE("reads API and database despite mistakes elsewhere") {
    const File file;
    for (const char* mistake : {"victrom: {}\n", "\tweather: [\n", "outputs: {{{\n", "control: { tick_s: 99 }\n", "a: &b c\n"}) {
        CAPTURE(mistake);
        const Reach reach = file.with(std::string(good) + mistake);
        CHECK_FALSE(reach.trouble.empty());
        CHECK(reach.api.port == 9000);
        CHECK(reach.api.token_file == "/run/shed/token");
        CHECK(reach.database == "/tmp/shed.db");
        CHECK(reach.site == "shed");
    }
    CHECK(file.with(std::string(good) + "victrom: {}\n").trouble == file.path + " has 1 problem (line 8: victrom: unknown key)");
}

TEST_CASE("replaces an invalid value with its default and keeps the rest") {
    const File file;
    const Reach reach =
        file.with("site: shed\napi: { listen: shed:9000, token_file: /run/shed/token, tocken: 3 }\ndatabase: [1]\n");
    CHECK(reach.api.host == "127.0.0.1");
    CHECK(reach.api.port == 8480);
    CHECK(reach.api.token_file == "/run/shed/token");
    CHECK(reach.database == "/var/lib/voltd/voltd.db");
    CHECK(file.with("api: 5\n").api == ApiConfig{});
}

TEST_CASE("uses defaults for an unreadable file and reports it") {
    const File file;
    CHECK(read_reach(file.path).trouble.find("file not found") != std::string::npos);
    CHECK(read_reach(file.path).api == ApiConfig{});
    CHECK_FALSE(file.with("").trouble.empty());
    CHECK_FALSE(read_reach(file.directory).trouble.empty());
    std::ofstream(file.path) << good;
    REQUIRE(::chmod(file.path.c_str(), 0) == 0);
    if (::access(file.path.c_str(), R_OK) != 0)
        CHECK(read_reach(file.path).trouble == file.path + " cannot be opened: Permission denied");
}
