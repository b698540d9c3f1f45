#include "store/api/openapi.h"

// The assembler reads the file, relative to where make runs; the Makefile knows that this object
// depends on it.
asm(R"(
    .section .rodata
    .global store_openapi_begin
    .global store_openapi_end
    store_openapi_begin:
    .incbin "store/api/openapi.json"
    store_openapi_end:
    .previous
)");

extern "C" const char store_openapi_begin[];
extern "C" const char store_openapi_end[];

namespace monitor::store {

std::string_view openapi_text() { return {store_openapi_begin, store_openapi_end}; }

}  // namespace monitor::store
