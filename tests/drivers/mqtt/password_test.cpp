#include "drivers/mqtt/password.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::testing;

TEST_CASE("the password is the first line of its file or credential") {
    TempDir dir;
    CHECK(read_password("").value().empty());
    CHECK_FALSE(read_password(dir / "mqtt.password").ok());
    CHECK(read_password(dir / "mqtt.password").failure().text.find("mqtt.password") != std::string::npos);
    write_file(dir / "mqtt.password", "from the file\r\nsecond line\n");
    CHECK(read_password(dir / "mqtt.password").value() == "from the file");

    std::filesystem::create_directory(dir / "credentials");
    setenv("CREDENTIALS_DIRECTORY", (dir / "credentials").c_str(), 1);
    CHECK(read_password(dir / "mqtt.password").value() == "from the file");
    write_file(dir / "credentials/mqtt.password", "from systemd");
    CHECK(read_password(dir / "mqtt.password").value() == "from systemd");
    unsetenv("CREDENTIALS_DIRECTORY");

    write_file(dir / "huge", std::string(100000, 'x'));
    CHECK_FALSE(read_password(dir / "huge").ok());
}
