// Extraction of one file by a reader in a separate process: passages as they arrive, then the result in words.
#pragma once

#include "daemon/agent/documents/extract.hpp"
#include "drivers/documents/reader_host.hpp"

namespace volt::agent {

/// Request to read a file.
struct ExtractRequest {
    int file = -1;  ///< open, at its beginning
    DocumentType type = DocumentType::text;
    std::string title{};                       ///< used if the document has no title
    int most_pages = 1000;                     ///< for a PDF
    documents::ReaderHost* readers = nullptr;  ///< nullptr: read in this process (for files of this project)
};

/// Reads the file. Returns `failed` also if a limit ended the reader or it crashed; the reason says which.
ExtractEnd extract_file(const ExtractRequest& request, const PassageSink& sink);

}  // namespace volt::agent
