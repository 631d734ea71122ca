// Purity of the rules: they use the standard library's containers and algorithms, and nothing with side effects.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

const std::set<std::string> allowed_headers = {
    "algorithm",   "array",    "bit",         "cassert",       "chrono",  "climits", "compare",  "cstddef", "cstdint",
    "functional",  "iterator", "limits",      "memory",        "new",     "numeric", "optional", "span",    "string",
    "string_view", "tuple",    "type_traits", "unordered_map", "utility", "variant", "vector"};

/// Symbols of the C library that reach clock, files, sockets, threads, randomness or the environment.
const std::set<std::string> forbidden_symbols = {"accept",       "bind",         "clock",     "clock_gettime", "clock_nanosleep",
                                                 "close",        "connect",      "drand48",   "exit",          "fclose",
                                                 "fopen",        "fopen64",      "fork",      "fprintf",       "fputs",
                                                 "fread",        "fwrite",       "getc",      "getenv",        "getrandom",
                                                 "gettimeofday", "gmtime",       "gmtime_r",  "localtime",     "localtime_r",
                                                 "mktime",       "mmap",         "nanosleep", "open",          "open64",
                                                 "poll",         "popen",        "printf",    "putchar",       "puts",
                                                 "rand",         "rand_r",       "random",    "read",          "recv",
                                                 "select",       "send",         "signal",    "sleep",         "snprintf",
                                                 "socket",       "srand",        "syscall",   "syslog",        "system",
                                                 "time",         "timespec_get", "usleep",    "vprintf",       "write"};

/// Parts of mangled names: streams, threads, clocks, random devices, locales; libm differs between machines.
const std::vector<std::string> forbidden_parts = {
    "pthread_", "St6thread",     "chrono3_V2",         "St4cout",        "St4cerr",        "St4clog",    "St3cin",
    "ios_base", "basic_ostream", "basic_istream",      "basic_ifstream", "basic_ofstream", "filesystem", "random_device",
    "mersenne", "St6locale",     "condition_variable", "10shared_ptr",   "St5mutex"};

const std::set<std::string> forbidden_math = {"pow",   "exp",   "log",   "log10", "sin",    "cos", "tan",
                                              "atan2", "round", "floor", "ceil",  "lround", "fmod"};

const std::filesystem::path rules = std::filesystem::path(VOLT_SOURCE_DIR) / "rules";

std::vector<std::filesystem::path> sources() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(rules)) {
        const auto kind = entry.path().extension();
        if (kind == ".hpp" || kind == ".cpp") found.push_back(entry.path());
    }
    return found;
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Returns the code without comments and literals.
std::string code_of(const std::filesystem::path& file) {
    static const std::regex noise(R"(//[^\n]*|"(\\.|[^"\\\n])*")");
    return std::regex_replace(text_of(file), noise, "");
}

std::string output_of(const std::string& command) {
    std::string output;
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
    REQUIRE(pclose(pipe) == 0);
    return output;
}

/// Returns the undefined symbols of the archive, without their version.
std::set<std::string> undefined_symbols(const std::string& archive) {
    std::istringstream lines(output_of("nm -u '" + archive + "'"));
    std::set<std::string> symbols;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind, name;
        if (words >> kind >> name && (kind == "U" || kind == "w")) symbols.insert(name.substr(0, name.find('@')));
    }
    return symbols;
}

}  // namespace

TEST_CASE("purity: includes only allowed standard headers and the rules' own") {
    static const std::regex include(R"(^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"])", std::regex::multiline);
    const auto files = sources();
    REQUIRE(files.size() >= 100);  // a walk that misses a folder would prove nothing
    for (const auto& file : files) {
        const std::string text = text_of(file);
        for (std::sregex_iterator i(text.begin(), text.end(), include), end; i != end; ++i) {
            const std::string name = (*i)[2];
            CAPTURE(file.filename().string());
            CAPTURE(name);
            if ((*i)[1] == "<") CHECK(allowed_headers.count(name) == 1);
            else CHECK(name.rfind("rules/", 0) == 0);
        }
    }
}

TEST_CASE("purity: uses no clock and no floating point") {
    static const std::regex impure(R"(\b(double|float|steady_clock|system_clock|high_resolution_clock|volatile|asm)\b)");
    for (const auto& file : sources()) {
        std::smatch found;
        const std::string code = code_of(file);
        CAPTURE(file.filename().string());
        const bool clean = !std::regex_search(code, found, impure);
        CHECK_MESSAGE(clean, found.str());
    }
}

TEST_CASE("purity: the archive needs no symbol with side effects") {
    const auto symbols = undefined_symbols(std::string(VOLT_BINARY_DIR) + "/rules/librules.a");
    REQUIRE(symbols.size() > 5);
    for (const std::string& symbol : symbols) {
        CAPTURE(symbol);
        CHECK(forbidden_symbols.count(symbol) == 0);
        CHECK(forbidden_math.count(symbol) == 0);
        for (const std::string& part : forbidden_parts) CHECK(symbol.find(part) == std::string::npos);
    }
}
