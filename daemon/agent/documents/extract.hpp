// `volt-agent extract`: the processes that read foreign files, and what they print.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/agent/documents/markdown_passages.hpp"

namespace volt::agent {

enum class DocumentType : std::uint8_t { markdown, text, html, pdf };
const char* name_of(DocumentType type);
std::optional<DocumentType> document_type(const std::string& name);
/// By the end of a file's name; nothing: of a type that is not read. A name without an end may be text.
std::optional<DocumentType> type_of_file(const std::string& path);

enum class ExtractOutcome : std::uint8_t { read, empty, not_text, no_program, failed };

/// What a reader found besides the passages.
struct ExtractEnd {
    ExtractOutcome outcome = ExtractOutcome::failed;
    std::string title{};        ///< of the document; empty: it has none
    std::int64_t pages = 0;     ///< 0: it has none
    std::int64_t replaced = 0;  ///< bytes that were no UTF-8
    std::string reason{};       ///< of `failed`
};

/// Takes the next passage; false: no more.
using PassageSink = std::function<bool(const Passage& passage)>;

/// Reads a text of any type but PDF. Pure.
ExtractEnd extract_text(DocumentType type, std::string_view bytes, const std::string& title, const PassageSink& sink);

/// The host of the readers. Each limits itself, reads its file, prints records. Its words: type, most pages, title.
int run_extract();

/// A record as it is printed: fields between 0x1F, 0x1E at the end. Text has no control characters but \n.
std::string record_of(const Passage& passage);
std::string record_of(const ExtractEnd& end);

/// Reads records as they come.
class RecordReader {
public:
    explicit RecordReader(PassageSink sink) : sink_(std::move(sink)) {}
    /// False: it is no output of a reader, or the sink wants no more.
    bool take(std::string_view bytes);
    /// The last record, once it was there.
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
