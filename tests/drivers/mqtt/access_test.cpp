#include "drivers/mqtt/access.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "drivers/source.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

bool nobody_gives_up() { return false; }

}  // namespace

TEST_CASE("needs no query for an address without a password") {
    BrokerConfig config;
    config.host = "127.0.0.1";
    BrokerAccess access(config);
    CHECK(access.answered());
    const auto keys = access.take(monotonic_now(), nobody_gives_up);
    REQUIRE(keys);
    CHECK(keys.value().host == "127.0.0.1");
    CHECK(keys.value().password.empty());
}

TEST_CASE("a hanging password file delays a caller until its deadline") {
    TempDir dir;
    const std::string pipe = dir / "password";  // opening it hangs until there is a writer
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    BrokerConfig config;
    config.host = "127.0.0.1";
    config.password_file = pipe;
    BrokerAccess access(config);
    access.ask();
    CHECK_FALSE(access.answered());
    auto keys = access.take(monotonic_now() + 50ms, nobody_gives_up);
    REQUIRE_FALSE(keys);
    CHECK(keys.failure().fault == Fault::refused);
    CHECK(keys.failure().text == "password file " + pipe + " does not answer");
    keys = access.take(monotonic_now() + 1h, [] { return true; });
    CHECK_FALSE(keys);
    write_file(pipe, "secret\n");
    CHECK(eventually([&] { return access.answered(); }));
    keys = access.take(monotonic_now() + 30s, nobody_gives_up);
    REQUIRE(keys);
    CHECK(keys.value().password == "secret");
}

TEST_CASE("keeps a password until it is refused, then rereads the file") {
    TempDir dir;
    write_file(dir / "password", "old\n");
    BrokerConfig config;
    config.host = "127.0.0.1";
    config.password_file = dir / "password";
    BrokerAccess access(config);
    const auto password = [&] { return access.take(monotonic_now() + 30s, nobody_gives_up).value().password; };
    CHECK(password() == "old");
    write_file(dir / "password", "new\n");
    CHECK(password() == "old");
    access.forget_password();
    CHECK(password() == "new");
}
