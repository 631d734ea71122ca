#include "daemon/agent/documents/documents_config.hpp"

#include <set>

namespace volt::agent {

namespace {

constexpr const char* usual_folder = "/var/lib/volt-agent/documents";

Fields<DocumentSource> source_fields() {
    return {
        required(text("id", "Name of the folder in citations.", &DocumentSource::id,
                      {"^[a-z0-9][a-z0-9_-]{0,31}$", "1 to 32 of a-z, 0-9, - and _"})),
        text("path", "The folder.", &DocumentSource::path, {"^/.*[^/]$", "an absolute path such as /home/pi/wiring"}),
        flag("builtin", "The manual of this program; always included.", &DocumentSource::builtin),
        flag("private", "true: people only; never shown to a model.", &DocumentSource::kept_private),
    };
}

Fields<DocumentLimits> document_limit_fields() {
    const auto whole = [](std::int64_t low, std::int64_t high, const char* unit) { return Span{low, high, 1, unit}; };
    return {
        number("files", "Maximum number of files in all folders, without the manual.", &DocumentLimits::files,
               whole(1, 20'000, "")),
        number("file_mb", "Maximum size of a file.", &DocumentLimits::file_mb, whole(1, 100, "MB")),
        number("pages", "Pages of a PDF.", &DocumentLimits::pages, whole(1, 10'000, "")),
        number("passages", "Passages of all documents.", &DocumentLimits::passages, whole(100, 200'000, "")),
        number("megabytes", "The size of knowledge.db.", &DocumentLimits::megabytes, whole(8, 2048, "MB")),
        number("depth", "Maximum depth of folders.", &DocumentLimits::depth, whole(1, 32, "")),
    };
}

/// Checks the sources for errors that a single field does not show.
void check_sources(const At& at, const std::vector<DocumentSource>& sources) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < sources.size() && i < at.node.items.size(); ++i) {
        const DocumentSource& it = sources[i];
        const std::string path = at.path + "[" + std::to_string(i) + "]";
        if (it.id.empty()) continue;
        const auto refuse = [&](const std::string& what, const Remedy& right) {
            at.report.refuse(at.node.items[i].place, path, what, right);
        };
        if (!seen.insert(it.id).second) refuse("the id " + shown(it.id) + " is used twice", advice("use a unique id"));
        else if (it.builtin != (it.id == manual_source))
            refuse("the built-in source must be the manual", "id: manual with builtin: true");
        else if (it.builtin && !it.path.empty()) refuse("the built-in manual has no path", advice("remove path"));
        else if (!it.builtin && it.path.empty() && at.report.sound(path))
            refuse("path is missing", "the folder of the documents");
    }
}

}  // namespace

std::vector<DocumentSource> DocumentSettings::all_sources() const {
    std::vector<DocumentSource> all = {{manual_source, "", true, false}};
    if (sources.empty()) all.push_back({"site", usual_folder, false, false});
    for (const DocumentSource& it : sources)
        if (!it.builtin) all.push_back(it);
    return all;
}

Fields<DocumentSettings> document_fields() {
    ConfigField<DocumentSettings> list = sections("documents", "Folders of documents to search besides the manual.",
                                                  &DocumentSettings::sources, source_fields(), most_document_sources);
    list.read = [read = list.read](const At& at, DocumentSettings& settings) {
        read(at, settings);
        check_sources(at, settings.sources);
    };
    return {
        std::move(list),
        section("documents_limits", "Limits; files beyond them are skipped.", &DocumentSettings::limits, document_limit_fields()),
        number("documents_sync_h", "Hours between syncs by the service; 0: only by hand.", &DocumentSettings::sync_h,
               {0, 168, 1, "h"})};
}

}  // namespace volt::agent
