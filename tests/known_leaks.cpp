// Leaks that LeakSanitizer must not report, in the tests and in the programs they start. One entry, for one library.
//
// libpaho-mqtt3as 1.3.12 loses the memory of commands (their properties and tokens, some 150 bytes each) that are still
// under way when a connection ends: nobody outside of it can free them. Code of ours that leaks is reported as before:
// the entry looks at the library's own calls to malloc.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpaho-mqtt3as.so\n"; }
