// A file that is in the program as it is.
//
//   EMBED_FILE(catalogue, "lib/status/catalogue.toml")   // outside of any namespace
//   std::string_view text = EMBEDDED(catalogue);
//
// The assembler reads the file, relative to where make runs; no compiler option tells make, so the
// Makefile says which object depends on which files. `name` is the program's: each once.
#pragma once

#include <string_view>

#define EMBED_FILE(name, path)                     \
  asm(".section .rodata\n"                         \
      ".global embedded_" #name                    \
      "_begin\n"                                   \
      ".global embedded_" #name                    \
      "_end\n"                                     \
      "embedded_" #name                            \
      "_begin:\n"                                  \
      ".incbin \"" path                            \
      "\"\n"                                       \
      "embedded_" #name                            \
      "_end:\n"                                    \
      ".previous\n");                              \
  extern "C" const char embedded_##name##_begin[]; \
  extern "C" const char embedded_##name##_end[];

#define EMBEDDED(name) \
  std::string_view { embedded_##name##_begin, embedded_##name##_end }
