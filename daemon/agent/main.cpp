// volt-agent: what a language model reads of a site. A process of its own: if it hangs or is taken over, voltd does not notice.
#include <exception>
#include <iostream>

#include "daemon/agent/program.hpp"

int main(int argc, char** argv) {
    try {
        return volt::agent::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "volt-agent: " << error.what() << '\n';
        return 1;
    }
}
