// PDF by poppler's pdftotext: the program, and its text as pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace volt::documents {

/// The text of each page, the first first. Lines at the top or bottom that stand on more than half of the pages (digits count as equal)
/// are left out, and words that a hyphen broke at a line's end are joined. Pure.
std::vector<std::string> pages_of_pdf_text(std::string_view text);

enum class PdfOutcome : std::uint8_t { read, failed, no_program, too_many_pages, too_long };

struct PdfText {
    PdfOutcome outcome = PdfOutcome::read;
    std::string text;    ///< as pdftotext prints it: a form feed ends a page
    std::string reason;  ///< of `failed`: its first line
};

/// The longest text that is read of a PDF.
inline constexpr std::size_t most_pdf_text_bytes = std::size_t{32} << 20;

/// Runs pdftotext (in PATH) with the PDF on descriptor `file`. It is killed with this process.
PdfText run_pdftotext(int file, int most_pages);

}  // namespace volt::documents
