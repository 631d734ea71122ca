#include "drivers/mqtt/esphome.hpp"
#include "drivers/mqtt/generic.hpp"
#include "drivers/mqtt/shelly_gen1.hpp"
#include "drivers/mqtt/shelly_gen2.hpp"
#include "drivers/mqtt/tasmota.hpp"
#include "drivers/mqtt/zigbee2mqtt.hpp"

namespace volt {

std::unique_ptr<Dialect> make_dialect(const OutputConfig& config) {
    const bool relay = config.kind == OutputKind::relay;
    switch (config.dialect) {
        case DialectName::generic: return std::make_unique<Generic>(config);
        case DialectName::esphome: return std::make_unique<Esphome>(config);
        case DialectName::tasmota: return relay ? std::make_unique<Tasmota>(config) : nullptr;
        case DialectName::shelly_gen1: return relay ? std::make_unique<ShellyGen1>(config) : nullptr;
        case DialectName::shelly_gen2: return relay ? std::make_unique<ShellyGen2>(config) : nullptr;
        case DialectName::zigbee2mqtt: return relay ? std::make_unique<Zigbee2mqtt>(config) : nullptr;
    }
    return nullptr;
}

}  // namespace volt
