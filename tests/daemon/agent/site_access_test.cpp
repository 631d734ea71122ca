#include "daemon/agent/site_access.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "daemon/agent/ask/privacy.hpp"
#include "tests/daemon/agent/agent_site.hpp"

using namespace volt;
using namespace volt::agent;

namespace site_access_test {

namespace {

std::string role_of(const SiteAccess& access) {
    const SiteReply session = access.site->get("/session", {}, {});
    return session.error.empty() ? session.body["role"].dump() : session.error;
}

}  // namespace

TEST_CASE("creates one limited key and voids the old one") {
    agent::testing::AgentSite at;
    CHECK(access_of(at.config).troubles ==
          std::vector<std::string>{"no key in " + at.config.voltd.key_file + "; create one: sudo volt-agent setup"});
    CHECK(!wiring_words(access_of(at.config).site->yaml()).empty());
    const auto key = [&] {
        std::string text;
        std::ifstream(at.config.voltd.key_file) >> text;
        return text;
    };
    REQUIRE(make_agent_key(at.config) == "");
    const std::string first = key();
    struct stat about {};
    REQUIRE(::stat(at.config.voltd.key_file.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0640);
    const SiteAccess access = access_of(at.config);
    CHECK(access.troubles.empty());
    CHECK(role_of(access) == "\"propose\"");
    CHECK(access.site->database() == at.path);

    REQUIRE(make_agent_key(at.config) == "");
    CHECK(key() != first);
    CHECK(role_of(access) == "\"propose\"");  // read for each request
    ctl::ApiAddress owner;
    owner.socket = at.directory.path + "/api.sock";
    const Json keys = Json::parse(ctl::get(owner, "/api/sessions").body);
    CHECK(keys.size() == 1);
    std::ofstream(at.config.voltd.key_file) << first << '\n';
    CHECK(access.site->get("/api/status", {}, {}).error ==
          "voltd does not know the key in " + at.config.voltd.key_file + "; create one: sudo volt-agent setup");
}

TEST_CASE("omits SQL without a database and says why") {
    agent::testing::AgentSite at;
    REQUIRE(make_agent_key(at.config) == "");
    std::ofstream(at.config.voltd.config) << "database: " << at.directory.path << "/none.db\n";
    const SiteAccess access = access_of(at.config);
    CHECK(access.site->database() == "");
    REQUIRE_FALSE(access.troubles.empty());
    CHECK(access.troubles.back() == "query_history is not listed: " + at.directory.path + "/none.db: file not found");
}

TEST_CASE("says why it made no key") {
    agent::testing::AgentSite at;
    at.server.stop();
    CHECK(make_agent_key(at.config).find("not reachable") != std::string::npos);
    at.config.voltd.url = "http://192.168.1.5:8480";
    CHECK(make_agent_key(at.config).find("voltctl key add volt-agent --role propose") != std::string::npos);
}

}  // namespace site_access_test
