#include "drivers/documents/text.hpp"

#include <doctest/doctest.h>

using namespace volt::documents;

namespace text_decoding_test {

TEST_CASE("keeps UTF-8, replaces and counts other bytes, and loses no line") {
    CHECK(decode_text("one\ntw\xc3\xb6\n")->text == "one\ntw\xc3\xb6\n");
    const auto broken = decode_text(
        "a\xff\xfe"
        "b\n\xc3\n\xed\xa0\x80\xf5");
    REQUIRE(broken);
    CHECK(broken->text ==
          "a\xef\xbf\xbd\xef\xbf\xbd"
          "b\n\xef\xbf\xbd\n\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(broken->replaced == 7);
    CHECK(decode_text("\xef\xbb\xbfx")->text == "x");
    CHECK(decode_text("a\r\nb\r\n")->text == "a\nb\n");
    CHECK(decode_text("")->text == "");
    CHECK(is_valid_utf8("\xf0\x9f\x94\x8b"));
    CHECK_FALSE(is_valid_utf8("\xc0\x80"));
    CHECK_FALSE(is_valid_utf8("\xf0\x8f\xbf\xbf"));
    CHECK_FALSE(is_valid_utf8("\xe2\x82"));
}

TEST_CASE("decodes UTF-16 by its mark, with and without pairs") {
    using namespace std::string_view_literals;
    CHECK(decode_text("\xff\xfe"
                      "a\0\n\0\x3d\xd8\x0b\xdd"sv)
              ->text == "a\n\xf0\x9f\x94\x8b");
    CHECK(decode_text("\xfe\xff"
                      "\0a\xd8\x3d"sv)
              ->text == "a\xef\xbf\xbd");
    CHECK(decode_text("\xfe\xff\0"sv)->text == "");
}

TEST_CASE("replaces control characters by blanks, and rejects binary files") {
    CHECK(clean_text("a\x1b[1mb\tc\x01") == "a [1mb c ");
    CHECK(clean_text("a\xee\x80\x80"
                     "b\xee\x80\x81"
                     "c\xe2\x80\x8b"
                     "d\xee\x80\x82") == "a b c d\xee\x80\x82");
    CHECK(clean_text("a\nb", true) == "a b");
    std::string text(1000, 'x');
    text[5] = '\0';
    CHECK(decode_text(text).has_value());
    for (std::size_t i = 0; i < 11; ++i) text[i] = '\x02';
    CHECK_FALSE(decode_text(text).has_value());
}

TEST_CASE("joins runs of blanks") {
    CHECK(without_runs("  a   b \n\n\n\n c\t\td  \n") == "a b\n\nc d");
    CHECK(without_runs(" \n ") == "");
}

}  // namespace text_decoding_test
