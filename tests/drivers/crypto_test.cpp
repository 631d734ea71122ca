#include "drivers/crypto.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace volt;

TEST_CASE("sha256: matches the published examples") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256 of a file: hashes any number of bytes") {
    std::string name = (std::filesystem::temp_directory_path() / "crypto-test-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    REQUIRE(file >= 0);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{1'000'000}}) {
        CAPTURE(size);
        const std::string bytes(size, 'a');
        std::ofstream(name, std::ios::binary | std::ios::trunc) << bytes;
        CHECK(sha256_of_file(name) == sha256_hex(bytes));
    }
    ::close(file);
    ::unlink(name.c_str());
    CHECK(sha256_of_file(name).empty());
    CHECK(sha256_of_file("/").empty());
}

TEST_CASE("random digits have the requested number and never repeat") {
    const auto one = random_hex(32), other = random_hex(32);
    REQUIRE((one && other));
    CHECK(one->size() == 64);
    CHECK(one->find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(*one != *other);
    CHECK(random_hex(0) == "");
}

TEST_CASE("secrets match only as a whole") {
    CHECK(same_secret("abc", "abc"));
    CHECK(same_secret("", ""));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("ab", "abc"));
    CHECK_FALSE(same_secret("abcabc", "abc"));
    CHECK_FALSE(same_secret("", "abc"));
    CHECK_FALSE(same_secret("abc", ""));
}
