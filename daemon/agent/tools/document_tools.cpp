// search_documents, read_document: the manual, with the place of each passage.
#include "daemon/agent/documents/manual.hpp"
#include "daemon/agent/tools/tool.hpp"
#include "daemon/ctl/talk/suggest.hpp"

namespace volt::agent {

namespace {

ToolOutcome search_documents(SiteLink&, const Json& arguments, const CallTime&) {
    const auto found = built_in_manual().search(arguments.at("query"), static_cast<std::size_t>(arguments.value("limit", 8)));
    if (!found) return {{}, found.failure().text};
    Json hits = Json::array();
    for (const PassageHit& hit : found.value())
        hits.push_back({{"uri", manual_uri + hit.passage.page},
                        {"heading", hit.passage.heading},
                        {"line_from", hit.passage.line_from},
                        {"line_to", hit.passage.line_to},
                        {"text", hit.passage.body}});
    return {{{"hits", std::move(hits)}}, ""};
}

ToolOutcome read_document(SiteLink&, const Json& arguments, const CallTime&) {
    const std::string uri = arguments.at("uri");
    const std::string page = uri.starts_with(manual_uri) ? uri.substr(std::string_view(manual_uri).size()) : uri;
    const auto from = arguments.value("from", std::int64_t{1});
    const auto text = built_in_manual().lines_of(page, from, arguments.value("lines", std::int64_t{200}));
    std::vector<std::string> known;
    for (const auto& [name, whole] : built_in_manual().pages()) known.push_back(manual_uri + name);
    if (!text) return {{}, "there is no document '" + uri + "'" + ctl::choose_from(uri, known)};
    Json lines = Json::array();
    for (std::size_t begin = 0; begin < text->size();) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        lines.push_back(text->substr(begin, end - begin));
        begin = end + 1;
    }
    return {{{"uri", manual_uri + page}, {"from", from}, {"lines", std::move(lines)}}, ""};
}

}  // namespace

std::vector<Tool> document_tools() {
    return {
        {.name = "search_documents",
         .title = "Search the manual",
         .about = "Passages of voltd's manual by words: what an alarm or reason means and what to do, settings, commands, "
                  "devices. Cite uri and "
                  "lines.",
         .group = ToolGroup::documents,
         .inputs = {{.name = "query", .required = true, .most = 400},
                    {.name = "limit", .kind = InputKind::whole, .least = 1, .most = 20, .fallback = 8}},
         .answer = "hits:[{uri:s heading:s line_from:i line_to:i text:s}]",
         .list = "hits",
         .narrow = "a smaller limit",
         .run = search_documents},
        {.name = "read_document",
         .title = "Read a page of the manual",
         .about = "Lines of a page that search_documents found.",
         .group = ToolGroup::documents,
         .inputs = {{.name = "uri", .required = true},
                    {.name = "from", .kind = InputKind::whole, .about = "first line", .least = 1, .most = 100000, .fallback = 1},
                    {.name = "lines", .kind = InputKind::whole, .least = 1, .most = 500, .fallback = 200}},
         .answer = "uri:s from:i lines:[s]",
         .list = "lines",
         .narrow = "fewer lines",
         .run = read_document},
    };
}

}  // namespace volt::agent
