// open_store with its options, for tests and tools. The daemon uses the one in store.hpp.
#pragma once

#include "drivers/store/store.hpp"
#include "drivers/store/writer/writer.hpp"

namespace volt {

Result<OpenedStore> open_store(const std::string& path, const StoreOptions& options);

}  // namespace volt
