#include "daemon/ctl/doctor/check.hpp"

#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/doctor/tables.hpp"

namespace volt::ctl::doctor {

const char* name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok: return "ok";
        case Outcome::warn: return "warn";
        case Outcome::fail: return "fail";
        case Outcome::skipped: return "skipped";
    }
    return "?";
}

const std::vector<std::pair<std::string, std::vector<std::string>>>& catalog() {
    static const Catalog all = [] {
        Catalog made;
        add_machine_names(made);
        add_program_names(made);
        add_device_names(made);
        add_broker_names(made);
        add_output_names(made);
        add_site_names(made);
        add_fleet_names(made);
        return made;
    }();
    return all;
}

}  // namespace volt::ctl::doctor
