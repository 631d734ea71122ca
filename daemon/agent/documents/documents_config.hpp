// The keys of agent.yaml on documents: folders, limits, how often they are synced.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/fields.hpp"

namespace volt::agent {

inline constexpr std::size_t most_document_sources = 16;
/// The source that is always there: the project's own manual.
inline constexpr const char* manual_source = "manual";

/// A folder of documents.
struct DocumentSource {
    std::string id{};
    std::string path{};         ///< empty: that of the built-in manual
    bool builtin = false;       ///< the manual
    bool kept_private = false;  ///< never to a model at a public address
};

struct DocumentLimits {
    int files = 2000, file_mb = 20, pages = 1000, passages = 50'000, megabytes = 256, depth = 8;
};

struct DocumentSettings {
    std::vector<DocumentSource> sources{};  ///< as written; empty: the folder that the package makes
    DocumentLimits limits{};
    int sync_h = 6;  ///< of the service's timer; 0: only by hand

    /// The sources in the order of their syncs, the manual first.
    std::vector<DocumentSource> all_sources() const;
};

/// `documents`, `documents_limits`, `documents_sync_h`.
Fields<DocumentSettings> document_fields();

}  // namespace volt::agent
