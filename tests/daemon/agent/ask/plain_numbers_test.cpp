#include "daemon/agent/ask/plain_numbers.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

TEST_CASE("replaces marks around numbers with blanks or nothing") {
    for (const auto& it : {std::pair{"**61** V, `3` h, __4__", "61 V, 3 h, 4"},
                           {"pv_w 2*3", "pv_w 2*3"},
                           {"61\u00a0V 61&thinsp;V 6\u00ad1 V", "61 V 61 V 61 V"},
                           {"61<b>V</b>, <span class=\"x\">61</span> V<br/>", "61V, 61 V "},
                           {"<td>12</td><td>50 V</td>", " 12  50 V "},
                           {"a<b and 61 V > 3, <x 61 V>, 3 < 4", "a<b and 61 V > 3, <x 61 V>, 3 < 4"},
                           {R"(\(61\,\mathrm{V}\) $61\text{ V}$ 61~V 61\%)", "61 V 61 V 61 V 61%"},
                           {R"(61^\circ C, 61\,\Omega)", "61° C, 61 \u03a9"},
                           {"\uff16\uff11 V, \u0666\u0661 V, \u06f6\u066b\u06f1 V", "61 V, 61 V, 6.1 V"},
                           {"at`61` V, x<b>61</b> V", "at 61 V, x 61 V"},
                           {"61\r\nV", "61\nV"},
                           {"~52 V", " 52 V"},
                           {"", ""}})
        CHECK_MESSAGE(plain_numbers(it.first) == it.second, std::string(it.first));
    for (const char* cut : {"<", "</", "<b", "\\", "\\text", "\xef\xbc", "\xd9", "\xe2\x80", "&nbsp"}) plain_numbers(cut);
    CHECK(plain_numbers(std::string(100'000, '<')).size() == 100'000);
}
