#include "drivers/sim/registers.hpp"

namespace volt::sim {

void Image::put_text(int address, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = static_cast<unsigned char>(text[i]);
        const auto low = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
        put(address + static_cast<int>(i / 2), high * 256 + low);
    }
}

}  // namespace volt::sim
