#include "daemon/ctl/doctor/redact.hpp"

#include <doctest/doctest.h>

using namespace volt::ctl::doctor;

namespace redact_test {

TEST_CASE("always removes passwords, tokens, logins, emails and keys") {
    const Secrets secrets{{"hunter22", "0123456789abcdef"}, {"gx.lan", "192.168.1.20"}};
    const std::string text =
        "password hunter22, token 0123456789abcdef\nmqtt://voltd:hunter33@broker:1883 jo@example.org\nBearer abc.DEF-123";
    for (const bool full : {false, true}) {
        const std::string made = redacted(text, secrets, full);
        CAPTURE(made);
        for (const char* secret : {"hunter22", "hunter33", "0123456789abcdef", "jo@", "abc.DEF"})
            CHECK(made.find(secret) == std::string::npos);
        CHECK(made.find("mqtt://REDACTED@broker:1883") != std::string::npos);
    }
}

TEST_CASE("keeps addresses and serial numbers only in full") {
    const Secrets secrets{{}, {"gx.lan", "localhost", "127.0.0.1"}};
    const std::string text =
        "gx.lan 192.168.1.20:502 fe80::1a2b:3c4d 127.0.0.1:1883 localhost\nb8:27:eb:12:34:56 HQ2123ABCDE serial number AB123456\n"
        "2025-06-21T12:34:56Z 12:34:56 version 1.2.3\n";
    CHECK(redacted(text, secrets, true) == text);
    CHECK(redacted(text, secrets, false) ==
          "HOST ADDRESS:502 ADDRESS 127.0.0.1:1883 localhost\nMAC SERIAL SERIAL\n"
          "2025-06-21T12:34:56Z 12:34:56 version 1.2.3\n");
}

TEST_CASE("keeps everything in voltd.yaml except passwords") {
    CHECK(without_passwords("mqtt:\n  username: voltd  # me\n  password: hunter22  # mine\n  password_file: /etc/x\n") ==
          "mqtt:\n  username: voltd  # me\n  password: REDACTED\n  password_file: REDACTED\n");
    CHECK(without_passwords("mqtt: { url: x, password: 'a, b' }\nsite: a") == "mqtt: { url: x, password: REDACTED\nsite: a");
    CHECK(without_passwords("\"token\": \"abc\"") == "\"token\": REDACTED");
    CHECK(without_passwords("site_place:\n  latitude: 52.5\n  longitude: 13\nsite: a").find("52.5") == std::string::npos);
    CHECK(without_passwords("") == "");
}

TEST_CASE("finds a secret under any name and in comments") {
    for (const char* text :
         {"api_key: hunter22", "MyPassphrase: hunter22", "client_secret: hunter22", "a: { b: 1, Token: hunter22 }",
          "#password: hunter22", "# password hunter22", "# the token, again: hunter22", "x: 1 # pass=hunter22",
          "password:\n  hunter22", "password: |\n  one\n\n  hunter22", "password: one\n  hunter22", "- password: >\n    hunter22",
          "a: {\n  password: \"one\n hunter22\", b: 1 }", "# password: |\n#   hunter22", "? password\n: hunter22",
          "url: mqtt://voltd:hun/hunter22\"@broker", "url: \"mqtt://voltd:one hunter22@broker\""}) {
        const std::string made = without_passwords(std::string("site: a\n") + text + "\nlog_level: info\n");
        CAPTURE(text);
        CAPTURE(made);
        CHECK(made.find("hunter22") == std::string::npos);
        CHECK(made.starts_with("site: a\n"));
        CHECK(made.ends_with("\nlog_level: info\n"));
    }
}

TEST_CASE("ends a login in a URL at the last @") {
    for (const bool full : {false, true})
        CHECK(redacted("at mqtt://voltd:a/b\"c@d@broker:1883 now", {}, full) == "at mqtt://REDACTED@broker:1883 now");
}

TEST_CASE("keeps the location of the site only in full") {
    const std::string text = "\"latitude\": 37.3382,\nlongitude -121.8863 instead of 12\n52.31 V\n";
    CHECK(redacted(text, {}, true) == text);
    CHECK(redacted(text, {}, false) == "\"latitude\": 0,\nlongitude 0 instead of 0\n52.31 V\n");
}

TEST_CASE("drops an endless line") {
    const std::string made = redacted("begin\n" + std::string(200'000, 'a') + "\nend\n", {}, false);
    CHECK(made == "begin\n(a line of 200000 bytes was removed)\nend\n");
}

}  // namespace redact_test
