#include "daemon/api/access/token.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;
using fixture::TempDir;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777 : 0;
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("creates a missing token once with private rights") {
    const TempDir directory;
    const std::string path = directory.path + "/token";
    const mode_t before = ::umask(0);
    const auto made = load_or_make_token(path);
    ::umask(before);
    REQUIRE(made);
    CHECK(made.value().size() == 64);
    CHECK(made.value().find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(mode_of(path) == 0640);
    CHECK(load_or_make_token(path).value() == made.value());
    CHECK(load_or_make_token(directory.path + "/other").value() != made.value());
    CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("keeps an existing token but narrows its rights") {
    const TempDir directory;
    const std::string path = directory.path + "/token", own(40, 'x');
    write(path, own + "\n");
    ::chmod(path.c_str(), 0666);
    CHECK(load_or_make_token(path).value() == own);
    CHECK(mode_of(path) == 0640);
    write(path, "\n");
    CHECK(load_or_make_token(path).value().size() == 64);
}

TEST_CASE("replaces any file with a new token") {
    const TempDir directory;
    const std::string path = directory.path + "/token", own(40, 'x');
    write(path, own + "\n");
    const auto made = make_token(path);
    REQUIRE(made);
    CHECK(made.value() != own);
    CHECK(load_or_make_token(path).value() == made.value());
    CHECK(mode_of(path) == 0640);
    CHECK_FALSE(make_token(directory.path));
    CHECK_FALSE(std::filesystem::exists(directory.path + ".new"));
}

TEST_CASE("rejects and names an invalid token file") {
    const TempDir directory;
    const std::string path = directory.path + "/token";
    write(path, "short");
    const auto refused = load_or_make_token(path);
    REQUIRE_FALSE(refused);
    CHECK(refused.failure().text.find(path) != std::string::npos);
    CHECK_FALSE(load_or_make_token(directory.path));
    CHECK_FALSE(load_or_make_token(directory.path + "/nowhere/token"));
}

TEST_CASE("accepts only the exact token") {
    CHECK(same_token("abc", "abc"));
    for (const char* wrong : {"", "ab", "abd", "abcabc", "abca"}) CHECK_FALSE(same_token(wrong, "abc"));
    CHECK_FALSE(same_token("", ""));
    CHECK(authorized("Bearer abc", "abc"));
    CHECK(authorized("bearer abc", "abc"));
    for (const char* wrong : {"", "abc", "bearer abd", "bearerabc", "Basic abc", "Bearer  abc", "Bearer"})
        CHECK_FALSE(authorized(wrong, "abc"));
}
