#include <fmt/format.h>

#include "daemon/api/metrics.hpp"

namespace volt::api {

namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') out += "\\n";
        else out += c;
    }
    return out;
}

std::string labels_text(const Labels& labels) {
    std::string text;
    for (const auto& [name, value] : labels) text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, escaped(value));
    return text.empty() ? "" : "{" + text + "}";
}

/// Returns a whole number without decimals.
Object number(double value) {
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == value ? Object(whole) : Object(value);
}

}  // namespace

std::string exposition(const std::vector<Family>& families) {
    std::string text;
    for (const Family& family : families) {
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", family.name, family.help, family.counter ? "counter" : "gauge");
        for (const MetricSample& sample : family.samples)
            text += fmt::format("{}{} {}\n", family.name, labels_text(sample.labels), sample.value);
    }
    return text;
}

Object figures_json(const std::vector<Family>& families) {
    Object object = Object::object();
    for (const Family& family : families)
        for (const MetricSample& sample : family.samples) {
            Object* place = &object[family.name];
            for (const auto& [name, value] : sample.labels) place = &(*place)[value.empty() ? "-" : value];
            *place = number(sample.value);
        }
    return object;
}

}  // namespace volt::api
