// Tests of MCP lines: rejections, their wording, and the era of a request.
#include "daemon/agent/protocol/message.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace message_test {

namespace {

constexpr const char* envelope =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

std::string modern(const std::string& method, const std::string& more = "") {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{)" + envelope + (more.empty() ? "" : "," + more) +
           "}}";
}

std::string refusal(const std::string& line) { return read_message(line).refusal; }

std::string nested(std::size_t levels) {
    return R"({"jsonrpc":"2.0","id":1,"method":"ping","params":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') +
           "}";
}

}  // namespace

TEST_CASE("parses a request, a notification and a response") {
    const McpMessage request = read_message(R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
    REQUIRE(request.request);
    CHECK(request.request->id == "a");
    CHECK(request.request->method == "ping");
    CHECK(request.request->params == Json::object());
    CHECK(request.request->era == Era::legacy);
    for (const char* silent :
         {R"({"jsonrpc":"2.0","method":"notifications/initialized"})", R"({"jsonrpc":"2.0","id":1,"result":{}})",
          R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}})",
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":null}})"}) {
        const McpMessage none = read_message(silent);
        CHECK_FALSE(none.request);
        CHECK_FALSE(none.cancelled);
        CHECK_MESSAGE(none.refusal == "", silent);
    }
    CHECK(read_message(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})").cancelled == Json(7));
}

TEST_CASE("determines the era by request") {
    CHECK(read_message(modern("tools/list")).request->era == Era::modern);
    CHECK(read_message(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"progressToken":3}}})").request->era ==
          Era::legacy);
    CHECK(
        refusal(R"({"jsonrpc":"2.0","id":1,"method":"server/discover"})") ==
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"params._meta lacks io.modelcontextprotocol/protocolVersion"}})");
    CHECK(
        refusal(
            R"({"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})") ==
        R"({"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"params._meta lacks io.modelcontextprotocol/clientCapabilities"}})");
    CHECK(
        refusal(
            R"({"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2027-01-01"}}})") ==
        R"({"jsonrpc":"2.0","id":3,"error":{"code":-32022,"message":"this revision of MCP is not supported","data":{"supported":["2026-07-28"],"requested":"2027-01-01"}}})");
    CHECK(
        refusal(
            R"({"jsonrpc":"2.0","id":3,"method":"x","params":{"_meta":{"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/protocolVersion":5}}})") ==
        R"({"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"params._meta lacks io.modelcontextprotocol/protocolVersion"}})");
}

TEST_CASE("rejects malformed lines") {
    CHECK(refusal("nonsense") == R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"not JSON"}})");
    CHECK(refusal("\xff\xfe{}") == R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"not JSON"}})");
    CHECK(refusal("[]") == R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"not an object; batches are not supported"}})");
    CHECK(refusal(R"({"id":4,"method":"ping"})") ==
          R"({"jsonrpc":"2.0","id":4,"error":{"code":-32600,"message":"jsonrpc must be \"2.0\""}})");
    CHECK(refusal(R"({"jsonrpc":"2.0","id":4,"method":[]})") ==
          R"({"jsonrpc":"2.0","id":4,"error":{"code":-32600,"message":"method must be a string"}})");
    for (const char* id : {"null", "1.5", "{}", "[1]", "true"})
        CHECK(refusal(std::string(R"({"jsonrpc":"2.0","method":"ping","id":)") + id + "}") ==
              R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"id must be a string or a whole number"}})");
    CHECK(refusal(R"({"jsonrpc":"2.0","id":5,"method":"ping","params":[]})") ==
          R"({"jsonrpc":"2.0","id":5,"error":{"code":-32602,"message":"params must be an object"}})");
}

TEST_CASE("limits a message to 1 MB and 32 levels") {
    CHECK(refusal(nested(33)) == R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"nested deeper than 32 levels"}})");
    CHECK(refusal(nested(32)).find("params must be an object") != std::string::npos);
    CHECK(refusal(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"["}})") == "");
    CHECK(refusal(std::string(most_message_bytes + 1, ' ')) ==
          R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"longer than 1048576 bytes"}})");
    CHECK(refusal(std::string(100'000, '[')) ==
          R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"nested deeper than 32 levels"}})");
}

TEST_CASE("completes an answer of the stateless era") {
    RpcRequest request{3, "ping", Json::object(), Era::legacy};
    CHECK(result_line(request, Json::object()) == R"({"jsonrpc":"2.0","id":3,"result":{}})");
    request.era = Era::modern;
    const Json line = Json::parse(result_line(request, Json::object()));
    CHECK(line["result"]["resultType"] == "complete");
    CHECK(line["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "volt-agent");
    CHECK(result_line({1, "x"}, {{"text", "\xff\n"}}).find('\n') == std::string::npos);
}

TEST_CASE("limits the name of a client to one line") {
    const auto name = [](const Json& line) { return read_message(line.dump()).request->client; };
    const Json info{{"name", "claude"}, {"version", "1"}};
    CHECK(name({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "initialize"}, {"params", {{"clientInfo", info}}}}) == "claude");
    CHECK(name({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "ping"}, {"params", {{"clientInfo", info}}}}) == "");
    CHECK(name({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "initialize"}, {"params", {{"clientInfo", 5}}}}) == "");
    CHECK(name({{"jsonrpc", "2.0"},
                {"id", 1},
                {"method", "tools/list"},
                {"params",
                 {{"_meta",
                   {{"io.modelcontextprotocol/protocolVersion", modern_revision},
                    {"io.modelcontextprotocol/clientCapabilities", Json::object()},
                    {"io.modelcontextprotocol/clientInfo", info}}}}}}) == "claude");
    CHECK(client_name("") == "unnamed");
    CHECK(client_name("a\r\nb") == "a??b");
    CHECK(client_name(std::string(100, 'x')).size() == 40);
}

}  // namespace message_test
