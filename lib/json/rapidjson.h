// How this folder uses RapidJSON: with the vector instructions that every processor of its kind
// has. All of its .cpp files include RapidJSON through here, so that they agree. Private to
// lib/json.
#pragma once

#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#elif defined(__ARM_NEON)
#define RAPIDJSON_NEON
#endif

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
