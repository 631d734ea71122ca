#include "daemon/agent/page/page_routes.hpp"

namespace volt::agent {

std::vector<api::Route> page_routes() {
    const auto file = [](const std::string& text, const char* type) {
        return [&text, type](const api::HttpRequest&) {
            api::HttpAnswer answer{200, text, type};
            answer.file = true;
            return answer;
        };
    };
    return {{"GET", "/", file(page_html, "text/html; charset=utf-8")},
            {"GET", "/page.js", file(page_js, "text/javascript; charset=utf-8")},
            {"GET", "/page.css", file(page_css, "text/css; charset=utf-8")}};
}

}  // namespace volt::agent
