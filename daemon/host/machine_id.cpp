#include "daemon/host/machine_id.hpp"

#include <unistd.h>

#include <array>
#include <fstream>

#include "drivers/crypto.hpp"

namespace volt {

std::string machine_id(const std::string& path) {
    std::ifstream file(path);
    std::string line(64, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    return line.substr(0, line.find_first_of(" \r\n"));
}

std::string host_name() {
    std::array<char, 256> room{};
    return ::gethostname(room.data(), room.size() - 1) == 0 ? room.data() : "";
}

std::string controller_id(const std::string& machine, const std::string& client_id) {
    return sha256_hex(machine + client_id).substr(0, 16);
}

}  // namespace volt
