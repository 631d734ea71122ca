// One file through a reader of its own process: passages as they come, then how it ended, in words.
#pragma once

#include "daemon/agent/documents/extract.hpp"
#include "drivers/documents/reader_host.hpp"

namespace volt::agent {

/// What is to be read.
struct ExtractRequest {
    int file = -1;  ///< open, at its begin
    DocumentType type = DocumentType::text;
    std::string title{};                       ///< where the document has none of its own
    int most_pages = 1000;                     ///< of a PDF
    documents::ReaderHost* readers = nullptr;  ///< nullptr: read here, without a process (for files of this project)
};

/// `failed` also where a limit ended the reader or it crashed; the reason says which.
ExtractEnd extract_file(const ExtractRequest& request, const PassageSink& sink);

}  // namespace volt::agent
