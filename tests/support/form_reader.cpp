#include "tests/support/form_reader.h"

#include <stdexcept>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace monitor::tests {

Json read_form(const std::string& form, std::string_view text) {
  const TempDir directory;
  const std::string file = directory / "form";
  write_file(file, text);
  // Debian's own: it has the libraries.
  Process reader({.program = "/usr/bin/python3",
                  .arguments = {source_root() / "tests/support/read_form.py", form, file}});
  if (reader.wait() != 0) {
    throw std::runtime_error(reader.text(Stream::err));
  }
  return Json(reader.text(Stream::out));
}

}  // namespace monitor::tests
