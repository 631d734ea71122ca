// open_store with its options, for tests and tools; the daemon uses the one of store.hpp.
#pragma once

#include "drivers/store/store.hpp"
#include "drivers/store/writer/writer.hpp"

namespace volt {

Result<OpenedStore> open_store(const std::string& path, const StoreOptions& options);

}  // namespace volt
