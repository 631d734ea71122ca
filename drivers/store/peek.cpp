#include "drivers/store/peek.hpp"

#include "drivers/store/settings_io.hpp"

namespace volt {

std::optional<Settings> peek_settings(const std::string& path) {
    auto db = Connection::open(path, OpenMode::read_only);
    if (!db) return std::nullopt;
    auto settings = read_settings(db.value(), default_settings());
    if (!settings) return std::nullopt;
    return std::move(settings.value());
}

}  // namespace volt
