#include "daemon/agent/documents/extract.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <new>
#include <vector>

#include "daemon/agent/documents/text_passages.hpp"
#include "drivers/documents/pdf.hpp"
#include "drivers/documents/reader_host.hpp"
#include "drivers/documents/sandbox.hpp"
#include "drivers/documents/text.hpp"

namespace volt::agent {

namespace {

constexpr char between_fields = '\x1f', end_of_record = '\x1e';
constexpr std::size_t most_record_bytes = std::size_t{64} * 1024, fields_of_passage = 7, fields_of_end = 6;
constexpr const char* type_names[] = {"markdown", "text", "html", "pdf"};
constexpr const char* outcome_names[] = {"read", "empty", "not_text", "no_program", "failed"};

ExtractEnd failed_extract(std::string reason) { return {ExtractOutcome::failed, "", 0, 0, std::move(reason)}; }

ExtractEnd give_passages(PassageList list, std::size_t replaced, const PassageSink& sink) {
    for (const Passage& passage : list.passages)
        if (!sink(passage)) break;
    return {list.passages.empty() ? ExtractOutcome::empty : ExtractOutcome::read, title_of(list.title), 0,
            static_cast<std::int64_t>(replaced), ""};
}

ExtractEnd extract_pdf(int file, int most_pages, const std::string& title, const PassageSink& sink) {
    documents::PdfText read = documents::run_pdftotext(file, most_pages);
    switch (read.outcome) {
        case documents::PdfOutcome::no_program: return {ExtractOutcome::no_program};
        case documents::PdfOutcome::failed: return failed_extract(read.reason);
        case documents::PdfOutcome::too_many_pages: return failed_extract("more than " + std::to_string(most_pages) + " pages");
        case documents::PdfOutcome::too_long:
            return failed_extract("more than " + std::to_string(documents::most_pdf_text_bytes >> 20) + " MB of text");
        case documents::PdfOutcome::read: break;
    }
    const std::vector<std::string> pages = documents::pages_of_pdf_text(read.text);
    ExtractEnd end = give_passages(page_passages(pages, title), 0, sink);
    end.pages = static_cast<std::int64_t>(pages.size());
    return end;
}

std::string standard_input() {
    std::string text;
    std::vector<char> block(std::size_t{256} * 1024);
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(block.data(), static_cast<std::size_t>(got));
    }
}

bool print_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t put = ::write(STDOUT_FILENO, text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

ExtractEnd extract_input(DocumentType type, int most_pages, const std::string& title) {
    const bool pdf = type == DocumentType::pdf;
    const std::string refused = documents::confine(pdf ? documents::Confinement::starts_program : documents::Confinement::alone);
    if (!refused.empty()) return failed_extract("the reader cannot be confined here: " + refused);
    const PassageSink print = [](const Passage& passage) { return print_all(record_of(passage)); };
    try {
        return pdf ? extract_pdf(STDIN_FILENO, most_pages, title, print) : extract_text(type, standard_input(), title, print);
    } catch (const std::bad_alloc&) {
        return failed_extract("more than " + std::to_string(documents::most_reader_bytes >> 20) + " MB of memory");
    }
}

std::vector<std::string_view> fields_of(std::string_view text) {
    std::vector<std::string_view> fields;
    for (std::size_t from = 0;;) {
        const std::size_t end = text.find(between_fields, from);
        fields.push_back(text.substr(from, end - from));
        if (end == std::string_view::npos || fields.size() > fields_of_passage) return fields;
        from = end + 1;
    }
}

bool number_in(std::string_view text, std::int64_t& value) {
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    return wrong == std::errc() && end == text.data() + text.size() && value >= 0;
}

template <class... Fields>
std::string joined_record(const Fields&... fields) {
    std::string text;
    for (const std::string& field : {std::string(fields)...})
        text += (text.empty() ? "" : std::string(1, between_fields)) + field;
    return text + end_of_record;
}

}  // namespace

const char* name_of(DocumentType type) { return type_names[static_cast<std::size_t>(type)]; }

std::optional<DocumentType> document_type(const std::string& name) {
    for (std::size_t i = 0; i < std::size(type_names); ++i)
        if (name == type_names[i]) return static_cast<DocumentType>(i);
    return std::nullopt;
}

std::optional<DocumentType> type_of_file(const std::string& path) {
    std::string end = std::filesystem::path(path).extension().string();
    std::transform(end.begin(), end.end(), end.begin(), [](unsigned char it) { return static_cast<char>(std::tolower(it)); });
    if (end == ".md" || end == ".markdown") return DocumentType::markdown;
    if (end == ".html" || end == ".htm") return DocumentType::html;
    if (end == ".pdf") return DocumentType::pdf;
    return end == ".txt" || end.empty() ? std::optional(DocumentType::text) : std::nullopt;
}

ExtractEnd extract_text(DocumentType type, std::string_view bytes, const std::string& title, const PassageSink& sink) {
    if (type == DocumentType::html) {
        documents::HtmlPage page = documents::read_html(bytes);
        switch (page.outcome) {
            case documents::HtmlOutcome::not_text: return {ExtractOutcome::not_text};
            case documents::HtmlOutcome::no_memory: throw std::bad_alloc();
            case documents::HtmlOutcome::too_long:
                return failed_extract("more than " + std::to_string(documents::most_html_blocks) + " blocks of text");
            case documents::HtmlOutcome::read: break;
        }
        if (page.title.empty()) page.title = title;
        return give_passages(html_passages(page), page.replaced, sink);
    }
    const auto text = documents::decode_text(bytes);
    if (!text) return {ExtractOutcome::not_text};
    return give_passages(type == DocumentType::markdown ? markdown_passages(text->text) : text_passages(text->text),
                         text->replaced, sink);
}

int run_extract() {
    const auto words = documents::serve_readers();
    if (!words) return 0;
    const auto type = words->size() == 3 ? document_type(words->front()) : std::nullopt;
    std::int64_t most_pages = 0;
    if (!type || !number_in(words->at(1), most_pages) || most_pages > 1'000'000) ::_exit(2);
    const bool printed = print_all(record_of(extract_input(*type, static_cast<int>(most_pages), words->at(2))));
    ::_exit(printed ? 0 : 1);  // nothing that runs at an orderly exit is needed, and some of it is forbidden here
}

std::string record_of(const Passage& it) {
    return joined_record("P", it.heading, it.body, std::to_string(it.line_from), std::to_string(it.line_to),
                         std::to_string(it.page), it.fragment);
}

std::string record_of(const ExtractEnd& it) {
    return joined_record("E", outcome_names[static_cast<std::size_t>(it.outcome)], it.title, std::to_string(it.pages),
                         std::to_string(it.replaced), it.reason);
}

bool RecordReader::record(std::string_view text) {
    using documents::clean_text;
    const std::vector<std::string_view> fields = fields_of(text);
    if (end_) return false;
    if (fields[0] == "P" && fields.size() == fields_of_passage) {
        Passage it{clean_text(fields[1], true), clean_text(fields[2]), 0, 0, 0, clean_text(fields[6], true)};
        if (!number_in(fields[3], it.line_from) || !number_in(fields[4], it.line_to) || !number_in(fields[5], it.page))
            return false;
        stopped_ = !sink_(it);
        return !stopped_;
    }
    if (fields[0] != "E" || fields.size() != fields_of_end) return false;
    ExtractEnd end{ExtractOutcome::failed, clean_text(fields[2], true), 0, 0, clean_text(fields[5], true)};
    bool known = false;
    for (std::size_t i = 0; i < std::size(outcome_names); ++i)
        if (fields[1] == outcome_names[i]) end.outcome = static_cast<ExtractOutcome>(i), known = true;
    if (!known || !number_in(fields[3], end.pages) || !number_in(fields[4], end.replaced)) return false;
    end_ = std::move(end);
    return true;
}

bool RecordReader::take(std::string_view bytes) {
    rest_ += bytes;
    std::size_t from = 0;
    for (std::size_t end = rest_.find(end_of_record); end != std::string::npos; end = rest_.find(end_of_record, from)) {
        if (!record(std::string_view(rest_).substr(from, end - from))) return false;
        from = end + 1;
    }
    rest_.erase(0, from);
    return rest_.size() <= most_record_bytes;
}

}  // namespace volt::agent
