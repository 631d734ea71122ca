#include "drivers/mqtt/generic.hpp"
#include "drivers/mqtt/tasmota.hpp"

namespace volt {

std::unique_ptr<Dialect> make_dialect(const OutputConfig& config) {
    if (config.dialect == "tasmota" && config.kind == "relay") return std::make_unique<Tasmota>(config);
    if (config.dialect == "generic") return std::make_unique<Generic>(config);
    return nullptr;
}

}  // namespace volt
