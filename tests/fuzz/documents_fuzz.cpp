// Documents and questions as arbitrary bytes: Markdown, text, HTML, the text of a PDF, the records of a reader, a search. Aborts
// if a requirement fails.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/agent/documents/documents.hpp"
#include "daemon/agent/documents/extract.hpp"
#include "daemon/agent/documents/text_passages.hpp"
#include "drivers/documents/pdf.hpp"
#include "drivers/documents/text.hpp"
#include "drivers/store/agent/knowledge_store.hpp"

using namespace volt;
using namespace volt::agent;

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

/// Checks the requirements of a passage from any source.
void check_passage(const Passage& it) {
    require(!it.body.empty() && it.body.size() <= least_passage_bytes + most_table_bytes + 2 * most_paragraph_bytes);
    require(documents::is_valid_utf8(it.body) && documents::is_valid_utf8(it.heading));
    require(it.body.find_first_of(std::string_view("\x1e\x1f\0", 3)) == std::string::npos);
    require(it.line_from >= 1 && it.line_to >= it.line_from);
}

void read_documents(std::string_view bytes) {
    for (const DocumentType type : {DocumentType::markdown, DocumentType::text, DocumentType::html}) {
        std::int64_t last = 0;
        std::string records;
        extract_text(type, bytes, "name", [&](const Passage& it) {
            check_passage(it);
            require(it.line_from >= last);
            last = it.line_from;
            records += record_of(it);
            return true;
        });
        RecordReader reader([&](const Passage& it) {
            check_passage(it);
            return true;
        });
        require(reader.take(records));
    }
    for (const Passage& it : page_passages(documents::pages_of_pdf_text(bytes), "name").passages) check_passage(it);
    RecordReader hostile([](const Passage&) { return true; });
    hostile.take(bytes);
    place_of(std::string(bytes));
}

KnowledgeStore& shelf() {
    static KnowledgeStore store = [] {
        KnowledgeStore made = std::move(KnowledgeStore::open(":memory:", true).value());
        made.put_source({"site", "/", false, 1, false});
        KnowledgeDocument document{.source = "site", .path = "a"};
        made.put_document(document);
        made.add_passage({"Relays", "a relay of the miner switches at 54.5 V", 1, 1});
        made.put_passages(document.id);
        return made;
    }();
    return store;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    read_documents(bytes);
    const KnowledgeQuery query = query_of(bytes, synonyms_in(bytes));
    require(query.words.size() <= most_query_words);
    require(shelf().search(query, {}, 8).ok());
    return 0;
}
