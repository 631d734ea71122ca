// QR codes of short texts, for a phone's camera: as SVG for the page, as blocks for a terminal.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace volt::api {

/// Square code without its margin.
struct QrCode {
    int width = 0;
    std::vector<bool> dark{};  ///< row by row
    /// Returns true if the module is dark. Returns false outside the code.
    bool is_dark(int x, int y) const;
};

/// Returns nothing if the text is too long (over about 2,300 bytes) or memory runs out.
std::optional<QrCode> make_qr(const std::string& text);

/// Returns SVG in any size, dark on white, with the margin that readers need.
std::string svg_of(const QrCode& code);
/// Returns lines of half blocks for a terminal with light text on a dark background, margin included.
std::string blocks_of(const QrCode& code);

}  // namespace volt::api
