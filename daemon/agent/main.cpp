// volt-agent: what a language model reads of a site. A process of its own: if it hangs or is taken over, voltd does not notice.
#include <exception>
#include <iostream>
#include <string_view>

#include "daemon/agent/documents/extract.hpp"
#include "daemon/agent/program.hpp"

int main(int argc, char** argv) {
    try {
        // Not a command for people: the reader of a foreign file, before anything else is made.
        if (argc > 1 && std::string_view(argv[1]) == "extract") return volt::agent::run_extract(argc - 2, argv + 2);
        return volt::agent::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "volt-agent: " << error.what() << '\n';
        return 1;
    }
}
