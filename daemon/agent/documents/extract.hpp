// `volt-agent extract`: processes that read untrusted files, and their output format.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/agent/documents/markdown_passages.hpp"

namespace volt::agent {

enum class DocumentType : std::uint8_t { markdown, text, html, pdf };
const char* name_of(DocumentType type);
std::optional<DocumentType> document_type(const std::string& name);
/// Returns the type by the file's extension, or nothing if the type is not supported. A name without an extension may be text.
std::optional<DocumentType> type_of_file(const std::string& path);

enum class ExtractOutcome : std::uint8_t { read, empty, not_text, no_program, failed };

/// Result of a reader besides the passages.
struct ExtractEnd {
    ExtractOutcome outcome = ExtractOutcome::failed;
    std::string title{};        ///< of the document; empty if none
    std::int64_t pages = 0;     ///< 0 if none
    std::int64_t replaced = 0;  ///< number of bytes that were not UTF-8
    std::string reason{};       ///< for `failed`
};

/// Takes the next passage. Returns false to stop.
using PassageSink = std::function<bool(const Passage& passage)>;

/// Reads a text of any type except PDF. Pure.
ExtractEnd extract_text(DocumentType type, std::string_view bytes, const std::string& title, const PassageSink& sink);

/// Hosts the readers. Each limits itself, reads its file and prints records. Arguments: type, maximum pages, title.
int run_extract();

/// Returns a record in the output format: fields separated by 0x1F, with 0x1E at the end. Text has no control characters but
/// .
std::string record_of(const Passage& passage);
std::string record_of(const ExtractEnd& end);

/// Reads records as they arrive.
class RecordReader {
public:
    explicit RecordReader(PassageSink sink) : sink_(std::move(sink)) {}
    /// Returns false if it is not a reader's output, or the sink wants no more.
    bool take(std::string_view bytes);
    /// Returns the last record once it has arrived.
    const std::optional<ExtractEnd>& end() const { return end_; }
    bool stopped() const { return stopped_; }

private:
    bool record(std::string_view text);

    const PassageSink sink_;
    std::string rest_;
    std::optional<ExtractEnd> end_;
    bool stopped_ = false;
};

}  // namespace volt::agent
