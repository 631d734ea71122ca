// voltctl: command for the operator.
#include <exception>
#include <iostream>

#include "daemon/ctl/program.hpp"
#include "daemon/ctl/talk/error_output.hpp"

int main(int argc, char** argv) {
    try {
        return volt::ctl::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "voltctl: " << error.what() << '\n';
        return volt::ctl::exit_failed;
    }
}
