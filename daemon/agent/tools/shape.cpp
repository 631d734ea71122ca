#include "daemon/agent/tools/shape.hpp"

#include <cassert>

namespace volt::agent {

namespace {

/// Parses the notation from the left. An error in it is a bug of this program.
class ShapeReader {
public:
    explicit ShapeReader(std::string_view text) : rest_(text) {}

    Json members(char end) {
        Json schema{{"type", "object"}, {"properties", Json::object()}};
        for (; !rest_.empty() && rest_.front() != end; take(' ')) {
            const std::size_t colon = rest_.find(':');
            assert(colon != std::string_view::npos);
            std::string name(rest_.substr(0, colon));
            rest_.remove_prefix(colon + 1);
            const bool may_miss = name.ends_with('?');
            if (may_miss) name.pop_back();
            else schema["required"].push_back(name);
            schema["properties"][name] = type();
        }
        return schema;
    }

private:
    bool take(char letter) {
        if (!rest_.starts_with(letter)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    Json type() {
        Json schema = bare_type();
        if (take('?')) schema["type"] = Json::array({schema["type"], "null"});
        return schema;
    }

    Json bare_type() {
        if (take('s')) return {{"type", "string"}};
        if (take('n')) return {{"type", "number"}};
        if (take('i')) return {{"type", "integer"}};
        if (take('b')) return {{"type", "boolean"}};
        if (take('o')) return {{"type", "object"}};
        if (take('x')) return Json::object();
        const bool list = take('[');
        if (!list) take('{');
        Json schema = list ? Json{{"type", "array"}, {"items", type()}} : members('}');
        const bool closed = take(list ? ']' : '}');
        assert(closed);
        static_cast<void>(closed);
        return schema;
    }

    std::string_view rest_;
};

}  // namespace

Json schema_of_shape(std::string_view members) { return ShapeReader(members).members('\0'); }

}  // namespace volt::agent
