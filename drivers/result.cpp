#include "drivers/result.hpp"

namespace volt {

const char* name_of(Fault fault) {
    switch (fault) {
        case Fault::retry: return "retry";
        case Fault::reconnect: return "reconnect";
        case Fault::unsupported: return "unsupported";
        case Fault::absent: return "absent";
        case Fault::wrong_device: return "wrong device";
        case Fault::refused: return "refused";
    }
    return "?";
}

}  // namespace volt
