#include "daemon/api/routes/file_routes.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "daemon/api/access/guard.hpp"
#include "daemon/web/files.hpp"

namespace volt::api {

namespace {

constexpr const char* immutable = "public, max-age=31536000, immutable";

HttpAnswer no_file() { return error_answer(404, "the page has no such file"); }

/// Finds a file by its name in the table. For development, also by a file name in a directory: letters, digits and underscores,
/// with an ending from the table. Client input forms no other path.
class FileAnswers {
public:
    explicit FileAnswers(std::string directory) : directory_(std::move(directory)) {}

    HttpAnswer named(std::string_view name, const HttpRequest& request, const char* caching) const {
        if (!directory_.empty()) {
            if (!is_loopback_address(request.peer)) return no_file();
            if (auto answer = from_disk(name)) return *answer;
        }
        const auto files = web::files();
        const auto file = std::find_if(files.begin(), files.end(), [&](const web::File& it) { return it.name == name; });
        if (file == files.end()) return no_file();
        if (!accepts_gzip(request.accept_encoding))
            return error_answer(406, "the page's files are only available with Accept-Encoding: gzip");
        HttpAnswer answer{200, std::string(file->gzip), std::string(file->type)};
        answer.encoding = "gzip";
        answer.caching = caching;
        answer.file = true;
        return answer;
    }

    /// Answers with revalidation, because a file without a hash in its address is requested each time.
    HttpAnswer revalidated(std::string_view name, const HttpRequest& request) const {
        HttpAnswer answer = named(name, request, "no-cache");
        if (answer.encoding.empty()) return answer;
        if (request.if_none_match == web::hash()) {
            answer = HttpAnswer{304};
            answer.caching = "no-cache";
        }
        answer.etag = web::hash();
        return answer;
    }

    HttpAnswer hashed(const HttpRequest& request) const {
        const std::string start = std::string(web::hash()) + '/';
        return request.argument.starts_with(start) ? named(request.argument.substr(start.size()), request, immutable) : no_file();
    }

private:
    /// Returns a file from the directory, with the address that the embedded files have.
    std::optional<HttpAnswer> from_disk(std::string_view name) const {
        const std::size_t dot = std::min(name.find('.'), name.size());
        if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != dot) return std::nullopt;
        const auto files = web::files();
        const auto like =
            std::find_if(files.begin(), files.end(), [&](const web::File& it) { return it.name.ends_with(name.substr(dot)); });
        std::ifstream stream(directory_ + '/' + std::string(name));
        if (dot == 0 || dot == name.size() || like == files.end() || !stream) return std::nullopt;
        HttpAnswer answer{200, {std::istreambuf_iterator<char>(stream), {}}, std::string(like->type)};
        const bool has_address = name == "index.html" || name == "manifest.webmanifest";
        for (std::size_t at = 0; has_address && (at = answer.body.find("HASH", at)) != std::string::npos;)
            answer.body.replace(at, 4, web::hash());
        answer.file = true;
        return answer;
    }

    const std::string directory_;
};

}  // namespace

bool accepts_gzip(std::string_view header) {
    while (!header.empty()) {
        std::string entry(header.substr(0, header.find(',')));
        header.remove_prefix(std::min(header.size(), entry.size() + 1));
        std::erase_if(entry, [](char c) { return c == ' ' || c == '\t'; });
        std::transform(entry.begin(), entry.end(), entry.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const std::size_t parameter = entry.find(";q=");
        const std::string name = entry.substr(0, entry.find(';'));
        const bool refused = parameter != std::string::npos && entry.find_first_not_of("0.", parameter + 3) == std::string::npos;
        if ((name == "gzip" || name == "*") && !refused) return true;
    }
    return false;
}

std::vector<Route> file_routes(const std::string& directory) {
    const FileAnswers answers(directory);
    return {{"GET", "/", [answers](const HttpRequest& it) { return answers.revalidated("index.html", it); }},
            {"GET", "/ui/{}", [answers](const HttpRequest& it) { return answers.hashed(it); }},
            {"GET", "/manifest.webmanifest",
             [answers](const HttpRequest& it) { return answers.revalidated("manifest.webmanifest", it); }},
            {"GET", "/favicon.svg", [answers](const HttpRequest& it) { return answers.revalidated("favicon.svg", it); }}};
}

}  // namespace volt::api
