#include "daemon/agent/tools/shape.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

TEST_CASE("converts a shape to a JSON Schema") {
    CHECK(schema_of_shape("at:s n?:n?").dump() ==
          R"({"type":"object","properties":{"at":{"type":"string"},"n":{"type":["number","null"]}},"required":["at"]})");
    CHECK(
        schema_of_shape("rows:[{load:s on:b}] any:[[x]] more:o? count:i")["properties"].dump() ==
        R"({"rows":{"type":"array","items":{"type":"object","properties":{"load":{"type":"string"},"on":{"type":"boolean"}},)"
        R"("required":["load","on"]}},"any":{"type":"array","items":{"type":"array","items":{}}},"more":{"type":["object","null"]},)"
        R"("count":{"type":"integer"}})");
}
