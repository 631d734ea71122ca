// Runs poppler's pdftotext on a PDF, and splits its text into pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace volt::documents {

/// Returns the text of each page in order. Removes lines at the top or bottom that occur on more than half of the pages (digits
/// count as equal), and joins words hyphenated at a line's end. Pure.
std::vector<std::string> pages_of_pdf_text(std::string_view text);

enum class PdfOutcome : std::uint8_t { read, failed, no_program, too_many_pages, too_long };

struct PdfText {
    PdfOutcome outcome = PdfOutcome::read;
    std::string text;    ///< output of pdftotext: a form feed ends a page
    std::string reason;  ///< for `failed`: its first line
};

/// Maximum length of text read from a PDF.
inline constexpr std::size_t most_pdf_text_bytes = std::size_t{32} << 20;

/// Runs pdftotext (in PATH) with the PDF on descriptor `file`. It is killed with this process.
PdfText run_pdftotext(int file, int most_pages);

}  // namespace volt::documents
