#include "daemon/api/access/qr.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace volt::api {

namespace {

constexpr int margin = 4;  // modules, as the standard requires
constexpr int smallest_version = 0;

}  // namespace

bool QrCode::is_dark(int x, int y) const {
    return x >= 0 && y >= 0 && x < width && y < width && dark[static_cast<std::size_t>(y * width + x)];
}

std::optional<QrCode> make_qr(const std::string& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString8bit(text.c_str(), smallest_version, QR_ECLEVEL_M), QRcode_free);
    if (!made) return std::nullopt;
    QrCode code{made->width, {}};
    const auto modules = static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
    for (std::size_t i = 0; i < modules; ++i) code.dark.push_back((made->data[i] & 1U) != 0);
    return code;
}

std::string svg_of(const QrCode& code) {
    const int size = code.width + 2 * margin;
    std::string path;
    for (int y = 0; y < code.width; ++y)
        for (int x = 0, run = 0; x <= code.width; ++x) {
            if (code.is_dark(x, y)) {
                ++run;
                continue;
            }
            if (run > 0) path += fmt::format("M{} {}h{}v1h-{}z", x - run + margin, y + margin, run, run);
            run = 0;
        }
    return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">)"
                       R"(<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{1}"/></svg>)",
                       size, path);
}

std::string blocks_of(const QrCode& code) {
    constexpr const char* blocks[] = {"█", "▀", "▄", " "};  // by dark half: none, lower, upper, both
    std::string text;
    for (int y = -margin; y < code.width + margin; y += 2) {
        for (int x = -margin; x < code.width + margin; ++x)
            text += blocks[(code.is_dark(x, y) ? 2 : 0) + (code.is_dark(x, y + 1) ? 1 : 0)];
        text += '\n';
    }
    return text;
}

}  // namespace volt::api
