// Keys of agent.yaml for documents: folders, limits, sync interval.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/fields.hpp"

namespace volt::agent {

inline constexpr std::size_t most_document_sources = 16;
/// Source that always exists: the project's own manual.
inline constexpr const char* manual_source = "manual";

/// Folder of documents.
struct DocumentSource {
    std::string id{};
    std::string path{};         ///< empty for the folder of the built-in manual
    bool builtin = false;       ///< the manual
    bool kept_private = false;  ///< never sent to a model at a public address
};

struct DocumentLimits {
    int files = 2000, file_mb = 20, pages = 1000, passages = 50'000, megabytes = 256, depth = 8;
};

struct DocumentSettings {
    std::vector<DocumentSource> sources{};  ///< as written, or empty for the folder that the package creates
    DocumentLimits limits{};
    int sync_h = 6;  ///< interval of the service's timer, or 0 to sync only by hand

    /// Returns the sources in sync order, the manual first.
    std::vector<DocumentSource> all_sources() const;
};

/// Returns `documents`, `documents_limits`, `documents_sync_h`.
Fields<DocumentSettings> document_fields();

}  // namespace volt::agent
