#include "drivers/hidden.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("finds characters that are invisible or reverse text") {
    for (const char* bad :
         {"a\tb", "a\x7f", "a\xC2\x80", "\xC2\x85x", "\xC2\x9F", "\xE2\x80\x8B", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xAE",
          "\xE2\x81\xA6", "\xE2\x81\xA9", "\xEF\xBB\xBF", "mi\xC2\xADner", "\xD8\x9C", "\xE2\x81\xA0"}) {
        CHECK_MESSAGE(has_hidden(bad), bad);
        CHECK_MESSAGE(without_hidden(bad, '?').find('?') != std::string::npos, bad);
        CHECK_FALSE(has_hidden(without_hidden(bad, '?')));
    }
    for (const char* fine : {"", "Heat Room", "Küche", "S21+ (Revenue)", "\xC2\xA0", "\xE2\x80\x8A", "\xE2\x80\x90",
                             "\xE2\x80\xA7", "\xE2\x80\xAF", "→ 🔥"}) {
        CHECK_MESSAGE(!has_hidden(fine), fine);
        CHECK(without_hidden(fine, '?') == fine);
    }
    // This function does not judge broken UTF-8, but reads it to its end.
    CHECK_FALSE(has_hidden("\xE2\x80"));
    CHECK_FALSE(has_hidden("\xFF\xFF"));
}

TEST_CASE("names the odd character and where it is") {
    CHECK(odd_character_of("") == "");
    CHECK(odd_character_of("miner 1") == "");
    CHECK(odd_character_of("Bob\xE2\x80\x99s miner") == "");
    CHECK(odd_character_of("miner1 ") == "ends with a space");
    CHECK(odd_character_of("miner1\xC2\xA0") == "ends with a no-break space (U+00A0)");
    CHECK(odd_character_of("\xE3\x80\x80miner1") == "begins with a wide or narrow space (U+3000)");
    CHECK(odd_character_of("mi\xC2\xADner1") == "contains a soft hyphen (U+00AD)");
    CHECK(odd_character_of("mi\xE2\x80\x8Bner1") == "contains an invisible character (U+200B)");
    CHECK(odd_character_of("\xE2\x80\x9Cminer1\xE2\x80\x9D") == "begins with a curly quote (U+201C)");
}
