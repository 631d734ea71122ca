// QR codes of short texts, for a phone's camera: as SVG for the page, as blocks for a terminal.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace volt::api {

/// Square, without its margin.
struct QrCode {
    int width = 0;
    std::vector<bool> dark{};  ///< row by row
    /// False outside of it too.
    bool is_dark(int x, int y) const;
};

/// Empty: the text is too long (over about 2,300 bytes), or memory ran out.
std::optional<QrCode> make_qr(const std::string& text);

/// Dark on white with the margin that readers need, in any size.
std::string svg_of(const QrCode& code);
/// Lines of half blocks for a terminal with light text on a dark ground, margin included.
std::string blocks_of(const QrCode& code);

}  // namespace volt::api
