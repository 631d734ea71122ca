// Host for reader_host_test: each reader becomes the program that its words name.
#include <unistd.h>

#include "drivers/documents/reader_host.hpp"

int main() {
    auto words = volt::documents::serve_readers();
    if (!words) return 0;
    std::vector<char*> arguments;
    for (std::string& it : *words) arguments.push_back(it.data());
    arguments.push_back(nullptr);
    ::execv(arguments.front(), arguments.data());
    ::_exit(1);
}
