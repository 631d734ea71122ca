#include "drivers/mqtt/esphome.hpp"
#include "drivers/mqtt/generic.hpp"
#include "drivers/mqtt/shelly_gen1.hpp"
#include "drivers/mqtt/shelly_gen2.hpp"
#include "drivers/mqtt/tasmota.hpp"
#include "drivers/mqtt/zigbee2mqtt.hpp"

namespace volt {

std::unique_ptr<Dialect> make_dialect(const OutputConfig& config) {
    if (config.dialect == "generic") return std::make_unique<Generic>(config);
    if (config.dialect == "esphome") return std::make_unique<Esphome>(config);
    if (config.kind != "relay") return nullptr;
    if (config.dialect == "tasmota") return std::make_unique<Tasmota>(config);
    if (config.dialect == "shelly-gen1") return std::make_unique<ShellyGen1>(config);
    if (config.dialect == "shelly-gen2") return std::make_unique<ShellyGen2>(config);
    if (config.dialect == "zigbee2mqtt") return std::make_unique<Zigbee2mqtt>(config);
    return nullptr;
}

}  // namespace volt
