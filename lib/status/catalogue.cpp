#include "lib/status/catalogue.h"

// The assembler reads the file, relative to where make runs; the Makefile knows that this object
// depends on it.
asm(R"(
    .section .rodata
    .global status_catalogue_begin
    .global status_catalogue_end
    status_catalogue_begin:
    .incbin "lib/status/catalogue.toml"
    status_catalogue_end:
    .previous
)");

extern "C" const char status_catalogue_begin[];
extern "C" const char status_catalogue_end[];

namespace monitor::status {

std::string_view catalogue_text() { return {status_catalogue_begin, status_catalogue_end}; }

}  // namespace monitor::status
