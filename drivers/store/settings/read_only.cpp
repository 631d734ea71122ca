#include "drivers/store/settings/read_only.hpp"

#include <sys/stat.h>

#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/settings/io.hpp"

namespace volt {

Result<std::optional<Settings>> peek_settings(const std::string& path) {
    struct stat file {};
    if (stat(path.c_str(), &file) != 0) return std::optional<Settings>{};
    const auto status = schema_status(path);
    if (!status && status.failure().fault == Fault::refused) return status.failure();
    auto db = Connection::open(path, OpenMode::read_only);
    if (!db) return std::optional<Settings>{};
    auto settings = read_settings(db.value(), default_settings());
    if (!settings) return std::optional<Settings>{};
    return std::optional(std::move(settings.value()));
}

std::string peek_charge_proof(const std::string& path) {
    auto db = Connection::open(path, OpenMode::read_only);
    if (!db) return "";
    Statement query =
        db.value().prepare("SELECT coalesce(json_extract(state, '$.charge_proof.wiring'), '') FROM rule_state WHERE id = 1");
    return query.row() ? query.text(0) : "";
}

}  // namespace volt
