// A small PDF with lines of text on its pages, for tests that read one.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace volt::testing {

/// Makes a page for each text, with its lines one below the other.
inline std::string pdf_of(const std::vector<std::string>& pages) {
    std::string pdf = "%PDF-1.4\n", kids;
    std::vector<std::size_t> places;
    const auto object = [&](const std::string& body) {
        places.push_back(pdf.size());
        pdf += std::to_string(places.size()) + " 0 obj\n" + body + "\nendobj\n";
    };
    for (std::size_t i = 0; i < pages.size(); ++i) kids += std::to_string(4 + 2 * i) + " 0 R ";
    object("<< /Type /Catalog /Pages 2 0 R >>");
    object("<< /Type /Pages /Kids [" + kids + "] /Count " + std::to_string(pages.size()) + " >>");
    object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    for (std::size_t i = 0; i < pages.size(); ++i) {
        std::string text = "BT /F1 12 Tf 14 TL 50 780 Td";
        for (std::size_t from = 0; from <= pages[i].size();) {
            const std::size_t end = std::min(pages[i].find('\n', from), pages[i].size());
            text += " (" + pages[i].substr(from, end - from) + ") Tj T*";
            from = end + 1;
        }
        text += " ET";
        object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " + std::to_string(5 + 2 * i) +
               " 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
        object("<< /Length " + std::to_string(text.size()) + " >>\nstream\n" + text + "\nendstream");
    }
    const std::size_t table = pdf.size();
    pdf += "xref\n0 " + std::to_string(places.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t place : places)
        pdf += (std::string(10, '0') + std::to_string(place)).substr(std::to_string(place).size()) + " 00000 n \n";
    return pdf + "trailer << /Size " + std::to_string(places.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           std::to_string(table) + "\n%%EOF\n";
}

}  // namespace volt::testing
