#include "drivers/store/settings/slug.hpp"

namespace volt {

std::string make_slug(std::string_view name) {
    std::string slug;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (upper || kept) slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!slug.empty() && slug.back() != '-') slug += '-';
    }
    if (!slug.empty() && slug.back() == '-') slug.pop_back();
    return slug;
}

}  // namespace volt
